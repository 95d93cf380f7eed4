"""The ask form in a real browser: what it says to be needed follows what is chosen."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages


@pytest.mark.parametrize("scripts", [False, True])
def test_which_contact_field_is_needed_follows_the_choice_without_script(
    page: Page, page_without_script: Page, scripts: bool
) -> None:
    """Patient 5: both contact fields looked mandatory."""
    shown = page if scripts else page_without_script
    shown.goto(pages.ASK)
    phone, email = shown.locator('[for="id_phone"]'), shown.locator('[for="id_email"]')
    for label in (phone, email):
        assert label.inner_text().endswith("(one of the two is enough)")
    for choice, needed, other in (
        ("Phone call", phone, email),
        ("Text message", phone, email),
        ("Email", email, phone),
    ):
        shown.get_by_label(choice, exact=True).check()
        assert needed.inner_text().endswith("(needed for your choice)"), choice
        assert other.inner_text().endswith("(optional)"), choice
    expect(shown.get_by_text("Give us one: a phone number")).to_be_visible()


def test_language_is_asked_before_the_message(page: Page) -> None:
    """Patient 4: it was asked after."""
    page.goto(pages.ASK)
    language, message = (
        page.get_by_label(words).bounding_box()
        for words in ("Spanish", "What would you like to talk about?")
    )
    assert language
    assert message
    assert language["y"] < message["y"]
