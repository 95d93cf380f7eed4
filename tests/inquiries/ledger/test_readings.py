"""Every reading of a request is an event."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry
from inquiries.states import State
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.ledger.audit_pages import QUEUE, page_of, soup

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
        (409, "note", {"note-version": 1, "note-text": "x"}),
        (422, "close", {"close-version": 2}),
        (409, "erase", {"erase-version": 2, "erase-reason": "asked", "erase-sure": "on"}),
    ):
        before = len(readings(inquiry))
        assert client.post(f"{QUEUE}{inquiry.pk}/{step}/", fields).status_code == status
        assert len(readings(inquiry)) == before + 1, step
    before = len(readings(inquiry))
    assert client.post(f"{QUEUE}{inquiry.pk}/release/", {"release-version": 2}).status_code == 302
    assert len(readings(inquiry)) == before, "the page comes with the next answer"


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
        f"November 23, 2026, 11 a.m. {coordinator}",
        f"November 23, 2026, 10 a.m. {lead}",
    ]
    timeline = page.select_one(".timeline")
    assert timeline
    assert str(lead) not in timeline.get_text(), "reading is no step"
