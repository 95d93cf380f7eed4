"""Marking of text that is in another language than the page around it."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from articles.languages import describe_language, language_name

register = template.Library()
register.filter("in_language", describe_language)
register.filter("named_language", language_name)

#: What people write to declare that they have nothing to declare.
_NONE = {"none", "no", "nothing", "ninguno", "ninguna", "nada"}


@register.filter
def says_none(interests: str) -> bool:
    return interests.strip(" .").lower() in _NONE


@register.simple_tag
def marked(text: str, lang: str) -> SafeString:
    """Return the text, inside its own element if `lang` says that it is in another language."""
    if not lang:
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', lang, text)
