"""The frame of staff pages and the start page: by keyboard, on a phone, and told in time."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inquiries.states import State
from inquiries.views.staff import start
from portal.models import Role, User
from tests.browser import pages
from tests.factories import PASSWORD, make_absence, make_cannedreply, make_inquiry, make_staff

START = "/admin/"
ABSENCES = "/admin/inquiries/absence/"


@pytest.fixture
def lead(transactional_db: None) -> User:
    return make_staff(Role.LEAD, first_name="Maria", last_name="Okafor")


def enter(page: Page, user: User, address: str = START) -> None:
    page.goto(f"{pages.SIGN_IN}?next={address}")
    page.locator('[name="login"]').fill(user.username)
    page.locator('[name="password"]').fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    # The sign-in page has the address in its own, as `next`. This waits for the scripts, too.
    page.wait_for_url(re.compile(rf"//[^/]+{re.escape(address)}$"))


def test_start_page_lists_and_forms_are_clean(
    page: Page, lead: User, examine: Callable[[str], None]
) -> None:
    make_inquiry(State.CLAIMED, owner=lead)
    make_inquiry()
    make_absence(make_staff(Role.COORDINATOR))
    make_cannedreply()
    enter(page, lead)
    examine("start")
    for name, address in (
        ("list", ABSENCES),
        ("empty list", "/admin/inquiries/absence/?user__id__exact=0"),
        ("form", f"{ABSENCES}add/"),
        ("replies", "/admin/inquiries/cannedreply/"),
        ("service level", "/admin/inquiries/servicelevel/routine/change/"),
        ("calendar link", "/admin/inquiries/your-calendar/"),
    ):
        page.goto(address)
        examine(name)


@pytest.mark.parametrize("role", [Role.PRIVACY, Role.EDITOR])
def test_other_start_pages_are_clean(
    page: Page, transactional_db: None, examine: Callable[[str], None], role: Role
) -> None:
    enter(page, make_staff(role))
    examine(role)


def test_open_menus_are_clean(
    page: Page, lead: User, axe_violations: Callable[..., list[str]]
) -> None:
    enter(page, lead, "/admin/inquiries/your-calendar/")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for menu in (".staff-account", ".staff-menu", ".staff-more"):
            page.evaluate(
                "name => document.querySelectorAll('.staff-header details').forEach(each => {"
                " each.open = each.matches(name) || Boolean(each.querySelector(name)) })",
                menu,
            )
            assert axe_violations(page) == [], (width, menu)


def test_menus_open_and_close_by_keyboard(page: Page, lead: User) -> None:
    enter(page, lead)
    account = page.locator(".staff-account")
    person = account.locator("summary")
    person.focus()
    page.keyboard.press("Enter")
    security = page.get_by_role("link", name="Account security")
    expect(security).to_be_visible()
    page.keyboard.press("Tab")
    expect(security).to_be_focused()
    page.keyboard.press("Escape")
    expect(security).to_be_hidden()
    expect(person).to_be_focused()
    more = page.get_by_text("More", exact=True)
    more.click()
    expect(page.get_by_role("link", name="Danger phrases")).to_be_visible()
    person.click()
    expect(page.get_by_role("link", name="Danger phrases")).to_be_hidden()


@pytest.mark.parametrize("width", [390])
def test_on_a_phone_the_menu_works_without_a_script(page_without_script: Page, lead: User) -> None:
    page = page_without_script
    enter(page, lead)
    reports = page.get_by_role("link", name="Reports")
    expect(reports).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(reports).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    reports.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")


def test_on_a_wide_screen_the_pages_are_in_sight_without_a_script(
    page_without_script: Page, lead: User
) -> None:
    page = page_without_script
    enter(page, lead)
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")
    expect(page.locator(".theme-toggle")).to_be_hidden()


def test_the_colors_can_be_chosen(page: Page, lead: User) -> None:
    enter(page, lead)
    page.locator(".staff-account summary").click()
    page.get_by_role("button", name="Colors: same as your device").click()
    expect(page.get_by_role("button", name="Colors: dark")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_urgent_request_notifies_once_without_a_word_about_it(
    page: Page, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "ASK_SECONDS", 0.3)
    # A headless browser has no notifications, so this one writes them down.
    page.add_init_script(
        """window.shown = [];
        window.Notification = class extends EventTarget {
          static permission = "default";
          static requestPermission = async () => (Notification.permission = "granted");
          constructor(title, options) {
            super();
            window.shown.push([title, options]);
            document.documentElement.dataset.shown = window.shown.length;
          }
          close() {}
        };"""
    )
    enter(page, lead)
    make_inquiry(message="I want to kill myself.")
    expect(page).to_have_title(re.compile(r"^\(1\) Start"))
    assert page.evaluate("shown") == [], "nobody asked for it yet"
    page.get_by_role("button", name="Notify me in this browser").click()
    expect(page.get_by_text("This browser will notify you about urgent requests.")).to_be_visible()
    make_inquiry(message="I want to kill myself.", full_name="Rosa Example")
    expect(page).to_have_title(re.compile(r"^\(2\) Start"))
    expect(page.locator("html")).to_have_attribute("data-shown", "1")
    page.wait_for_timeout(900)
    told = [["An urgent request is waiting", {"tag": "urgent-request"}]]
    assert page.evaluate("shown") == told
    page.get_by_role("button", name="Stop notifying me in this browser").click()
    expect(page.get_by_text("Notifications are off in this browser.")).to_be_visible()
