"""An article: the answer first, and the rest in reach by finger, keyboard, and on paper."""

import re

from playwright.sync_api import Page, ViewportSize, expect

from portal.demo import content
from tests.browser import pages

MAIN = "/articles/stem-cells-for-lupus-nephritis/"
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=844)
MOST_STOPS, MOST_SCREENS = 60, 10
IS_NEW = """() => {
  const stop = document.activeElement;
  const isNew = stop !== document.body && !stop.dataset.seen;
  stop.dataset.seen = "yes";
  return isNew;
}"""


def load(*names: str) -> None:
    content.load(pages.PASSWORD, articles=names or content.ARTICLES)


def count_stops(page: Page) -> int:
    for stops in range(MOST_STOPS * 4):
        page.keyboard.press("Tab")
        if not page.evaluate(IS_NEW):
            return stops
    raise AssertionError("The Tab key never came back to the start.")


def test_no_demo_article_holds_up_someone_with_a_keyboard(page: Page) -> None:
    load()
    addresses = [f"/articles/{name.removesuffix('.md')}/" for name in content.ARTICLES]
    addresses += [f"/es/articles/{name.removesuffix('.md')}/" for name in content.ARTICLES.values()]
    found = {}
    for look in (PHONE, DESKTOP):
        page.set_viewport_size(look)
        for address in addresses:
            page.goto(address)
            found[address, look["width"]] = count_stops(page)
    assert {each: stops for each, stops in found.items() if stops > MOST_STOPS} == {}
    assert min(found.values()) > MOST_STOPS / 3, "it was counted"


def test_the_main_article_has_at_most_10_phone_screens_before_its_sources(page: Page) -> None:
    load("stem-cells-for-lupus-nephritis.md")
    page.set_viewport_size(PHONE)
    page.goto(MAIN)
    box = page.locator("#references-title").bounding_box()
    assert box
    assert box["y"] <= MOST_SCREENS * PHONE["height"]
    for part in ("caution", "medicines", "questions", "unknown"):
        expect(page.locator(f"section.{part} > :last-child")).to_be_visible()
    assert page.locator("details .evidence, details .part, details .emergency").count() == 0


def test_a_term_shows_its_meaning_and_gives_the_focus_back(page: Page) -> None:
    load("stem-cells-for-lupus-nephritis.md")
    page.goto(MAIN)
    term = page.locator("button.term").first
    meaning = page.locator(f"#{term.get_attribute('popovertarget')}")
    expect(meaning).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    close = meaning.get_by_role("button", name="Close")
    expect(close).to_be_focused()
    words = meaning.locator("p").inner_text()
    expect(close).to_have_accessible_description(words)
    page.keyboard.press("Enter")
    expect(meaning).to_be_hidden()
    expect(term).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(term).to_be_focused()


def test_a_source_has_one_way_back_which_the_citation_shows(page: Page) -> None:
    load("stem-cells-for-lupus-nephritis.md")
    page.goto(MAIN)
    back = page.get_by_role("link", name=re.compile("^Back to the text"))
    expect(back).to_have_count(0)
    page.get_by_role("link", name="Source 1: Deng 2017").nth(2).click()
    expect(back).to_have_count(1)
    back.click()
    expect(page.locator("#cite-1")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#source-1")).to_be_in_viewport()


def test_a_link_opens_what_is_closed(page: Page) -> None:
    load("stem-cells-for-lupus-nephritis.md")
    page.goto(f"{MAIN}#drawing-donor-cells")
    expect(page.locator("#drawing-donor-cells")).to_be_visible()


def test_paper_has_what_is_closed_on_the_screen(page: Page) -> None:
    load("stem-cells-for-lupus-nephritis.md")
    page.goto(MAIN)
    page.check("#print-whole")
    page.emulate_media(media="print")
    expect(page.get_by_text("The cells came from donated bone marrow")).to_be_visible()
    expect(page.get_by_role("heading", name="Medical words explained")).to_be_visible()
    expect(page.locator(".words dd").first).to_be_visible()
    expect(page.locator(".words button").first).to_be_hidden()
