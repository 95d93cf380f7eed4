"""Our own sentences on an article's page, in the language of its text.

They are translated while a page is built, so that they are in the language active at that time.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.rendering.library_snapshot import Standing

Words = str | Promise

# --- Tables ---------------------------------------------------------------------------------------


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


def back_to_text() -> str:
    return _("Back to the text")


def back_to_text_label(number: int) -> str:
    return _("Back to the text, where source {number} comes first").format(number=number)


# --- Medical words, pictures ----------------------------------------------------------------------


def glossary_heading() -> str:
    return _("Medical words explained")


def close_word() -> str:
    return _("Close")


def picture_credit(credit: str) -> str:
    return _("Image: {credit}").format(credit=credit)


def picture_withdrawn() -> str:
    return _("We removed a picture that was here.")
