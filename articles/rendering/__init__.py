"""What an editor writes to the HTML that readers get, and to the plain text that search reads.

Done when a page changes, never while a reader waits. No model, no database, no setting: the text
and the library that it names are all it knows.
"""

import re
from html import unescape

from articles.content import Content
from articles.rendering.library_snapshot import LibrarySnapshot
from articles.rendering.renderer import Heading, RenderedArticle, cited_keys, read_findings, render

__all__ = [
    "Heading",
    "RenderedArticle",
    "cited_keys",
    "read_findings",
    "render",
    "to_html",
    "to_text",
]


def to_html(body: str) -> str:
    """Safe HTML of a body that names nothing of the library."""
    return render(Content(title="", body=body), LibrarySnapshot()).body_html


def to_text(html: str) -> str:
    """The words of rendered HTML, without its tags, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
