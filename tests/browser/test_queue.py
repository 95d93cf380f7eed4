"""The queue and the request page with their scripts: keyboard use and automatic updates."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from inquiries.models import Event, Inquiry, Message
from inquiries.states import State
from inquiries.triage import steps
from inquiries.views.staff import queue, request, start
from portal.models import Role, User
from tests.browser import pages
from tests.factories import PASSWORD, make_cannedreply, make_inquiry, make_staff


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_staff(Role.COORDINATOR)


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "REFRESH_SECONDS", 0.3)
    monkeypatch.setattr(start, "ASK_SECONDS", 0.3)
    monkeypatch.setattr(request, "PULSE_SECONDS", 0.3)


def make_rows(count: int) -> list[Inquiry]:
    """Make requests that are due one after the other."""
    made = [make_inquiry() for _ in range(count)]
    for hours, inquiry in enumerate(made, start=1):
        inquiry.due_at = timezone.now() + timedelta(hours=hours)
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=inquiry.due_at)
    return made


def enter(page: Page, user: User, address: str = pages.QUEUE) -> None:
    page.goto(address)
    page.locator('[name="login"]').fill(user.username)
    page.locator('[name="password"]').fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    # The address of the sign-in page names this one too, after its question mark.
    expect(page).to_have_url(re.compile(f"^[^?]*{re.escape(address)}"))
    page.wait_for_load_state()


def link(page: Page, inquiry: Inquiry) -> Locator:
    return page.get_by_role("link", name=inquiry.reference)


def test_the_queue_works_by_keyboard(
    page: Page, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "REFRESH_SECONDS", 60)
    first, second, third = make_rows(3)
    enter(page, user)
    expect(page.get_by_text("go to the next or previous request")).to_be_visible()
    page.locator("#q").press("j")
    expect(page.locator("#q")).to_have_value("j")  # outside the table, it is an ordinary letter
    page.get_by_role("region", name="All open").focus()
    for key, there in (
        *(("j", first), ("j", second), ("ArrowDown", third), ("j", third)),
        *(("k", second), ("ArrowUp", first), ("k", first), ("j", second)),
    ):
        page.keyboard.press(key)
        expect(link(page, there)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_label(f"Select {second.reference}")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("c")
    expect(page.get_by_text("You claimed 1 request.")).to_be_visible()
    expect(page.get_by_role("region", name="All open")).to_be_focused()
    owners = {each.pk: each.owner for each in Inquiry.objects.select_related("owner")}
    assert owners == {first.pk: user, second.pk: None, third.pk: None}
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{first.pk}/change/$"))


def test_the_queue_updates_and_keeps_the_focus(page: Page, user: User) -> None:
    first, second = make_rows(2)
    enter(page, user)
    link(page, second).focus()
    steps.claim(first, version=first.version, by=make_staff(Role.COORDINATOR))
    new = make_inquiry()
    status = page.get_by_role("status").filter(has_text="Queue updated")
    expect(page.get_by_role("button", name="1 new – show")).to_be_visible()
    expect(page.get_by_role("link", name="All open 3")).to_be_visible()
    expect(status).to_contain_text(re.compile("1 new|1 changed"))
    expect(page.locator(f'tr[data-reference="{first.reference}"]')).to_contain_text("Claimed")
    expect(link(page, second)).to_be_focused()
    expect(link(page, new)).to_have_count(0)


def test_new_requests_are_shown_at_the_top_when_asked_for(page: Page, user: User) -> None:
    make_rows(2)
    enter(page, user)
    new = [make_inquiry(), make_inquiry()]
    show = page.get_by_role("button", name="2 new – show")
    show.focus()
    page.wait_for_timeout(1000)  # it is drawn anew meanwhile
    expect(show).to_be_focused()
    page.keyboard.press("Enter")
    shown = page.locator("tr[data-reference]")
    expect(shown).to_have_count(4)
    at_top = {str(shown.nth(place).get_attribute("data-reference")) for place in (0, 1)}
    assert at_top == {inquiry.reference for inquiry in new}
    expect(shown.first.locator("a.reference")).to_be_focused()
    expect(show).to_have_count(0)
    expect(page).to_have_title(re.compile(r"^\s*\(4\) "))


def test_nothing_moves_while_something_is_selected(page: Page, user: User) -> None:
    (first,) = make_rows(1)
    enter(page, user)
    page.get_by_label(f"Select {first.reference}").check()
    new = make_inquiry()
    expect(page.get_by_text("Not updated while requests are selected.")).to_be_visible()
    expect(link(page, new)).to_have_count(0)
    page.get_by_label(f"Select {first.reference}").uncheck()
    page.get_by_role("button", name="1 new – show").click()
    expect(link(page, new)).to_be_visible()


def test_an_empty_queue_fills_by_itself(page: Page, user: User) -> None:
    enter(page, user)
    expect(page.get_by_text("No one is waiting for an answer.")).to_be_visible()
    new = make_inquiry()
    expect(link(page, new)).to_be_visible()
    expect(page.get_by_role("button", name="Claim", exact=True)).to_be_visible()


def test_people_viewing_the_same_request_see_each_other_and_changes(
    page: Page, user: User, browser: Browser, live_server: LiveServer
) -> None:
    lead = make_staff(Role.LEAD)
    inquiry = make_inquiry(State.CLAIMED, owner=user, contact_method="email", email="a@example.org")
    address = f"{pages.QUEUE}{inquiry.pk}/change/"
    enter(page, user, address)
    message = page.get_by_label("Message to the sender")
    message.fill("Half a sentence")
    with browser.new_context(base_url=live_server.url) as other:
        enter(other.new_page(), lead, address)
        expect(page.get_by_text(f"{lead} has this open now.").first).to_be_visible()
    read = Event.objects.filter(kind=Event.Kind.READ).count()
    steps.release(inquiry, version=inquiry.version, by=lead)
    expect(page.get_by_role("status").filter(has_text="This request changed")).to_contain_text(
        f"Released by {lead}. No one has claimed it."
    )
    expect(message).to_have_value("Half a sentence")
    expect(message).to_be_focused()
    assert Event.objects.filter(kind=Event.Kind.READ).count() == read == 2


@pytest.mark.parametrize("width", [320])
def test_a_canned_reply_is_filled_in_and_reviewed_before_sending(
    page: Page, user: User, axe_violations: Callable[[Page], list[str]]
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=user, contact_method="email", email="a@example.org")
    reply = make_cannedreply(title="How to get ready " * 4, text="Hello {name},\n\nbring them all.")
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    message = page.get_by_label("Message to the sender")
    message.fill("Good news first.")
    page.get_by_label("Begin with").select_option(str(reply.pk))
    page.get_by_role("button", name="Fill in").click()
    expect(message).to_be_focused()
    expect(message).to_have_value(re.compile(r"^Good news first\.\n\nHello Ana Example,"))
    page.get_by_role("button", name="Preview").click()
    letter = page.get_by_role("region", name="This is what the sender will see")
    expect(letter).to_be_focused()
    expect(letter).to_contain_text("Good news first.")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not Message.objects.exists()
    page.get_by_role("button", name="Write to the sender").click()
    expect(page.get_by_text("Message sent.")).to_be_visible()
    assert Message.objects.get().event.by == user


@pytest.mark.parametrize("width", [320])
def test_on_a_phone_rows_look_like_cards_but_the_table_stays_a_table(
    page: Page, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "REFRESH_SECONDS", 60)
    (late,) = make_rows(1)
    Inquiry.objects.filter(pk=late.pk).update(due_at="2020-01-01T12:00Z", urgent=True)
    enter(page, user)
    region = page.get_by_role("region", name="All open")
    assert region.evaluate("each => each.scrollWidth <= each.clientWidth"), "nothing to the side"
    row = region.get_by_role("table").get_by_role("row", name=late.reference)
    for word in ("may be urgent", "overdue by", "Read it now: may be urgent"):
        cell = row.get_by_role("cell", name=word).first
        cell.scroll_into_view_if_needed()
        expect(cell).to_be_in_viewport(ratio=0.9)
    heads = ["Select", "Reference", "Urgency", "Due", "Next step", "How and when", "From", "Topic"]
    assert region.get_by_role("columnheader").all_text_contents()[:8] == heads


def test_one_screen_shows_question_and_next_step_and_one_key_opens_crisis_script(
    page_without_script: Page, user: User
) -> None:
    page = page_without_script
    inquiry = make_inquiry(State.CLAIMED, owner=user)
    enter(page, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    for words in ("I would like to understand my test results.", "Next: Call Ana Example"):
        expect(page.get_by_text(words).first).to_be_in_viewport()
    expect(page.locator('.next-action a[href="tel:+12025550100"]')).to_be_in_viewport()
    crisis = page.get_by_role("region", name="If someone is in danger")
    expect(crisis).to_be_hidden()
    page.get_by_role("link", name="Somebody is in danger").press("Enter")
    expect(crisis).to_be_focused()
    expect(crisis.get_by_role("button", name="Log a hand-over")).to_be_visible()


@pytest.fixture
def stray(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page whose responses may be refusals."""
    with browser.new_context(base_url=live_server.url) as context:
        yield context.new_page()


def test_a_page_left_open_says_when_the_session_ends(stray: Page, user: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=user, contact_method="email", email="a@example.org")
    enter(stray, user, f"{pages.QUEUE}{inquiry.pk}/change/")
    stray.get_by_label("Message to the sender").fill("Half a sentence")
    other = stray.context.new_page()
    other.goto(pages.QUEUE)
    Session.objects.all().delete()
    expect(stray.get_by_role("status")).to_contain_text("You’re signed out. Copy what you typed")
    expect(stray.get_by_label("Message to the sender")).to_have_value("Half a sentence")
    expect(other.get_by_role("status")).to_contain_text("You’re signed out")
    other.get_by_role("link", name="Sign in again").click()
    expect(other).to_have_url(re.compile(re.escape(pages.SIGN_IN)))
