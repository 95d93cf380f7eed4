"""Our fonts contain every letter on our pages: `tests/fonts.py` lists what they keep."""

import pytest
from playwright.sync_api import Page

from articles.models import Article
from tests.browser import pages

SEEN = {"home": "/", "article": pages.ARTICLE, "ask": pages.ASK, "privacy": "/privacy/"}
SPANISH_ARTICLE = "/es/articles/que-es-la-nefritis-lupica/"

# Put each letter once into an element of its font, so that two elements are enough to check.
GATHER = """() => {
  const letters = {h2: new Set(), p: new Set()};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const family = getComputedStyle(walker.currentNode.parentElement).fontFamily;
    const kind = family.includes("Care Serif") ? "h2" : "p";
    for (const letter of walker.currentNode.data) letters[kind].add(letter);
  }
  document.body.replaceChildren(...Object.entries(letters).map(([kind, all]) => {
    const element = document.createElement(kind);
    element.textContent = [...all].join("");
    return element;
  }));
}"""


def other_fonts(page: Page) -> set[str]:
    """Return the system fonts that the page needs for letters missing from ours."""
    page.evaluate(GATHER)
    debugger = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        debugger.send(f"{domain}.enable")
    root = debugger.send("DOM.getDocument")["root"]["nodeId"]
    nodes = debugger.send("DOM.querySelectorAll", {"nodeId": root, "selector": "h2, p"})["nodeIds"]
    seen = [
        font
        for node in nodes
        for font in debugger.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]
    debugger.detach()
    assert sum(font["isCustomFont"] for font in seen) == 2, "ours are there"
    return {font["familyName"] for font in seen if not font["isCustomFont"]}


@pytest.mark.parametrize("language", ["en", "es"])
def test_our_fonts_have_every_letter_on_our_pages(page: Page, language: str) -> None:
    pages.load_content()
    addresses = pages.in_language(language, SEEN)
    if language == "es":
        addresses["article"] = SPANISH_ARTICLE
    page.goto("/", wait_until="networkidle")  # from here on, the fonts are loaded
    for name, address in addresses.items():
        page.goto(address)
        assert other_fonts(page) == set(), name


def test_missing_letters_are_shown_in_a_system_font(page: Page) -> None:
    pages.load_content()
    page.goto("/", wait_until="networkidle")
    Article.objects.filter(slug="overdue").update(title="Łukasz")
    page.goto("/articles/")
    assert len(other_fonts(page)) == 1
