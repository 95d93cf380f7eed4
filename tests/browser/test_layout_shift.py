"""No line moves while someone reads, however late the fonts load."""

import pytest
from playwright.sync_api import Page, Route

from inquiries.models import Inquiry
from tests.browser import pages
from tests.browser.test_private import come_in, inquiry

__all__ = ["inquiry"]  # a fixture

LOOKED_AT = {
    "home": "/",
    "home in Spanish": "/es/",
    "article": pages.ARTICLE,
    "category": "/categories/lupus/",
    "coordinator": pages.COORDINATOR,
    "ask": f"{pages.ASK}?article=stem-cells-for-lupus-nephritis",
    "ask in Spanish": f"/es{pages.ASK}",
}

# Collects each layout shift: its size, and the elements that moved.
SHIFTS = """() => new Promise(resolve => {
  const seen = [];
  new PerformanceObserver(list => seen.push(...list.getEntries()))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(seen.map(each => [
    each.value, ...each.sources.map(({node}) => node?.parentElement?.outerHTML.slice(0, 120))
  ])), 300);
})"""
IS_PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
FONTS = "Array.from(document.fonts, each => `${each.family} ${each.weight} ${each.status}`)"


def see_with_late_fonts(page: Page, address: str) -> list[list[object]]:
    """Return the layout shifts of a page whose fonts load long after its text is shown."""
    late: list[Route] = []

    def hold_back(route: Route) -> None:
        late.append(route)

    page.route("**/*.woff2", hold_back)
    page.goto(address, wait_until="commit")
    for _ in range(100):
        if page.evaluate(IS_PAINTED):
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    assert page.evaluate(IS_PAINTED), "text is there without them"
    assert late, "fonts were asked for"
    for each in late:
        each.continue_()
    page.unroute_all()
    page.wait_for_load_state("networkidle")
    return list(page.evaluate(SHIFTS))


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_shifts_when_fonts_load_late(page: Page, width: int) -> None:
    pages.load_content()
    for name, address in LOOKED_AT.items():
        assert see_with_late_fonts(page, address) == [], f"{name}, {width} wide"
        # Acts as a new visitor: the fonts of one page must not be cached for the next.
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_shifts_on_the_private_page(page: Page, inquiry: Inquiry) -> None:
    come_in(page, inquiry)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    assert see_with_late_fonts(page, pages.PRIVATE) == []


def test_the_next_page_has_the_fonts_and_does_not_shift(page: Page) -> None:
    pages.load_content()
    page.goto("/", wait_until="networkidle")
    page.goto(pages.ARTICLE, wait_until="networkidle")
    assert page.evaluate(SHIFTS) == []
    ours = {each for each in page.evaluate(FONTS) if "Fallback" not in each}
    assert ours == {"Care Sans 400 700 loaded", "Care Serif 600 loaded"}
