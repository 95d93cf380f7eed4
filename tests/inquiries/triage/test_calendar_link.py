"""The calendar link: secret, revocable, and nothing in it but references and times."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from inquiries.models import AuditEntry, CalendarLink
from inquiries.states import State
from inquiries.triage import calendar_link
from inquiries.triage.calendar_feed import escape_text, fold_line
from portal.http import limits
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

YOURS = "/admin/inquiries/your-calendar/"
MONDAY = datetime(2026, 11, 30, 9, 5, tzinfo=ZoneInfo("America/New_York"))


def feed(client: Client, user: User) -> tuple[str, Any]:
    """Make a link, and return its path and what it opens for a program that isn't signed in."""
    path = f"/calendar/{calendar_link.create_link(user)}.ics"
    return path, client.get(path)


@pytest.mark.django_db
@time_machine.travel(MONDAY, tick=False)
def test_it_holds_references_and_times_of_own_call_backs_only(
    client: Client, coordinator: User
) -> None:
    far = make_inquiry(
        State.CLAIMED, owner=coordinator, full_name="Rosa Far", time_zone="America/Los_Angeles"
    )
    other = make_inquiry(State.CLAIMED, owner=make_staff(Role.COORDINATOR))
    _, answer = feed(client, coordinator)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert "DTSTART:20261130T170000Z" in lines, "9 a.m. in Los Angeles"
    assert f"SUMMARY:{far.reference}" in lines
    names = {line.partition(":")[0] for line in lines[lines.index("BEGIN:VEVENT") :]}
    assert names == {
        *("BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "END", ""),
    }
    for secret in (other.reference, "Rosa", "555", "Call", str(far.pk)):
        assert secret not in answer.text


@pytest.mark.django_db
@time_machine.travel(MONDAY, tick=False)
def test_a_call_that_can_be_made_now_stays_in_its_place_for_a_while(
    client: Client, coordinator: User
) -> None:
    make_inquiry(State.CLAIMED, owner=coordinator, time_zone="America/New_York")
    _, answer = feed(client, coordinator)
    assert "DTSTART:20261130T140000Z" in answer.text


@pytest.mark.django_db
def test_it_is_off_until_made_shown_once_and_only_hashed(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    assert "Your calendar link is off" in client.get(YOURS).text
    made = client.post(YOURS, {"make": ""})
    field = BeautifulSoup(made.text, "html.parser").select_one("#feed")
    assert field
    address = str(field["value"])
    assert made["Cache-Control"] == "private, no-store"
    path = address[address.index("/calendar/") :]
    assert len(path) > len("/calendar/.ics") + 40
    assert Client().get(path).status_code == 200
    again = client.get(YOURS).text
    assert "Your calendar link is on" in again
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in again
    assert token not in str(CalendarLink.objects.values_list())
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.CALENDAR_LINKED)
    assert (entry.by, entry.detail) == (coordinator, {"change": "made"})


@pytest.mark.django_db
def test_a_new_link_or_turning_it_off_ends_the_old_one(client: Client, coordinator: User) -> None:
    first, _ = feed(client, coordinator)
    second, answer = feed(client, coordinator)
    assert answer.status_code == 200
    assert client.get(first).status_code == 404
    client.force_login(coordinator)
    assert client.post(YOURS, {"end": ""}, follow=True).status_code == 200
    assert client.get(second).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.EDITOR}, {"role": ""}])
def test_it_ends_with_the_account_or_the_role(
    client: Client, coordinator: User, change: dict[str, Any]
) -> None:
    path, _ = feed(client, coordinator)
    for name, value in change.items():
        setattr(coordinator, name, value)
    coordinator.save()
    assert client.get(path).status_code == 404
    assert not CalendarLink.objects.exists()
    ended = AuditEntry.objects.filter(kind=AuditEntry.Kind.CALENDAR_LINKED).latest("number")
    assert (ended.about, ended.detail) == (
        coordinator,
        {"change": "ended", "why": "account_changed"},
    )


@pytest.mark.django_db
def test_a_change_behind_the_portals_back_closes_it_too(client: Client, coordinator: User) -> None:
    path, _ = feed(client, coordinator)
    User.objects.filter(pk=coordinator.pk).update(role=Role.EDITOR)
    assert client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "a" * 43, "…", "%00", "A" * 2000])
def test_any_other_address_is_not_found_and_never_repeated(client: Client, token: str) -> None:
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "private, no-store"
    assert token not in answer.text or token == "x"
    assert not answer.cookies


@pytest.mark.django_db
def test_no_cache_keeps_it_and_no_session_begins(client: Client, coordinator: User) -> None:
    _, answer = feed(client, coordinator)
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert client.post(f"/calendar/{'a' * 43}.ics").status_code == 405


@pytest.mark.django_db
def test_the_owner_sees_when_it_was_read(client: Client, coordinator: User) -> None:
    path, _ = feed(client, coordinator)
    first = CalendarLink.objects.get().read_at
    assert first
    client.get(path)
    assert CalendarLink.objects.get().read_at == first, "to the hour"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        client.get(path)
    later = CalendarLink.objects.get().read_at
    assert later
    assert later > first
    client.force_login(coordinator)
    assert "A calendar last read it around" in client.get(YOURS).text


@pytest.mark.django_db
def test_guesses_are_limited(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS_ENABLED = True
    most = limits.LIMITS["calendar_feed"].most
    statuses = [client.get(f"/calendar/{number}.ics").status_code for number in range(most + 1)]
    assert set(statuses[:-1]) == {404}
    assert statuses[-1] == 429


def test_text_is_escaped() -> None:
    assert escape_text("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_lines_are_folded_inside_no_character(line: str) -> None:
    folded = fold_line(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
