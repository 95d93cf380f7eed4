"""The header leaves room for the page, even at 400% zoom, and for any name of a clinic."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.conftest import BEYOND_THE_EDGE

#: A window of 1280 by 1024 CSS pixels at 400%.
ZOOMED = {"width": 320, "height": 256}


@pytest.mark.parametrize("language", ["en", "es"])
def test_at_400_percent_the_title_is_in_the_first_screen(page: Page, language: str) -> None:
    pages.load_content()
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    below = {}
    for name, address in pages.in_language(language, pages.READING).items():
        page.goto(address)
        # A sheet to print has a header of its own; some pages first say that they are in English.
        if name == "paper" or page.locator(".panel[role=note]").count():
            continue
        title = page.locator("main h1").first.bounding_box()
        assert title
        if title["y"] + title["height"] > ZOOMED["height"]:
            below[name] = title, page.locator("main").inner_text()[:90]
    assert not below


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_long_name_and_large_letters_fit(page: Page, settings: Any) -> None:
    settings.CLINIC = replace(
        settings.CLINIC,
        name="University Hospital of Exampleville, Department of Nephrology",
        phone="(202) 555-0123",
    )
    page.goto("/privacy/")
    assert page.evaluate(BEYOND_THE_EDGE) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(BEYOND_THE_EDGE) == []
