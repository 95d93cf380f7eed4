"""Markdown to HTML: what may come out, and what never does."""

import re
import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from articles.rendering import to_html, to_text


def test_headings_start_below_the_pages_own() -> None:
    assert to_html("# A\n\n## B\n\n##### C") == (
        '<h2 id="on-a">A</h2>\n<h2 id="on-b">B</h2>\n<h4 id="on-c">C</h4>\n'
    )


def test_a_table_can_be_scrolled_by_keyboard() -> None:
    soup = BeautifulSoup(to_html("| a | b |\n|---|--:|\n| 1 | 2 |"), "html.parser")
    box = soup.select_one("div.table")
    assert box
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("region", "0", "Table 1")
    assert [cell["scope"] for cell in box.select("th")] == ["col", "col"]
    assert box.select_one("td").text == "1"  # type: ignore[union-attr]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](https://elsewhere.example/x.png)",
    "![a](javascript:alert(1))",
    "<javascript:alert(1)>",
    '[a](https://a.example "x\\" onmouseover=\\"alert(1)")',
    "<a href='x' onclick='alert(1)'>a</a>",
    "<iframe src=//elsewhere.example></iframe>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<form action=//elsewhere.example><input></form>",
    "[a]: javascript:alert(1)\n\n[a]",
    "`<script>`\n\n    <script>alert(1)</script>",
    "| <script> | [a](vbscript:x) |\n|---|---|\n| a | b |",
]


def _assert_nothing_live(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all():
        assert tag.name in {
            *("a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "hr", "li", "ol"),
            *("p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr"),
            "ul",
        }
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        # As browsers read a scheme (WHATWG URL): they drop tabs and line ends first.
        href = re.sub(r"[\t\r\n]", "", str(tag.get("href", ""))).strip()
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", href, re.IGNORECASE)
        assert not scheme or scheme[1].lower() in {"https", "http", "mailto", "tel"}


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_hostile_stays_alive(body: str) -> None:
    _assert_nothing_live(to_html(body))


@given(st.lists(st.sampled_from([*HOSTILE, "\n\n", "> ", "- ", "*", "[", "](", "<", "&#"])))
def test_nothing_hostile_stays_alive_in_company(parts: list[str]) -> None:
    _assert_nothing_live(to_html("".join(parts)))


@pytest.mark.parametrize("body", ["[" * 100_000, "> " * 50_000, "*" * 100_000, "`a" * 50_000])
def test_a_bomb_of_brackets_ends(body: str) -> None:
    started_at = time.monotonic()
    to_html(body)
    # Not a measure of speed: what grows with the square would take an hour.
    assert time.monotonic() - started_at < 60


def test_the_words_alone() -> None:
    assert to_text(to_html("## Salt & *water*\n\n- one\n- two")) == "Salt & water one two"
