"""Rendering of an editor's text to HTML for readers and to plain text for search.

This happens when a page changes, not while a reader waits. It uses no models and no database: it
knows only the text, the library that the text names, and the drawings of the project. The renderer
and its Markdown parser load when first used, because most processes only serve what was rendered
before.
"""

import re
from html import unescape
from typing import TYPE_CHECKING

from articles.content import Content
from articles.rendering.library_snapshot import LibrarySnapshot

if TYPE_CHECKING:
    from articles.rendering.findings import Finding
    from articles.rendering.renderer import RenderedArticle


def render(content: Content, library: LibrarySnapshot) -> "RenderedArticle":
    """Render an article. Never fails or takes long on any text; over the limit, it is empty."""
    from articles.rendering import renderer

    return renderer.render(content, library)


def cited_keys(content: Content) -> tuple[str, ...]:
    """Return every key that the text cites, known or not, in order of first use."""
    from articles.rendering import renderer

    return renderer.cited_keys(content)


def read_findings(content: Content) -> "tuple[Finding, ...]":
    """Return what its evidence cards say."""
    from articles.rendering import renderer

    return renderer.read_findings(content)


def to_html(body: str) -> str:
    """Return safe HTML of a body that names nothing from the library."""
    return render(Content(title="", body=body), LibrarySnapshot()).body_html


def to_text(html: str) -> str:
    """Return the words of rendered HTML, without tags and with whitespace folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
