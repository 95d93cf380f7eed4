"""Our own sentences on an article's page, in the language of its text.

They are translated while a page is built, so that they are in the language active at that time.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.rendering.library_snapshot import Standing
from articles.rendering.not_stated import NotStated, parse_not_stated

Words = str | Promise

# --- Evidence cards -------------------------------------------------------------------------------

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


def card_caption(number: int) -> str:
    return _("Evidence {number} in numbers").format(number=number)


def can_show(what: Words, *, is_too_small: bool) -> str:
    if is_too_small:
        return _("With many more people, it could show {what}.").format(what=what)
    return _("It can show {what}.").format(what=what)


def cannot_show(what: Words) -> SafeString:
    return format_html(_("<strong>It can’t show</strong> {what}."), what=what)


def fact_names() -> tuple[str, str, str]:
    return _("People"), _("Follow-up"), _("Source")


def silence(kind: str, said: NotStated) -> SafeString:
    return format_html(
        _("<strong>{kind}:</strong> {said}. That doesn’t mean there were none."),
        kind=KIND_HEADINGS[kind],
        said=NOT_STATED[said],
    )


def not_filled_in(kind: str) -> str:
    return _("{kind}: not filled in yet").format(kind=KIND_HEADINGS[kind])


def key_words() -> tuple[str, str]:
    return _("Had this result"), _("Did not")


def column_names() -> tuple[str, str, str, str, str]:
    return _("Result"), _("Group"), _("People"), _("Percent"), _interval_name()


def died() -> str:
    """Return the only result that an editor doesn't put into words."""
    return _("Died")


def outcome_row(kind: str, what: str) -> str:
    if kind == "benefit":
        return _("Benefit: {what}").format(what=what)
    return _("Harm: {what}").format(what=what) if kind == "harm" else what


def count_of(count: int, total: int) -> str:
    return _("{count} of {total}").format(count=f"{count:,}", total=f"{total:,}")


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


def limits_heading() -> str:
    return _("What this study can’t show.")


def everyone_also(people: int, what: str) -> str:
    """Return what all groups also got, as a sentence; empty if nothing is written about it."""
    if silence := parse_not_stated(what):
        return _("What else everyone got: {said}.").format(said=NOT_STATED[silence])
    if not what:
        return ""
    return _("All {people} also {what}.").format(people=f"{people:,}", what=what)


# --- Numbers --------------------------------------------------------------------------------------


def proportion(count: int, total: int, percent: str, interval: str) -> str:
    return ngettext(
        "{count} of {total} person, {percent}; {level} interval {interval}",
        "{count} of {total} people, {percent}; {level} interval {interval}",
        total,
    ).format(
        count=f"{count:,}", total=f"{total:,}", percent=percent, level=_LEVEL, interval=interval
    )


def interval(low: str, high: str) -> str:
    return _("{low} to {high}").format(low=low, high=high)


def under(percent: str) -> str:
    return _("under {percent}").format(percent=percent)


def over(percent: str) -> str:
    return _("over {percent}").format(percent=percent)


def figure_scale(size: str | None, *, is_less_than_one: bool) -> str:
    """`size`: about how many people one figure stands for; None if it is exactly one."""
    if size is None:
        return _("Each figure stands for 1 person.")
    words = (
        _("Each figure stands for about 1 person.")
        if size == "1"
        else _("Each figure stands for about {size} people.").format(size=size)
    )
    if not is_less_than_one:
        return words
    return f"{words} " + _("Fewer people than that had this result, so we show one figure.")


def group_comparison(first: str, others: list[str], *, are_too_few: bool) -> str:
    against = _(" and ").join(others)
    if are_too_few:
        words = _("{first} people compared with {others}: too few to tell.")
    else:
        words = _("{first} people compared with {others}.")
    return words.format(first=first, others=against)


def groups_differ() -> str:
    return _("The groups are not the same size.")


def chance_alone() -> str:
    return _("With so few people, chance alone can make the groups look different, or look alike.")


def compare_percentages() -> str:
    return _("So compare the percentages, not how many figures are filled in.")


def table_label(number: int) -> str:
    """Label a table in the text. Only people with a screen reader need this."""
    return _("Table {number}").format(number=number)


# --- Sources --------------------------------------------------------------------------------------

STANDINGS: Mapping[Standing, tuple[Words, Words]] = {
    Standing.DISPUTED: (
        gettext_lazy("Disputed."),
        gettext_lazy("Others have questioned this source."),
    ),
    Standing.SUPERSEDED: (
        gettext_lazy("Out of date."),
        gettext_lazy("A newer source has replaced it."),
    ),
    Standing.RETRACTED: (
        gettext_lazy("Withdrawn."),
        gettext_lazy("This source was retracted. Do not rely on it."),
    ),
}


def sources_heading() -> str:
    return _("Sources")


def and_others(names: SafeString, *, is_one: bool) -> SafeString:
    if is_one:
        return format_html(_("{name} and others"), name=names)
    return format_html(_("{names}, and others"), names=names)


def not_linked() -> str:
    return _("We don’t have a web address for this. Search for the title, or ask a librarian.")


def source_missing(key: str) -> str:
    return _("[source missing: {key}]").format(key=key)


def source_label(number: int, name: str) -> str:
    return _("Source {number}: {name}").format(number=number, name=name)


def see_number(number: int, name: str) -> SafeString:
    return format_html(
        _('See <a href="#source-{number}">source {number}: {name}</a>.'), number=number, name=name
    )


def see_title(name: str, title: str) -> str:
    return _("See {name}: {title}.").format(name=name, title=title)


def back_to_text(place: SafeString) -> SafeString:
    """`place` holds the links, one for each place that cites it."""
    return format_html(_("Back to the text: {place}"), place=place)


def place_label(use: int, uses: int, number: int) -> str:
    return _("Citation {use} of {uses} for source {number}").format(
        use=use, uses=uses, number=number
    )


# --- Medical words, pictures ----------------------------------------------------------------------


def glossary_heading() -> str:
    return _("Medical words explained")


def back_link() -> str:
    return _("Back to the text")


def back_label(word: str) -> str:
    return _("Back to the text: {word}").format(word=word)


def picture_credit(credit: str) -> str:
    return _("Image: {credit}").format(credit=credit)


def picture_withdrawn() -> str:
    return _("We removed a picture that was here.")
