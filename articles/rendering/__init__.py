"""What an editor writes to the HTML that readers get, and to the plain text that search reads.

Done when a page changes, never while a reader waits. No model, no database, no setting: the text
and the library that it names are all it knows. The renderer and its parser of Markdown load when
they are first used: most processes only hand out what was rendered before.
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
    """Whatever the text says, this neither fails nor takes long; over the limit it is empty."""
    from articles.rendering import renderer

    return renderer.render(content, library)


def cited_keys(content: Content) -> tuple[str, ...]:
    """Every key that the words name, known or not, first use first."""
    from articles.rendering import renderer

    return renderer.cited_keys(content)


def read_findings(content: Content) -> "tuple[Finding, ...]":
    """What its cards say."""
    from articles.rendering import renderer

    return renderer.read_findings(content)


def to_html(body: str) -> str:
    """Safe HTML of a body that names nothing of the library."""
    return render(Content(title="", body=body), LibrarySnapshot()).body_html


def to_text(html: str) -> str:
    """The words of rendered HTML, without its tags, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
