"""What only a person can judge: the reviewer says yes to each item before approving."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from articles.checking.results import Check, Level

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _attested(id_: str, source: str, title: "_StrPromise", hint: "_StrPromise") -> Check:
    return Check(id=id_, level=Level.ATTESTED, source=source, title=title, hint=hint)


#: Asked only about a translation.
SAYS_THE_SAME = "says-the-same"

#: What a reviewer says about themselves: no one else’s word counts for it.
INTERESTS_FULL = "interests-full"
#: What new emphasis can change, though no word does.
WEIGHED = frozenset({"harms-weigh", "supports-own-doctor"})
#: What a source that is disputed or replaced can change.
SOURCED = frozenset({"facts-match", "nothing-left-out", "options-current"})

CHECKS = (
    _attested(
        "facts-match",
        "HONcode principles 4 (attribution) and 5 (justifiability)",
        _("I read the sources. Every fact and number matches them."),
        _("Read the full papers, not just the abstracts."),
    ),
    _attested(
        "harms-weigh",
        "CDC Index item 19",
        _("Harms get as much weight as benefits: just as early, just as clear, same people."),
        _("Read it as a hopeful patient would. What would they remember?"),
    ),
    _attested(
        "nothing-left-out",
        "NHS standard for creating health content, point 2",
        _("No newer or conflicting study that I know of is left out."),
        _("Think of stopped trials and guidelines."),
    ),
    _attested(
        "options-current",
        "NHS standard for creating health content, point 2",
        _("The standard options are up to date."),
        _("Approvals and guidelines change. Check the dates."),
    ),
    _attested(
        "supports-own-doctor",
        "HONcode principle 2 (complementarity)",
        _("Nothing in it could lead a reader to stop a medicine or delay care."),
        _("Read it as someone who is tired of taking medicines."),
    ),
    _attested(
        "respectful",
        "NHS content guide, Inclusive content",
        _("It’s respectful and doesn’t blame anyone for being sick."),
        _("People have a disease. They are not “cases.”"),
    ),
    _attested(
        INTERESTS_FULL,
        "HONcode principles 7 (financial disclosure) and 8 (advertising policy)",
        _(
            "I declared all my conflicts of interest, and nothing in it promotes the clinic’s "
            "services."
        ),
        _(
            "Money, stock, studies, and positions in the last three years, yours and close "
            "family’s."
        ),
    ),
    _attested(
        SAYS_THE_SAME,
        "The portal’s own rule (docs/decisions/0034)",
        _("I read both languages well. This says what the original says: no more, no less."),
        _("Read it aloud next to the original. Our other checks of wording read only English."),
    ),
)
