"""The private page in a real browser: by link, without JavaScript, on a phone and on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inquiries import private_links
from inquiries.models import Inquiry
from inquiries.private_page import correspondence
from inquiries.triage import steps
from portal.models import Role
from tests.browser.pages import PRIVATE, in_language
from tests.browser.test_accessibility import in_both_languages, press, send
from tests.factories import make_inquiry, make_staff

STEPS = ("reach", "withdraw", "erase", "copy", "link", "revoke")


@pytest.fixture
def inquiry() -> Inquiry:
    """A request with a message from both sides and a contact attempt."""
    by = make_staff(Role.COORDINATOR)
    inquiry = correspondence.write_message(
        make_inquiry(email="ana@example.org"), text="https://example.org/" + "long-address-" * 20
    )
    private_links.create_link(inquiry)  # without a link, nobody could read a reply
    for step, words in (
        (steps.claim, {}),
        (steps.log_attempt, {"method": "phone", "reached": "nobody"}),
        (steps.reply, {"text": "Dear Ana, I tried to call."}),
    ):
        inquiry.refresh_from_db()
        inquiry = step(inquiry, version=inquiry.version, by=by, **words)
    return inquiry


def come_in(page: Page, inquiry: Inquiry) -> None:
    page.goto(f"{PRIVATE}{private_links.create_link(inquiry)}/")
    page.get_by_label(re.compile("^Last four digits")).fill("0100")
    press(page, "Open my page", 302)
    expect(page.locator(f"[data-reference='{inquiry.reference}']")).to_be_visible()


def test_a_sender_can_enter_write_and_leave_without_script(
    page_without_script: Page, inquiry: Inquiry
) -> None:
    page = page_without_script
    come_in(page, inquiry)
    assert page.url.endswith(PRIVATE), "the token has left the address bar"
    page.get_by_label("Write to us").fill("When will you call?")
    # A browser reveals where a form comes from only if the page's policy allows it.
    press(page, "Send my message", 302)
    expect(page.get_by_text("We have your message")).to_be_visible()
    expect(page.locator(".message").last).to_contain_text("When will you call?")
    # Nothing outside this machine is requested.
    page.route("**/request/leave/", lambda route: route.fulfill(body="elsewhere"))
    page.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_text("elsewhere")).to_be_visible()


def test_each_of_two_tabs_keeps_to_its_own_request(page: Page, inquiry: Inquiry) -> None:
    come_in(page, inquiry)
    page.get_by_label("Write to us").fill("Only about my own request.")
    mothers = make_inquiry()
    come_in(page.context.new_page(), mothers)
    press(page, "Send my message", 422)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Another request is open in this browser"
    )
    expect(page.get_by_label("Your message")).to_have_value("Only about my own request.")
    assert not mothers.events.filter(kind="wrote").exists()
    come_in(page, inquiry)
    page.get_by_label("Write to us").fill("Only about my own request.")
    press(page, "Send my message", 302)
    expect(page.get_by_text("We have your message")).to_be_visible()


@in_both_languages
def test_private_pages_are_accessible(
    page: Page, inquiry: Inquiry, examine: Callable[[str], None], language: str
) -> None:
    (private,) = in_language(language, {"": PRIVATE}).values()
    page.goto(f"{private}unknown/")
    examine("unknown link")
    page.goto(f"{private}{private_links.create_link(inquiry)}/")
    examine("door")
    send(page, 422)
    examine("door with an error")
    page.locator("[name=detail]").fill("0100")
    send(page, 302)
    expect(page.locator(f"[data-reference='{inquiry.reference}']")).to_be_visible()
    examine("page")
    send(page, 422)
    examine("page with an error")
    for step in STEPS:
        page.goto(f"{private}{step}/")
        examine(step)
    page.goto(f"{private}erase/?of=another")
    examine("another request is open")
    page.goto(f"{private}revoke/")
    send(page, 302)
    examine("links turned off")


def test_a_printout_has_the_conversation_and_no_buttons(page: Page, inquiry: Inquiry) -> None:
    come_in(page, inquiry)
    page.emulate_media(media="print")
    expect(page.get_by_text("Dear Ana, I tried to call.")).to_be_visible()
    expect(page.get_by_text(inquiry.reference)).to_be_visible()
    assert page.locator("button:visible, textarea:visible, .quick-exit:visible").count() == 0
