"""What only a person can judge: the reviewer says yes to each before she approves."""

from articles.checking.results import Check, Level


def _attested(id_: str, source: str, title: str, hint: str) -> Check:
    return Check(id=id_, level=Level.ATTESTED, source=source, title=title, hint=hint)


#: Asked about a translation alone.
SAYS_THE_SAME = "says-the-same"

CHECKS = (
    _attested(
        "facts-match",
        "HONcode principles 4 (attribution) and 5 (justifiability)",
        "I have read the sources, and every fact and number is what they say",
        "Read the full papers, not only their abstracts.",
    ),
    _attested(
        "harms-weigh",
        "CDC Index item 19",
        "Harms have the weight of benefits: as early, as plain, among the same people",
        "Read it as somebody who hopes. What would she remember?",
    ),
    _attested(
        "nothing-left-out",
        "NHS standard for creating health content, point 2",
        "No later or contrary study that I know of is left out",
        "Think of trials that were stopped, and of guidelines.",
    ),
    _attested(
        "options-current",
        "NHS standard for creating health content, point 2",
        "The standard options are those of today",
        "Approvals and guidelines change: check the dates.",
    ),
    _attested(
        "supports-her-doctor",
        "HONcode principle 2 (complementarity)",
        "Nothing in it leads a reader to stop a medicine or to put off care",
        "Read it as somebody who is tired of her medicines.",
    ),
    _attested(
        "respectful",
        "NHS content guide, Inclusive content",
        "It speaks of people with respect, and blames nobody for being ill",
        "People have a disease; they are not cases of it.",
    ),
    _attested(
        "interests-full",
        "HONcode principles 7 (financial disclosure) and 8 (advertising policy)",
        "My interests are declared in full, and nothing in it sells what the clinic offers",
        "Money, shares, studies and posts of the last three years, of close family too.",
    ),
    _attested(
        SAYS_THE_SAME,
        "The portal’s own rule (decision 34)",
        "I read both languages well, and this says what the original says: no more, no less",
        "Read it aloud beside the original. Our other checks of wording read English only.",
    ),
)
