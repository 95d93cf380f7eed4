"""Every reading of a request is an event."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry
from inquiries.states import State
from inquiries.triage import steps
from inquiries.views.staff.record import RECENT_OPENINGS
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.ledger.audit_pages import QUEUE, page_of, soup
from tests.inquiries.ledger.raw import execute
from tests.inquiries.ledger.tampering import owning_the_database
from tests.inquiries.ledger.test_opening import SAID

pytestmark = pytest.mark.django_db


def readings(inquiry: Inquiry) -> list[tuple[User | None, str]]:
    events = inquiry.events.filter(kind=Event.Kind.READ).select_related("by")
    return [(event.by, event.detail["state"]) for event in events]


@pytest.mark.parametrize("state", State)
def test_every_view_of_a_request_is_one_event_recording_its_state(
    client: Client, lead: User, state: State
) -> None:
    inquiry = make_inquiry(state)
    version = inquiry.version
    client.force_login(lead)
    for number in (1, 2):
        client.get(page_of(inquiry))
        assert readings(inquiry) == [(lead, state)] * number
    inquiry.refresh_from_db()
    assert inquiry.version == version, "reading changes nothing for who works on it"
    assert verify_ledger().faults == []


def test_a_refused_step_shows_the_request_so_it_is_a_reading(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    for status, step, fields in (
        (409, "claim", {"claim-version": 2}),
        (409, "release", {"release-version": 1}),
        (422, "close", {"close-version": 2}),
        (409, "erase", {"erase-version": 2, "erase-reason": "asked", "erase-sure": "on"}),
    ):
        before = len(readings(inquiry))
        assert client.post(f"{QUEUE}{inquiry.pk}/{step}/", fields).status_code == status
        assert len(readings(inquiry)) == before + 1, step
    before = len(readings(inquiry))
    assert client.post(f"{QUEUE}{inquiry.pk}/release/", {"release-version": 2}).status_code == 302
    client.get(page_of(inquiry))
    assert len(readings(inquiry)) == before, "the page that answers one’s own step is no reading"


def test_only_the_answer_to_a_step_on_an_open_page_is_no_reading(
    client: Client, coordinator: User
) -> None:
    """Staff 10: each step counted as an opening, and who read the request drowned in them."""
    client.force_login(coordinator)
    inquiry = make_inquiry()
    steps.claim(inquiry, version=1, by=coordinator)
    client.get(page_of(inquiry))
    assert len(readings(inquiry)) == 1, "claimed from the queue, then opened for the first time"
    client.post(f"{QUEUE}{inquiry.pk}/note/", {"note-text": "They called."})
    client.get(page_of(inquiry))
    assert len(readings(inquiry)) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        client.force_login(coordinator)
        client.get(page_of(inquiry))
    assert len(readings(inquiry)) == 2, "opened again, later"
    assert verify_ledger().faults == []


def test_readings_of_one_sitting_are_one_line(
    client: Client, coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry()
    for minute, by in ((0, lead), (5, coordinator), (20, lead), (38, lead), (90, lead)):
        with time_machine.travel("2026-11-23T15:00:00Z", tick=False) as clock:
            clock.shift(60 * minute)
            ledger.record_reading(inquiry, by=by)
    with time_machine.travel("2026-11-24T15:00:00Z", tick=False):
        client.force_login(coordinator)
        lines = soup(client.get(page_of(inquiry))).select(".readings li")
    assert [each.get_text(" ", strip=True) for each in lines[1:]] == [
        f"Read by {lead}, November 23, 2026, 11:30 a.m.",
        f"Read by {lead}, from November 23, 2026, 10 a.m. to 10:38 a.m., 3 times",
        f"Read by {coordinator}, November 23, 2026, 10:05 a.m.",
    ]


@pytest.mark.parametrize("role", ["anyone", "", Role.EDITOR, Role.REVIEWER])
def test_people_who_are_denied_access_leave_no_reading(client: Client, role: str) -> None:
    inquiry = make_inquiry()
    if role != "anyone":
        client.force_login(make_staff(role))
    for answer in (
        client.get(page_of(inquiry)),
        client.post(f"{QUEUE}{inquiry.pk}/claim/", {"claim-version": 1}),
        client.post(f"{QUEUE}{inquiry.pk}/erase/", {}),
    ):
        assert answer.status_code in {302, 401, 404}
        assert "Ana Example" not in answer.text
    assert readings(inquiry) == []


def test_lists_and_searches_are_not_readings(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    client.get(QUEUE)
    client.post(f"{QUEUE}find/", {"q": inquiry.reference})
    client.get(f"{QUEUE}{uuid4()}/change/")
    assert readings(inquiry) == []


def test_the_request_page_shows_who_opened_it(
    client: Client, coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry()
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        ledger.record_reading(inquiry, by=lead)
    client.force_login(coordinator)
    with time_machine.travel("2026-11-23T16:00:00Z", tick=False):
        client.force_login(coordinator)
        page = soup(client.get(page_of(inquiry)))
    opened = page.select_one("details.readings")
    assert opened
    assert "Who opened it (2)" in opened.get_text()
    assert [each.get_text(" ", strip=True) for each in opened.select("li")] == [
        f"Read by {coordinator}, November 23, 2026, 11 a.m.",
        f"Read by {lead}, November 23, 2026, 10 a.m.",
    ]
    timeline = page.select_one(".timeline")
    assert timeline
    assert str(lead) not in timeline.get_text(), "reading is no step"


def test_earlier_openings_are_not_opened_again_and_shown_if_asked_for(
    client: Client, coordinator: User, lead: User
) -> None:
    """Each opening was loaded and hashed again on each page: 400 doubled what a page took."""
    inquiry = make_inquiry()
    first = make_staff(Role.COORDINATOR)
    for by in (first, *[lead] * (RECENT_OPENINGS + 49)):
        ledger.record_reading(inquiry, by=by)
    client.force_login(coordinator)
    page = soup(client.get(page_of(inquiry)))
    assert SAID not in page.get_text()
    openings = page.select_one("details.readings")
    assert openings
    assert "Who opened it lately" in openings.get_text()
    assert str(first) not in openings.get_text()
    link = openings.select_one("a")
    assert link
    assert "Show 50 earlier times as well" in link.get_text(" ", strip=True)
    everyone = soup(client.get(f"{page_of(inquiry)}{link['href']}")).select_one("details.readings")
    assert everyone
    assert everyone.has_attr("open")
    assert f"Read by {first}" in everyone.get_text()
    assert "Who opened it (3)" in everyone.get_text()


@pytest.mark.parametrize("gone", [3, RECENT_OPENINGS + 40])
def test_an_opening_that_is_gone_is_noticed_however_long_ago_it_was(
    client: Client, coordinator: User, lead: User, gone: int
) -> None:
    inquiry = make_inquiry()
    for _ in range(RECENT_OPENINGS + 49):
        ledger.record_reading(inquiry, by=lead)
    with owning_the_database():
        execute("DELETE FROM inquiries_event WHERE number = %s", gone)
    client.force_login(coordinator)
    assert SAID in soup(client.get(page_of(inquiry))).get_text()
