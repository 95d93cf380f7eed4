"""Every page passes axe in light and dark, narrow and wide; none scrolls sideways; forced
colors work.
"""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from portal.models import Role, User
from tests.browser import pages
from tests.browser.conftest import BEYOND_THE_EDGE

Examine = Callable[[str], None]

in_both_languages = pytest.mark.parametrize("language", ["en", "es"])
in_both_schemes = pytest.mark.parametrize("color_scheme", ["light", "dark"])


def sign_in(page: Page, user: User) -> None:
    """Sign in by session only; the journey test uses the sign-in page."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}]
    )


def visit(page: Page, name: str, address: str) -> None:
    response = page.goto(address)
    assert response
    assert response.status == pages.STATUSES.get(name, HTTPStatus.OK), name


def press(page: Page, button: str, status: int) -> None:
    """Submit a form, and check that the response is the one the test means to look at."""
    with page.expect_event("response", lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name=button, exact=True).click()
    assert answer.value.status == status
    page.wait_for_load_state()


def send(page: Page, status: int) -> None:
    """Press the one submit button, whatever it is called in the page’s language."""
    press(page, str(page.locator("main [name=send]").get_attribute("value")), status)


@in_both_languages
def test_pages_for_readers_are_accessible(page: Page, examine: Examine, language: str) -> None:
    pages.load_content()
    for name, address in pages.in_language(language, pages.READING).items():
        visit(page, name, address)
        examine(name)


@in_both_languages
def test_forms_for_senders_are_accessible(page: Page, examine: Examine, language: str) -> None:
    pages.load_content()
    found = pages.in_language(language, pages.PUBLIC)
    for name in found.keys() - pages.READING.keys():
        visit(page, name, found[name])
        examine(name)
    visit(page, "ask", found["ask"])
    send(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    examine("ask with errors")
    page.locator("[name=full_name]").fill("Ana Example")
    page.locator("[name=email]").fill("ana@example.org")
    page.locator("[name=message]").fill("Please write.")
    page.locator("[name=consent]").check()
    send(page, HTTPStatus.FOUND)
    expect(page.locator("[data-reference]")).to_be_visible()
    examine("sent with a reference")


def test_staff_sign_in_is_accessible(page: Page, examine: Examine) -> None:
    visit(page, "sign-in", pages.SIGN_IN)
    press(page, "Sign in", HTTPStatus.OK)
    examine("sign-in with errors")


@pytest.mark.parametrize("role", Role.values)
def test_staff_pages_are_accessible(page: Page, examine: Examine, role: str) -> None:
    pages.load_content()
    staff = {user.role: (user, own_pages) for user, own_pages in pages.make_staff_pages().items()}
    assert staff.keys() == set(Role.values), "each has a turn"
    user, own_pages = staff[role]
    sign_in(page, user)
    for name, address in own_pages.items():
        visit(page, name, address)
        examine(name)


def test_refusal_pages_for_staff_are_accessible(page: Page, examine: Examine) -> None:
    pages.load_content()
    by_name = {
        name: (user, address)
        for user, own_pages in pages.make_staff_pages().items()
        for name, address in own_pages.items()
    }
    for name, button, status in (
        ("request, claimed", "Log a call", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("request by phone", "Save this request", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("request by phone, in Spanish", "Save this request", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("article, to approve", "Approve", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("article, new", "Save draft", HTTPStatus.UNPROCESSABLE_ENTITY),
    ):
        user, address = by_name[name]
        sign_in(page, user)
        visit(page, name, address)
        press(page, button, status)
        examine(f"{name}, refused")


def test_doubled_text_does_not_scroll_sideways_either(page: Page) -> None:
    """It uses the browser's font size setting (WCAG 1.4.4), which pages follow by using rem."""
    pages.load_content()
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
    )
    for name, address in pages.PUBLIC.items():
        visit(page, name, address)
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 36, name
        assert not page.evaluate(BEYOND_THE_EDGE), name


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_200_percent_root_font_scrolls_no_page_sideways(page: Page, width: int) -> None:
    """Patient 8: home did. Unlike the browser's setting, this moves no breakpoint; 320 is 400%."""
    pages.load_content()
    page.set_viewport_size({"width": width, "height": 800})
    for name, address in pages.PUBLIC.items():
        visit(page, name, address)
        assert not page.evaluate(BEYOND_THE_EDGE), name
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(BEYOND_THE_EDGE), f"{name}, with large letters"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


SHOWS = """(element, edge) => {
  const style = getComputedStyle(element), body = getComputedStyle(document.body);
  return style[`${edge}Style`] !== "none" && parseFloat(style[`${edge}Width`]) >= 1
    && style[`${edge}Color`] !== body.backgroundColor;
}"""


@in_both_schemes
def test_buttons_and_focus_are_visible_in_forced_colors(page: Page) -> None:
    pages.load_content()
    page.emulate_media(forced_colors="active")
    coordinator, own_pages = next(iter(pages.make_staff_pages().items()))
    for address, button in (
        ("/", ".button"),
        (pages.ASK, ".button[type=submit]"),
        (own_pages["queue"], ".queue-find [type=submit]"),
        (own_pages["request, claimed"], ".step-call [type=submit]"),
    ):
        if address.startswith("/admin/"):
            sign_in(page, coordinator)
        page.goto(address)
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        main_button = page.locator("main").locator(button).first
        assert main_button.evaluate(SHOWS, "borderTop"), f"{address}: no border"
        page.keyboard.press("Tab")  # from here on, focus is shown as for the keyboard
        main_button.focus()
        assert main_button.evaluate(SHOWS, "outline"), f"{address}: no focus"
