"""Detection of staff who read requests that are not theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from inquiries import privacy
from inquiries.ledger import events as ledger
from inquiries.models import Inquiry
from inquiries.privacy import ReadingConcern
from inquiries.states import State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)

MANY = ReadingConcern.MANY
SURNAME = ReadingConcern.OWN_SURNAME
NO_PART = ReadingConcern.NO_STEP
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def unusual(since: timedelta = timedelta(days=30)) -> dict[tuple[str, ReadingConcern], set[Any]]:
    """Return the requests that are listed, by account and reason."""
    rows = privacy.find_unusual_reading(list(User.objects.all()), timezone.now() - since)
    listed = {(row.account.username, row.why): row.requests for row in rows}
    assert len(listed) == len(rows), "one row for each account and reason"
    return listed


def read_all(by: User, requests: list[Inquiry]) -> None:
    for inquiry in requests:
        ledger.record_reading(inquiry, by=by)


@pytest.fixture
def requests(clock: time_machine.Traveller) -> list[Inquiry]:
    """Thirty-one requests: more than thirty read by one person are unusual."""
    return [make_inquiry() for _ in range(31)]


def test_normal_work_is_not_listed(clock: time_machine.Traveller, coordinator: User) -> None:
    for state in (State.NEW, State.CLAIMED, State.CLOSED):
        inquiry = make_inquiry(state, owner=coordinator)
        for _ in range(50):
            ledger.record_reading(inquiry, by=coordinator)
    assert unusual() == {}


def test_exceeding_the_hourly_limit_lists_all_of_the_readings(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    read_all(coordinator, requests[:-1])
    read_all(coordinator, requests[:-1])
    assert unusual() == {}, "the same ones twice are not more"
    clock.shift(HOUR)
    ledger.record_reading(requests[-1], by=coordinator)
    expected = {each.pk for each in requests}
    assert unusual() == {(coordinator.username, MANY): expected}


def test_as_many_readings_over_more_than_an_hour_are_not_listed(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    read_all(coordinator, requests[:-1])
    clock.shift(HOUR + timedelta(microseconds=1))
    ledger.record_reading(requests[-1], by=coordinator)
    assert unusual() == {}


def test_a_flood_is_listed_in_full_but_nothing_before_or_after_it(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    before, after = make_inquiry(), make_inquiry()
    ledger.record_reading(before, by=coordinator)
    clock.shift(2 * HOUR)
    for inquiry in requests:
        ledger.record_reading(inquiry, by=coordinator)
        clock.shift(100)
    clock.shift(2 * HOUR)
    ledger.record_reading(after, by=coordinator)
    assert unusual() == {(coordinator.username, MANY): {each.pk for each in requests}}
    last_at = privacy.find_unusual_reading([coordinator], NOW)[0].last_at
    assert last_at == NOW + 2 * HOUR + timedelta(seconds=100 * (len(requests) - 1))


def test_two_people_reading_half_each_are_not_counted_together(
    requests: list[Inquiry], coordinator: User, lead: User
) -> None:
    for number, inquiry in enumerate(requests):
        ledger.record_reading(inquiry, by=(coordinator, lead)[number % 2])
    assert unusual() == {}


def test_readings_before_the_given_period_are_not_listed(
    clock: time_machine.Traveller, requests: list[Inquiry], coordinator: User
) -> None:
    read_all(coordinator, requests)
    clock.shift(timedelta(days=30))
    assert unusual(), "at the border"
    clock.shift(timedelta(microseconds=1))
    assert unusual() == {}


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        ("Example", "Ana Example"),
        ("EXÁMPLE", "Ana example"),
        ("O’Neil", "ben ONEIL"),
        ("Li", "Wei Li"),
        ("van der Berg", "Jan Berg"),
        ("Smith-Jones", "Ann Jones"),
        ("Wolfeschlegelsteinhausenbergerdorff", "A Wolfeschlegelsteinhausenbergerdorff"),
    ],
)
def test_reading_a_request_with_their_own_surname_is_listed(own: str, theirs: str) -> None:
    by = make_staff(Role.COORDINATOR, last_name=own)
    inquiry = make_inquiry(full_name=theirs)
    other = make_inquiry(full_name="Somebody Different")
    as_patient = make_inquiry(full_name="Somebody Different", patient_name=theirs)
    for each in (inquiry, other, as_patient):
        ledger.record_reading(each, by=by)
    assert unusual() == {(by.username, SURNAME): {inquiry.pk, as_patient.pk}}


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        ("Lee", "Leeann Sample"),
        ("Examples", "Ana Example"),
        ("Li", "Ana Lin"),
        ("van der Berg", "Jan van der Laan"),
        ("Wolfeschlegelsteinhausenbergerdorff", "A Wolfeschlegelstein"),
        ("", "Ana Example"),
        ("–", "Ana Example"),
    ],
)
def test_reading_a_request_with_another_surname_is_not_listed(own: str, theirs: str) -> None:
    by = make_staff(Role.COORDINATOR, last_name=own)
    ledger.record_reading(make_inquiry(full_name=theirs), by=by)
    assert unusual() == {}


def test_reading_a_request_with_a_colleagues_surname_is_not_listed() -> None:
    make_staff(Role.COORDINATOR, last_name="Example")
    by = make_staff(Role.COORDINATOR, last_name="Sample")
    ledger.record_reading(make_inquiry(full_name="Ana Example"), by=by)
    assert unusual() == {}


@pytest.mark.parametrize("state", [State.CLAIMED, State.CLOSED])
def test_reading_others_requests_is_listed_until_they_take_part(state: State, lead: User) -> None:
    inquiry = make_inquiry(state)
    ledger.record_reading(inquiry, by=lead)
    assert unusual() == {(lead.username, NO_PART): {inquiry.pk}}
    steps.add_note(inquiry, text="I called them.", version=inquiry.version, by=lead)
    assert unusual() == {}


def test_reading_a_new_or_erased_request_is_not_listed(lead: User) -> None:
    for state in (State.NEW, State.ERASED):
        ledger.record_reading(make_inquiry(state), by=lead)
    assert unusual() == {}


def test_reading_a_new_request_that_someone_else_later_claims_is_not_listed(lead: User) -> None:
    inquiry = make_inquiry()
    ledger.record_reading(inquiry, by=lead)
    steps.claim(inquiry, version=inquiry.version, by=make_staff(Role.COORDINATOR))
    assert unusual() == {}


def test_accounts_not_asked_about_are_not_listed(lead: User, coordinator: User) -> None:
    ledger.record_reading(make_inquiry(State.CLOSED), by=lead)
    assert privacy.find_unusual_reading([coordinator], NOW - timedelta(days=30)) == []
