"""Tokens to HTML that is safe whatever the text was.

Raw HTML in a text stands as text (`html=False`), and what comes out is cleaned again by nh3, so
that a fault in one of the two is not yet a hole. What the portal itself makes, such as a card, is
put in afterwards, at marks that carry a random number: nobody who writes a text can know them.
"""

import re
import secrets
from collections.abc import Sequence

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from articles.rendering import words

_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
    "td": {"class"},
    "th": {"class", "scope"},
}
_FRAGMENT = "fragment"


def html_token(html: SafeString) -> Token:
    """A token that stands for HTML of our own making."""
    return Token(_FRAGMENT, "", 0, content=html)


def clean_html(tokens: Sequence[Token]) -> SafeString:
    """Web, mail and phone links only; nothing that runs, loads or styles."""
    kept: list[str] = []
    mark = f"fragment-{secrets.token_hex(16)}-"
    rendered = _renderer.render(tokens, _OPTIONS, {"kept": kept, "mark": mark})
    cleaned = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return SafeString(re.sub(rf"{mark}(\d+)\.", lambda found: kept[int(found[1])], cleaned))


class _Renderer(RendererHTML):
    """Tables in a box that scrolls by keyboard."""

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        env["tables"] = env.get("tables", 0) + 1
        label = words.table_label(env["tables"])  # regions on one page need names of their own
        return format_html(
            '<div class="table" role="region" tabindex="0" aria-label="{}">\n<table>\n', label
        )

    def table_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table>\n</div>\n"

    def th_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<th scope="col">'

    def td_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "<td>"

    def fragment(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        env["kept"].append(tokens[index].content)
        return f"{env['mark']}{len(env['kept']) - 1}."


_renderer = _Renderer()
_OPTIONS = OptionsDict({
    "maxNesting": 20, "html": False, "linkify": False, "typographer": False, "quotes": "“”‘’",
    "xhtmlOut": False, "breaks": False, "langPrefix": "language-", "highlight": None,
})  # fmt: skip
