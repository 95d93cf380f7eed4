"""Markdown to the HTML that readers get, and to the plain text that search reads.

Done when an article is saved, never while a reader waits. Raw HTML in a body stands as text
(`html=False`), and what comes out is cleaned again by nh3, so that a fault in one of the two is not
yet a hole.
"""

import re
from dataclasses import dataclass
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from articles.content import Content
from articles.rendering.library import Library

_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "ol": {"start"},
    "td": {"class"},
    "th": {"class", "scope"},
}


class _Renderer(RendererHTML):
    """Tables in a box that scrolls by keyboard; headings below the page's own h1."""

    def table_open(
        self, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        env["tables"] = env.get("tables", 0) + 1
        label = f"Table {env['tables']}"  # regions on one page need names of their own
        return f'<div class="table" role="region" tabindex="0" aria-label="{label}">\n<table>\n'

    def table_close(
        self, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return '<th scope="col">'

    def td_open(self, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "<td>"

    def heading_open(
        self, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"<{_below_h1(tokens[index].tag)}>"

    def heading_close(
        self, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"</{_below_h1(tokens[index].tag)}>\n"


def _below_h1(tag: str) -> str:
    return {"h1": "h2", "h5": "h4", "h6": "h4"}.get(tag, tag)


_markdown = MarkdownIt(
    "commonmark", {"html": False, "typographer": False, "maxNesting": 20}, renderer_cls=_Renderer
)
_markdown.enable("table").disable("image")


def to_html(body: str) -> str:
    """Safe HTML of a Markdown body; web, mail and phone links only."""
    return nh3.clean(
        _markdown.render(body),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def to_text(html: str) -> str:
    """The words of rendered HTML, without its tags, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@dataclass(frozen=True, kw_only=True)
class Rendered:
    key_points_html: str
    body_html: str
    contents: tuple[tuple[str, int, str], ...]
    references_html: str
    words_html: str
    cited: tuple[str, ...]
    terms: tuple[str, ...]
    pictures: tuple[str, ...]
    minutes: int
    text: str


def cited_keys(content: Content) -> tuple[str, ...]:
    found = re.findall(r"@([a-z][a-z0-9-]*)", content.key_points + "\n" + content.body)
    return tuple(dict.fromkeys(found))


def render(content: Content, library: Library) -> Rendered:
    html = to_html(content.body)
    return Rendered(
        key_points_html="",
        body_html=html,
        contents=(),
        references_html="",
        words_html="",
        cited=tuple(key for key in cited_keys(content) if key in library.sources),
        terms=(),
        pictures=(),
        minutes=1,
        text=to_text(html),
    )
