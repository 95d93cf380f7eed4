"""In which language something is written, beside that of the page that shows it."""

from django.conf import settings
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext as _

#: What articles, categories and words of the glossary are written in first.
ORIGINAL = "en"
#: As they stand in a sentence.
_NAMES = {
    "en": pgettext_lazy("in a sentence", "English"),
    "es": pgettext_lazy("in a sentence", "Spanish"),
}


def page_language() -> str:
    """That of the answer that is being made."""
    return get_language() or settings.LANGUAGE_CODE


def unlike_page(language: str) -> str:
    """The language, to be marked where the page around it is in another one; else empty."""
    return "" if language == page_language() else language


def language_name(language: str) -> str:
    """“English”, as the language of the page calls it."""
    return str(_NAMES.get(language) or get_language_info(language)["name_translated"])


def describe_language(language: str) -> str:
    """“in English”, in the language of the page."""
    return _("in %(language)s") % {"language": language_name(language)}


def translated_languages() -> list[tuple[str, str]]:
    """The languages of this site that things are translated into, each with its own name."""
    return [(code, name) for code, name in settings.LANGUAGES if code != ORIGINAL]
