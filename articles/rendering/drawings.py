"""Drawings of the project's own: `![](drawing:kidney)` shows one.

Each is an inline SVG from a template, so its colors follow the page, its words follow the language,
and no second file is loaded. A drawing that comes to mean something else gets another name, because
pages that show it were reviewed as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.rendering.drawing_words import DRAWING_TEXTS, IN_WORDS

_WIDTH = 320


@dataclass(frozen=True, kw_only=True)
class Drawing:
    height: int
    #: Keys of the sources of what it shows. They are cited below it.
    sources: tuple[str, ...] = ()


DRAWINGS: Mapping[str, Drawing] = {
    "kidney": Drawing(height=448),
    "lupus-nephritis": Drawing(height=416),
    "donor-cells": Drawing(height=422),
    "comparison-group": Drawing(height=396),
    "two-studies": Drawing(height=386, sources=("gu-2014", "deng-2017")),
}


def render_drawing(name: str, *, citations: SafeString) -> SafeString:
    """Return the figure. `citations` mark its sources, if it has any."""
    text = DRAWING_TEXTS[name]
    return format_html(
        '<figure class="drawing">\n'
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-labelledby="drawing-{}" fill="none" stroke-linecap="round"'
        ' stroke-linejoin="round">{}</svg>\n'
        '<figcaption><span id="drawing-{}">{}</span>{}\n'
        "<details>\n<summary>{}</summary>\n<p>{}</p>\n</details>\n</figcaption>\n</figure>\n",
        _WIDTH,
        DRAWINGS[name].height,
        _WIDTH,
        DRAWINGS[name].height,
        name,
        _art(name),
        name,
        text.title,
        citations,
        IN_WORDS,
        text.words,
    )


def _art(name: str) -> SafeString:
    """Return the shapes and labels, with white space folded: it would be sent with every page."""
    drawn = render_to_string(f"articles/drawings/{name}.html")
    return SafeString(" ".join(drawn.split()).replace("> <", "><"))
