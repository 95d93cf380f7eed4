"""What comes out of the printer: so many pages, nothing torn, and whose it is."""

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from articles.models import Article
from portal.demo import content
from tests.browser import pages

CHECKLIST = "/articles/questions-before-a-stem-cell-study/"
PAPERS = ("Letter", "A4")
#: A page of the PDF, not the tree of all pages.
A_PAGE = re.compile(rb"/Type\s*/Page\b")
#: What must not be on two pages, and what must not be on another than what follows.
KEPT_WHOLE = "tr, figure, li, .part, .evidence-side, .evidence-certainty, .evidence p"
KEPT_WITH_NEXT = "h1, h2, h3, h4, .evidence > :not(.evidence-limits, .evidence-exact)"
TORN = """([selector, property]) => [...document.querySelectorAll(`.sheet :is(${selector})`)]
  .filter(each => each.getClientRects().length)
  .filter(each => !getComputedStyle(each)[property].startsWith("avoid"))
  .map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture(autouse=True)
def clinic(settings: Any) -> None:
    settings.CLINIC = replace(
        settings.CLINIC,
        phone="(202) 555-0123",
        relay_number="711",
        postal_address="Care Portal demo, 1 Example Street, Exampleville",
    )


def count_pages(page: Page, address: str, paper: str, *, whole: bool = False) -> int:
    page.goto(address, wait_until="networkidle")
    if whole:
        page.check("#print-whole")
    return len(A_PAGE.findall(page.pdf(format=paper)))


def test_every_article_is_two_pages_or_less_and_the_checklist_one(page: Page) -> None:
    content.load(pages.PASSWORD)  # all of it, which takes a while
    counted = {
        (address, paper): count_pages(page, address, paper)
        for each in Article.objects.published()
        for address in (each.get_absolute_url(), f"/es/articles/{each.slug}/")
        for paper in PAPERS
    }
    assert len(counted) >= 50
    assert {key: count for key, count in counted.items() if count > 2} == {}
    for language in ("", "/es"):
        for paper in PAPERS:
            assert counted[f"{language}{CHECKLIST}", paper] == 1
            assert count_pages(page, f"{language}{pages.PAPER}", paper) == 2


def test_who_wants_all_of_it_gets_all_of_it(page: Page) -> None:
    pages.load_content()
    assert count_pages(page, pages.ARTICLE, "Letter") == 2
    page.emulate_media(media="print")
    left_out = page.locator(".prose > h2, .drawing, .evidence-exact, .part.caution, .part.options")
    assert left_out.count() >= 10
    assert not any(each.is_visible() for each in left_out.all())
    page.emulate_media(media="screen")
    assert count_pages(page, pages.ARTICLE, "Letter", whole=True) > 2
    page.emulate_media(media="print")
    assert all(each.is_visible() for each in left_out.all())


def test_a_short_sheet_is_balanced(page: Page) -> None:
    """Benefits never come without harms, deaths, what isn't known, and the warning."""
    pages.load_content()
    page.goto(pages.ARTICLE)
    page.emulate_media(media="print")
    for part, count in {
        ".stage": 1,
        ".key-points": 1,
        ".evidence": 2,
        ".evidence-side.benefit": 2,
        ".evidence-side.harm": 2,
        ".evidence-side.death": 2,
        ".evidence-certainty": 2,
        ".part.unknown": 1,
        ".part.questions": 1,
        ".part.medicines": 1,
        ".references li": 8,
        ".people": 1,
    }.items():
        found = page.locator(part)
        assert found.count() == count, part
        assert all(each.is_visible() for each in found.all()), part


def test_nothing_is_torn_and_the_text_is_large_enough(page: Page) -> None:
    pages.load_content()
    for address in (pages.ARTICLE, "/articles/what-is-lupus-nephritis/"):
        page.emulate_media(media="screen")
        page.goto(address)
        if page.locator("#print-whole").count():
            page.check("#print-whole")
        page.emulate_media(media="print")
        assert page.evaluate(TORN, [KEPT_WHOLE, "breakInside"]) == []
        assert page.evaluate(TORN, [KEPT_WITH_NEXT, "breakAfter"]) == []
        sizes = page.locator(".key-points li, .part li, .part p, .prose > p").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert min(sizes) >= 10.5 * 96 / 72


def test_a_sheet_says_whose_it_is_and_where_it_is_from(page: Page) -> None:
    pages.load_content()
    for address in (pages.ARTICLE, CHECKLIST, pages.PAPER):
        page.emulate_media(media="screen")
        page.goto(address)
        look_at_frame(page, address)


def look_at_frame(page: Page, address: str) -> None:
    frame = page.locator(".sheet-top, .sheet-bottom, .sheet-link")
    assert frame.count() == 3
    assert not any(each.is_visible() for each in frame.all()), "only on paper"
    page.emulate_media(media="print")
    words = " ".join(each.inner_text() for each in frame.all())
    for said in ("Care Portal", "1 Example Street", "(202) 555-0123"):
        assert said in words
    target = pages.ASK if address == pages.PAPER else address
    assert f"{page.url.removesuffix(address)}{target}" in words
    for name in (".sheet-top", ".sheet-bottom"):
        assert page.locator(name).evaluate("each => getComputedStyle(each).position") == "fixed"
    code = page.locator(".qr-code").bounding_box()
    assert code
    assert code["width"] == code["height"] > 75, "2 cm or more, for a cheap camera"
