"""Words within a drawing."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

#: From one line to the next, in the drawing's own units.
_LINE = 19


@register.simple_tag
def label(x: int, y: int, words: str, kind: str = "") -> SafeString:
    """Return the words from that point on, on a new line after each “|”.

    SVG doesn't wrap lines, and each language breaks at another word. `kind` is a CSS class, such as
    “middle” for words centered on the point.
    """
    lines = ((x, y + place * _LINE, line) for place, line in enumerate(words.split("|")))
    return format_html(
        "<text{}>{}</text>",
        format_html(' class="{}"', kind) if kind else "",
        format_html_join("", '<tspan x="{}" y="{}">{}</tspan>', lines),
    )
