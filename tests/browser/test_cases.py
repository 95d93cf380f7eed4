"""Duplicates by one click and checklists by keyboard, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from inquiries.models import Inquiry, TaskState
from inquiries.outcomes import Outcome
from inquiries.states import State
from inquiries.triage import duplicates
from portal.models import Role, User
from tests.browser import pages
from tests.browser.test_queue import enter
from tests.factories import make_checklist, make_inquiry, make_staff


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_staff(Role.COORDINATOR)


def page_of(inquiry: Inquiry) -> str:
    return f"{pages.QUEUE}{inquiry.pk}/change/"


def test_one_click_closes_a_duplicate_and_the_other_request_shows_its_words(
    page: Page, user: User
) -> None:
    first, again = make_inquiry(), make_inquiry(message="I asked last week. Please hurry.")
    enter(page, user, page_of(again))
    page.get_by_role("button", name="Same person, same question").click()
    expect(page.get_by_text("Closed as a duplicate. Go on with the other request.")).to_be_visible()
    again.refresh_from_db()
    assert (again.outcome, again.duplicate_of) == (Outcome.DUPLICATE, first)
    page.get_by_role("link", name=first.reference).first.click()
    expect(page.get_by_text("I asked last week. Please hurry.")).to_be_visible()


def test_whose_details_count_is_chosen_on_the_page_and_taken_back(page: Page, user: User) -> None:
    first = make_inquiry(State.CLAIMED, owner=user)
    again = make_inquiry(phone="(202) 555-0177", phone_e164="+12025550177", best_time="evening")
    again = duplicates.link_duplicate(again, of=first, version=again.version, by=user)
    enter(page, user, page_of(first))
    reach = page.get_by_role("region", name="How to reach")
    for chosen, phone in ((again, "(202) 555-0177"), (first, first.phone)):
        page.get_by_role("link", name=re.compile("which details we go by|Choose again")).click()
        page.get_by_role("radio", name=re.compile(f"^{chosen.reference}")).check()
        page.get_by_role("button", name="Choose how to reach them").click()
        expect(page.get_by_text("Saved. We go by these details now.")).to_be_visible()
        expect(reach.get_by_role("link", name=phone, exact=True)).to_be_visible()


def press_through_to(page: Page, name: str) -> None:
    """Move on with Tab until the control of this name has the focus."""
    control = page.locator(":is(a, button, summary):focus", has_text=name)
    for _ in range(120):
        page.keyboard.press("Tab")
        if control.count():
            return
    raise AssertionError(f"Tab does not get to “{name}”")


def test_a_checklist_is_finished_by_keyboard_alone(page: Page, user: User) -> None:
    make_checklist("Send the form", "Ask for it")
    inquiry = make_inquiry(State.CLAIMED, owner=user)
    enter(page, user, page_of(inquiry))
    press_through_to(page, "Add a checklist")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Checklist added.")).to_be_visible()
    for left in (1, 0):
        press_through_to(page, "Done")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Task changed.")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^Done"))).to_have_count(left)
    assert set(inquiry.tasks.values_list("state", flat=True)) == {TaskState.DONE}
