"""Rendering Markdown to HTML: what may be in the output, and what never is."""

import re
import secrets
import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from articles.content import MAX_BODY_LENGTH, Content
from articles.rendering import to_html, to_text
from articles.rendering.document import read_document
from articles.rendering.library_snapshot import GlossaryEntry, LibrarySnapshot, Picture, Source
from articles.rendering.renderer import RenderedArticle, render
from tests.articles.rendering.test_findings import ONE_GROUP

#: The sources that it cites are hostile as well.
LIBRARY = LibrarySnapshot(
    sources={
        "a-1": Source(key="a-1", title="<script>alert(1)</script>", authors='" onclick="x', year=1)
    },
    terms=(GlossaryEntry(slug="script", name="script", definition="<script>alert(1)</script>"),),
    pictures={
        "cells": Picture(
            name="cells",
            width=800,
            height=600,
            srcsets={
                "image/avif": "/images/cells.avif 800w",
                "image/webp": "/images/cells.webp 800w",
            },
            src="/images/cells.jpg",
            credit='<b onclick="x">A. Person</b>',
        )
    },
)


def _render(body: str, key_points: str = "") -> RenderedArticle:
    return render(Content(title="", body=body, key_points=key_points), LIBRARY)


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


OURS = {
    *(
        "a",
        "blockquote",
        "br",
        "button",
        "caption",
        "cite",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
    ),
    *("figure", "h2", "h3", "h4", "h5", "hr", "img", "li", "ol", "p", "path", "picture", "pre"),
    *("section", "small", "source", "span", "strong", "sub", "sup", "svg", "table", "tbody"),
    *("td", "th", "thead", "tr", "ul", "details", "summary"),
    *("circle", "ellipse", "g", "rect", "text", "tspan", "use"),
}


def _assert_nothing_live(page: RenderedArticle) -> None:
    soup = BeautifulSoup(
        page.key_points_html + page.body_html + page.references_html + page.glossary_html,
        "html.parser",
    )
    for tag in soup.find_all():
        assert tag.name in OURS
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert tag.get("src", "/images/cells.jpg") == "/images/cells.jpg"
        assert str(tag.get("srcset", "/images/")).startswith("/images/")
        # Browsers drop tabs and line ends before they read a scheme (WHATWG URL).
        href = re.sub(r"[\t\r\n]", "", str(tag.get("href", ""))).strip()
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", href, re.IGNORECASE)
        assert not scheme or scheme[1].lower() in {"https", "http", "mailto", "tel"}
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markup_is_neutralized(body: str) -> None:
    _assert_nothing_live(_render(body, body))


OF_THE_FORMAT = [
    *("[@a-1]", "[@b-2; @a-1]", "[@<script>]", "![<script>](image:cells)", "![](image:nothing)"),
    "\n::: more <b onclick=x>\n",
    *('![a](image:cells "<b onclick=x>")', "::: caution\n", "::: <script>\n", ":::\n"),
    *("## script\n", "\n\n![](drawing:kidney)\n\n", "![<b>](drawing:two-studies)"),
    *(f"\n```finding\n{ONE_GROUP}```\n", "\n```finding\n<script>\n```\n", "fragment-0.", "\ud800"),
]  # fmt: skip


@given(
    st.lists(
        st.sampled_from([*HOSTILE, *OF_THE_FORMAT, "\n\n", "> ", "- ", "*", "[", "](", "<", "&#"])
    )
)
def test_combined_hostile_markup_is_neutralized(parts: list[str]) -> None:
    _assert_nothing_live(_render("".join(parts), "".join(parts)))


def test_authors_cannot_request_internal_fragments(monkeypatch: pytest.MonkeyPatch) -> None:
    # Even someone who knew one page's number could not predict the next page's.
    seen: list[str] = []
    token_hex = secrets.token_hex

    def watched(size: int) -> str:
        seen.append(token_hex(size))
        return seen[-1]

    monkeypatch.setattr(secrets, "token_hex", watched)
    _render("[@a-1]")
    forged = "".join(f"fragment-{mark}-0. " for mark in ["", *seen])
    page = _render(f"fragment-0. {forged} [@a-1]")
    assert page.body_html.count("<sup") == 1
    assert len(set(seen)) == len(seen)


FULL = MAX_BODY_LENGTH


@pytest.mark.parametrize(
    "body",
    [
        *("[" * 100_000, "> " * 50_000, "*" * 100_000, "`a" * 50_000, "[@" * 50_000),
        *("::: caution\n" * (FULL // 12), ":::" * (FULL // 3), "```finding\n" * (FULL // 11)),
        *("```finding\na: [[[[[[\n```\n" * 2_000, "#\n" * 20_000, ". " + " " * (FULL - 9) + "a"),
        *("|" * FULL, "." * (FULL - 2) + ".a", "**a " * 12_000 + " a**" * 12_000, "a " * 2_500_000),
    ],
)
def test_rendering_a_markdown_bomb_finishes(body: str) -> None:
    started_at = time.monotonic()
    _render(body)
    # This does not measure speed: quadratic time would take an hour.
    assert time.monotonic() - started_at < 60


def test_headings_are_listed_and_can_be_linked_to() -> None:
    page = _render("# Über *a* [@a-1]\n\n## Über a\n\n#### Deep\n\n::: caution\n## In\nA.\n:::")
    assert [(each.id, each.level, each.title) for each in page.contents] == [
        ("on-über-a", 2, "Über a"),
        ("on-über-a-2", 2, "Über a"),
        ("part-caution", 2, "What regulators say"),
        ("on-in", 3, "In"),
    ]
    soup = BeautifulSoup(page.body_html, "html.parser")
    assert {each.id for each in page.contents} <= {str(each["id"]) for each in soup.select("[id]")}


def test_a_part_is_a_section_with_its_own_heading() -> None:
    soup = BeautifulSoup(_render("::: caution\nBeware.\n:::\n\nAfter.").body_html, "html.parser")
    part = soup.section
    assert part
    assert part["aria-labelledby"] == "part-caution"
    assert part.h2
    assert part.h2.text == "What regulators say"
    assert part.p
    assert part.p.text == "Beware."
    assert "After." not in part.text


def test_red_flags_are_in_the_box_of_the_whole_site() -> None:
    page = _render("::: emergency\nCall 911 for chest pain.\n:::")
    box = BeautifulSoup(page.body_html, "html.parser").select_one("section.emergency")
    assert box
    assert box.h2
    assert box.h2.text == "When to get medical help right away"
    assert [each.id for each in page.contents] == ["part-emergency"]


def test_what_is_for_those_who_want_it_is_closed_under_its_title() -> None:
    page = _render("::: more How it was <done>\n## Then\nA.\n:::\n\n::: more\nB.\n:::")
    first, second = BeautifulSoup(page.body_html, "html.parser").select("details.more")
    assert first.summary
    assert second.summary
    assert (first.summary.text, second.summary.text) == ("How it was <done>", "More about this")
    assert not first.has_attr("open")
    assert first.h3, "it has no section of its own"
    assert "How it was <done>" in page.text, "search finds it, and checks read it"


def test_nothing_is_closed_within_a_part() -> None:
    body = ":::: caution\nA.\n\n::: more\nB.\n:::\n::::"
    page = _render(body)
    assert "<details" not in page.body_html
    assert "B." in page.body_html
    [fault] = read_document(body).faults
    assert "has to be on its own" in fault.reason


def test_an_unknown_part_keeps_all_its_text() -> None:
    soup = BeautifulSoup(_render("::: cautoin\nBeware.\n:::").body_html, "html.parser")
    assert not soup.section
    assert "::: cautoin" in soup.text
    assert "Beware." in soup.text


def test_a_library_picture_is_shown_with_its_credit() -> None:
    page = _render('![Two *cells*](image:cells "Seen at night.")')
    figure = BeautifulSoup(page.body_html, "html.parser").select_one("figure.picture")
    assert figure
    assert not figure.find_parent("p")
    assert [str(each["type"]) for each in figure.select("source")] == ["image/avif", "image/webp"]
    image = figure.img
    assert image
    assert (image["alt"], image["width"], image["height"]) == ("Two cells", "800", "600")
    assert image["loading"] == "lazy"
    assert figure.figcaption
    assert figure.figcaption.text == 'Seen at night. Image: <b onclick="x">A. Person</b>'
    assert page.pictures == ("cells",)


def test_decorative_pictures_are_silent_and_inline_pictures_stay_inline() -> None:
    soup = BeautifulSoup(
        _render('A ![words](image:cells "decorative") b.').body_html, "html.parser"
    )
    assert soup.p
    assert soup.p.img
    assert soup.p.img["alt"] == ""
    assert "decorative" not in soup.text


@pytest.mark.parametrize("target", ["https://elsewhere.example/x.png", "image:nothing", "/x.png"])
def test_any_other_picture_becomes_its_alt_text(target: str) -> None:
    page = _render(f"![A <cell>]({target})")
    assert page.body_html.strip() == "<p>A &lt;cell&gt;</p>"
    assert page.pictures == ()


def test_a_page_has_search_text_and_a_reading_time() -> None:
    page = _render("## Head\n\n" + "word " * 500 + "[@a-1]", "- A *point*.")
    assert page.text.startswith("A point. Head word word")
    assert page.text.endswith("word")
    assert page.minutes == 3
    assert _render("").minutes == 1


def test_to_text_keeps_only_the_words() -> None:
    assert to_text(to_html("## Salt & *water*\n\n- one\n- two")) == "Salt & water one two"
