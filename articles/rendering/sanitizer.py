"""Conversion of tokens to HTML that is safe whatever the text was.

Raw HTML in a text is shown as text (`html=False`), and the output is cleaned again by nh3, so that
a bug in only one of them is not a vulnerability. HTML from the portal itself, such as a card, is
inserted afterward at markers with a random number, which no author of a text can know.
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
    """Return a token that stands for our own HTML."""
    return Token(_FRAGMENT, "", 0, content=html)


def clean_html(tokens: Sequence[Token]) -> SafeString:
    """Return HTML with web, mail, and phone links only, and nothing that runs, loads, or styles."""
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
    """Puts tables in a box that can be scrolled by keyboard."""

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        env["tables"] = env.get("tables", 0) + 1
        label = words.table_label(env["tables"])  # regions on one page need different names
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
