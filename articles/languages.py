"""The language of a text, compared with the language of the page that shows it."""

from django.conf import settings
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext as _

#: The language that articles, categories, and glossary terms are first written in.
ORIGINAL = "en"
#: As written within a sentence.
_NAMES = {
    "en": pgettext_lazy("in a sentence", "English"),
    "es": pgettext_lazy("in a sentence", "Spanish"),
}


def page_language() -> str:
    """Return the language of the current response."""
    return get_language() or settings.LANGUAGE_CODE


def unlike_page(language: str) -> str:
    """Return the language if it has to be marked, because the page has another one; else empty."""
    return "" if language == page_language() else language


def language_name(language: str) -> str:
    """Return the name, such as “English”, in the language of the page."""
    return str(_NAMES.get(language) or get_language_info(language)["name_translated"])


def describe_language(language: str) -> str:
    """Return a phrase such as “in English”, in the language of the page."""
    return _("in %(language)s") % {"language": language_name(language)}


def translated_languages() -> list[tuple[str, str]]:
    """Return the languages that this site translates into, each with its own name."""
    return [(code, name) for code, name in settings.LANGUAGES if code != ORIGINAL]
