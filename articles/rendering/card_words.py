"""Our own sentences on an evidence card, in the language active while its page is built."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.rendering.certainty import Certainty, Rating
from articles.rendering.not_stated import NotStated, parse_not_stated

Words = str | Promise

KIND_HEADINGS: Mapping[str, Words] = {
    "benefit": gettext_lazy("Benefits"),
    "death": gettext_lazy("Deaths"),
    "harm": gettext_lazy("Other harms"),
}
NOT_STATED: Mapping[NotStated, Words] = {
    NotStated.SUMMARY: gettext_lazy("not stated in the summary"),
    NotStated.PAPER: gettext_lazy("not stated in the full paper"),
}
#: Level of the intervals. Kept out of the sentences, where “% i” would be a placeholder.
_LEVEL = "95%"
#: With fewer people, any figure is far from certain.
_FEW_PEOPLE = 100


def not_stated(words: str) -> str:
    """Return what an editor wrote, or our own wording if it says that something is not stated."""
    silence = parse_not_stated(words)
    return str(NOT_STATED[silence]) if silence else words


def card_heading(number: int, design: Words) -> str:
    return _("Evidence {number}: {design}").format(number=number, design=str(design).lower())


# --- What was tested, on whom, and whether it works -----------------------------------------------

WHAT_WAS_TESTED = gettext_lazy("What was tested")
ON_WHOM = gettext_lazy("On whom")
COMPARISON_GROUP = gettext_lazy("Comparison group")
FOLLOW_UP = gettext_lazy("Follow-up")
SOURCE = gettext_lazy("Source")
DOES_IT_WORK = gettext_lazy("Does it work?")

NO_COMPARISON = gettext_lazy("None. Everyone in the study got the treatment.")
CANNOT_TELL_WITHOUT_COMPARISON = gettext_lazy(
    "This study can’t tell. No one in it went without the treatment."
)
CANNOT_TELL_WITHOUT_PEOPLE = gettext_lazy("This study can’t tell. No people took part in it.")
CANNOT_TELL_FROM_FEW = gettext_lazy("This study can’t tell. Too few people took part.")
COMPARE_THE_GROUPS = gettext_lazy(
    "Compare the groups below, and then read how sure we can be of the difference."
)


def people_who(people: int, whom: str) -> str:
    """Return on whom it was tested: a count, and the editor's words for them if there are any."""
    if whom:
        return _("{people} {whom}").format(people=f"{people:,}", whom=whom)
    return ngettext("{people} person", "{people} people", people).format(people=f"{people:,}")


def comparison(groups: Sequence[tuple[str, int]], *, is_by_chance: bool) -> str:
    """Name the groups and their sizes, and say whether chance decided who was in which."""
    named = ", ".join(f"{name} ({people_who(people, '')})" for name, people in groups)
    if is_by_chance:
        return _("Yes: {groups}. Chance decided who got which.").format(groups=named)
    return _("Yes: {groups}. Chance did not decide who got which.").format(groups=named)


def everyone_also(people: int, what: str) -> str:
    """Return what all groups also got, as a sentence; empty if nothing is written about it."""
    if silence := parse_not_stated(what):
        return _("What else everyone got: {said}.").format(said=NOT_STATED[silence])
    if not what:
        return ""
    return _("All {people} also {what}.").format(people=f"{people:,}", what=what)


def groups_differ() -> str:
    return _("The groups are not the same size.")


def chance_alone() -> str:
    return _("With so few people, chance alone can make the groups look different, or look alike.")


def compare_shares() -> str:
    return _("So compare the numbers per 100, not the shapes.")


# --- Results --------------------------------------------------------------------------------------


def key_words() -> Mapping[str, str]:
    return {
        "benefit": _("Benefit"),
        "harm": _("Harm"),
        "death": _("Death"),
        "none": _("Did not have this result"),
    }


def one_person_each() -> str:
    return _("One shape is one person. Ten make a row.")


def died() -> str:
    """Return the only result that an editor doesn't put into words."""
    return _("Died")


def count_of(count: int, total: int) -> str:
    return _("{count} of {total}").format(count=f"{count:,}", total=f"{total:,}")


def people_word(total: int) -> str:
    """Return the noun that follows a count of people, such as “49 of 81”."""
    return ngettext("person", "people", total)


def died_word(count: int) -> str:
    """Return the verb that follows a count of deaths, such as “4 of 81”."""
    return ngettext("died", "died", count)


def per_hundred(share: str, *, is_exact: bool) -> str:
    if is_exact:
        return _("{share} per 100").format(share=share)
    return _("about {share} per 100").format(share=share)


def under_one_per_hundred() -> str:
    return _("fewer than 1 per 100")


def nearly_all_per_hundred() -> str:
    return _("more than 99 per 100")


def figure_scale(size: str | None, *, is_less_than_one: bool) -> str:
    """`size`: about how many people one shape stands for; None if it is exactly one."""
    if size is None:
        return _("Each shape is 1 person.")
    words = (
        _("Each shape is about 1 person.")
        if size == "1"
        else _("Each shape is about {size} people.").format(size=size)
    )
    if not is_less_than_one:
        return words
    return f"{words} " + _("Fewer people than that had this result, so we show one shape.")


def silence(kind: str, said: NotStated) -> SafeString:
    return format_html(
        _("<strong>{kind}:</strong> {said}. That doesn’t mean there were none."),
        kind=KIND_HEADINGS[kind],
        said=NOT_STATED[said],
    )


def not_filled_in(kind: str) -> str:
    return _("{kind}: not filled in yet").format(kind=KIND_HEADINGS[kind])


# --- Certainty ------------------------------------------------------------------------------------

_CERTAINTY: Mapping[Certainty, tuple[Words, Words]] = {
    Certainty.HIGH: (
        gettext_lazy("High certainty."),
        gettext_lazy("The true effect is very likely close to what was found."),
    ),
    Certainty.MODERATE: (
        gettext_lazy("Moderate certainty."),
        gettext_lazy("The true effect is probably close to what was found, but it may differ."),
    ),
    Certainty.LOW: (
        gettext_lazy("Low certainty."),
        gettext_lazy("The true effect may be quite different from what was found."),
    ),
    Certainty.VERY_LOW: (
        gettext_lazy("Very low certainty."),
        gettext_lazy("The true effect is probably quite different from what was found."),
    ),
}


def certainty_heading() -> str:
    return _("How sure can we be?")


def certainty(rating: Rating) -> tuple[Words, Words]:
    """Return the level, and what it means."""
    return _CERTAINTY[rating.level]


def certainty_because(rating: Rating) -> str:
    """Return why it isn't high, as one sentence; empty if nothing counts against it."""
    if not rating.grounds:
        return ""
    return _("Why: {reasons}.").format(
        reasons="; ".join(str(each.label) for each in rating.grounds)
    )


def rated_by_reviewer() -> str:
    return _("The medical reviewer of this page gave this rating.")


def certainty_not_rated() -> str:
    return _("Not rated. No medical reviewer has rated how certain this evidence is.")


# --- Limits, and exact percentages ----------------------------------------------------------------


def limits_heading() -> str:
    return _("What this study can’t show.")


def can_show(what: Words, *, is_too_small: bool) -> str:
    if is_too_small:
        return _("With many more people, it could show {what}.").format(what=what)
    return _("It can show {what}.").format(what=what)


def cannot_show(what: Words) -> SafeString:
    return format_html(_("<strong>It can’t show</strong> {what}."), what=what)


def exact_summary() -> str:
    return _("Exact percentages, and how far chance could move them")


def kind_of_study() -> str:
    return _("This kind of study:")


def card_caption(number: int) -> str:
    return _("Evidence {number} in percentages").format(number=number)


def column_names() -> tuple[str, str, str, str]:
    return _("Result"), _("Group"), _("Percent"), _interval_name()


def outcome_row(kind: str, what: str) -> str:
    if kind == "benefit":
        return _("Benefit: {what}").format(what=what)
    return _("Harm: {what}").format(what=what) if kind == "harm" else what


def interval(low: str, high: str) -> str:
    return _("{low} to {high}").format(low=low, high=high)


def under(percent: str) -> str:
    return _("under {percent}").format(percent=percent)


def over(percent: str) -> str:
    return _("over {percent}").format(percent=percent)


def explain_interval(people: int) -> str:
    if people < _FEW_PEOPLE:
        return _(
            "{interval}: with so few people, the true figure could be anywhere in this range."
        ).format(interval=_interval_name())
    return _(
        "{interval}: the true figure is probably in this range. The more people in a study, the "
        "narrower the range."
    ).format(interval=_interval_name())


def _interval_name() -> str:
    return _("{level} interval").format(level=_LEVEL)
