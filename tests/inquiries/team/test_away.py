"""One's own absence: what will happen is shown before it is saved."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from inquiries.ledger.verification import verify_ledger
from inquiries.models import Absence, AuditEntry
from inquiries.states import State
from inquiries.team import availability
from inquiries.triage import absences, sweep
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_absence, make_inquiry, make_spokenlanguages, make_staff

pytestmark = pytest.mark.django_db

AWAY = "/admin/inquiries/team/away/"
MONDAY, FRIDAY = "2026-11-30", "2026-12-04"
DAYS = {"first_day": MONDAY, "last_day": FRIDAY}


@pytest.fixture(autouse=True)
def _before() -> Iterator[None]:
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        yield


@pytest.fixture
def working(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def words_of(answer: Any) -> str:
    return " ".join(answer.text.split())


def test_what_will_happen_is_shown_before_anything_is_saved(
    working: Client, coordinator: User
) -> None:
    make_spokenlanguages(coordinator, "en es")
    make_staff(Role.COORDINATOR, first_name="Amy", last_name="Lee")
    make_absence(
        make_staff(Role.COORDINATOR, first_name="Ben", last_name="Roe"),
        first_day=date(2026, 12, 4),
        last_day=date(2026, 12, 4),
    )
    held = [make_inquiry(state, owner=coordinator) for state in (State.CLAIMED, State.WAITING)]
    answer = working.post(AWAY, DAYS)
    assert answer.status_code == 200
    page = words_of(answer)
    assert "On November 30, 2026, all 2 open requests go back to the queue" in page
    assert "1 of them is on hold." in page
    assert "Here on all of these days: Amy Lee." in page, "Ben is away on one of them"
    assert "None of them speaks Spanish." in page
    assert all(each.reference in page for each in held)
    assert not Absence.objects.exclude(user__first_name="Ben").exists()
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.ABSENCES_CHANGED).exists()
    assert working.post(AWAY, DAYS | {"sure": "on"}).status_code == 302
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.ABSENCES_CHANGED)
    assert (entry.by, entry.about, entry.detail) == (
        coordinator,
        coordinator,
        {"change": "added"},
    )
    assert "November 30, 2026 to December 4, 2026" in working.get(AWAY).text


def test_what_was_shown_is_what_happens(working: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    today = {"first_day": "2026-11-23", "last_day": "2026-11-23"}
    assert "goes back to the queue within a minute" in words_of(working.post(AWAY, today))
    working.post(AWAY, today | {"sure": "on"})
    assert availability.unavailable_reason(coordinator) == "absent"
    sweep.release_orphaned()
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.owner) == (State.NEW, None)
    assert verify_ledger().faults == []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2026-11-22", FRIDAY), "This day is over. Begin with today or later."),
        ((FRIDAY, MONDAY), "This is before the first day"),
        (("2026-12-10", "2026-12-20"), "There is already an absence on these days: December 12"),
        (("2026-12-12", "2026-12-12"), "There is already an absence on these days: December 12"),
        ((MONDAY, "2028-01-01"), "Choose a year or less."),
        (("", FRIDAY), "Enter a day, such as 2026-11-23"),
        (("tomorrow", "<b>"), "Enter a day, such as 2026-11-23"),
    ],
)
@pytest.mark.parametrize("sure", [{}, {"sure": "on"}])
def test_impossible_days_are_refused_in_words(
    working: Client, coordinator: User, days: tuple[str, str], said: str, sure: dict[str, str]
) -> None:
    make_absence(coordinator, first_day=date(2026, 12, 12), last_day=date(2026, 12, 13))
    answer = working.post(AWAY, dict(zip(DAYS, days, strict=True)) | sure)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert Absence.objects.count() == 1


def test_days_can_be_removed_while_they_are_not_over(working: Client, coordinator: User) -> None:
    over = make_absence(coordinator, first_day=date(2026, 11, 2), last_day=date(2026, 11, 3))
    later = make_absence(coordinator, first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
    of_another = make_absence()
    for key in (over.pk, of_another.pk, "x", "9" * 30):
        assert working.post(AWAY, {"remove": key}).status_code == 302
    assert Absence.objects.count() == 3
    for _ in range(2):
        working.post(AWAY, {"remove": later.pk})
    assert set(Absence.objects.all()) == {over, of_another}
    assert AuditEntry.objects.filter(kind=AuditEntry.Kind.ABSENCES_CHANGED).count() == 1


def test_leads_enter_days_for_colleagues_and_colleagues_only_their_own(
    client: Client, coordinator: User, lead: User
) -> None:
    address = f"{AWAY}{coordinator.pk}/"
    client.force_login(make_staff(Role.COORDINATOR))
    assert client.post(address, DAYS | {"sure": "on"}).status_code == 404
    client.force_login(lead)
    assert client.post(address, DAYS | {"sure": "on"}).status_code == 302
    assert Absence.objects.get().user == coordinator
    assert client.post(f"{AWAY}{make_staff(Role.EDITOR).pk}/", DAYS).status_code == 404
    days = {"first_day": date(2026, 12, 20), "last_day": date(2026, 12, 20)}
    with pytest.raises(PermissionDenied):
        absences.enter_absence(lead, by=coordinator, **days)
    with pytest.raises(PermissionDenied):
        absences.remove_absence(Absence.objects.get(), by=make_staff(Role.COORDINATOR))


@pytest.mark.django_db(transaction=True)
def test_the_same_days_sent_twice_at_once_are_one_absence(coordinator: User) -> None:
    days = {"first_day": date(2026, 12, 20), "last_day": date(2026, 12, 21)}

    def enter(_number: int) -> bool:
        try:
            absences.enter_absence(coordinator, by=coordinator, **days)
        except ValidationError:
            return False
        return True

    assert sorted(together(2, enter)) == [False, True]
    assert Absence.objects.count() == 1
