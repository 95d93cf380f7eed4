"""The audit trail in plain words, filtered and paginated."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from inquiries.ledger import audit_trail
from inquiries.ledger import events as ledger
from inquiries.models import AuditEntry
from inquiries.triage import pagination
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.ledger.audit_pages import AUDIT, access_page, follow, rows, shown, soup

pytestmark = pytest.mark.django_db

Kind = AuditEntry.Kind
CLINIC = ZoneInfo(settings.TIME_ZONE)


def test_the_trail_shows_the_newest_first_in_plain_words(
    on_duty: Client, coordinator: User
) -> None:
    with time_machine.travel(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC), tick=False):
        audit_trail.record_entry(Kind.SEARCHED, by=coordinator, by_what="name", found=3)
        audit_trail.record_entry(Kind.ACCOUNT_CHANGED, about=coordinator, role=["editor", "lead"])
    assert rows(on_duty.get(AUDIT))[:2] == [
        [
            "January 1, 2030, 10:04:05 p.m.",
            "Account or role changed",
            "–",
            coordinator.username,
            "role: editor → lead",
        ],
        [
            "January 1, 2030, 10:04:05 p.m.",
            "Searched requests",
            coordinator.username,
            "–",
            "by what: name, found: 3",
        ],
    ]


def test_each_filter_works_alone_and_combined(
    on_duty: Client, coordinator: User, lead: User
) -> None:
    audit_trail.record_entry(Kind.SEARCHED, by=coordinator, n=1)
    audit_trail.record_entry(Kind.SEARCHED, by=lead, n=2)
    audit_trail.record_entry(Kind.SIGN_IN_FAILED, about=coordinator, n=3)
    audit_trail.record_entry(Kind.PURGED, n=4)
    theirs = f"account={coordinator.pk}"
    assert shown(on_duty, "?kind=searched") == ["n: 2", "n: 1"]
    assert shown(on_duty, f"?{theirs}") == ["n: 3", "n: 1"], (
        "what they did and what was done to them"
    )
    assert shown(on_duty, f"?{theirs}&kind=searched") == ["n: 1"]
    assert shown(on_duty, f"?{theirs}&kind=purged") == []
    assert "No matching entries." in on_duty.get(f"{AUDIT}?{theirs}&kind=purged").text
    everything = shown(on_duty, "?kind=&account=&since=&until=")
    assert [each for each in everything if each.startswith("n: ")] == [
        "n: 4",
        "n: 3",
        "n: 2",
        "n: 1",
    ]


@pytest.mark.parametrize("day", ["2026-11-23", "2026-03-08", "2026-11-01"])
def test_days_are_full_clinic_days_even_at_dst_changes(on_duty: Client, day: str) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=CLINIC)
    next_midnight = midnight.replace(tzinfo=None) + timedelta(days=1)
    ends = next_midnight.replace(tzinfo=CLINIC).astimezone(UTC)
    moment = timedelta(microseconds=1)
    for name, at in (
        ("before", midnight.astimezone(UTC) - moment),
        ("first", midnight.astimezone(UTC)),
        ("last", ends - moment),
        ("after", ends),
    ):
        with time_machine.travel(at, tick=False):
            audit_trail.record_entry(Kind.PURGED, n=name)
    assert shown(on_duty, f"?kind=purged&since={day}&until={day}") == ["n: last", "n: first"]
    assert shown(on_duty, f"?kind=purged&since={day}") == ["n: after", "n: last", "n: first"]
    assert shown(on_duty, f"?kind=purged&until={day}") == ["n: last", "n: first", "n: before"]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("since=0001-01-01", "since", "Enter a day after 1999"),
        ("since=1999-12-31", "since", "Enter a day after 1999"),
        ("until=9999-12-31", "until", "Enter a day before 2200"),
        ("until=2200-01-01", "until", "Enter a day before 2200"),
        ("since=2026-02-30", "since", "Enter a day, such as 2026-11-23"),
        ("since=99999-01-01", "since", "Enter a day, such as 2026-11-23"),
        ("until=%27%20OR%201", "until", "Enter a day, such as 2026-11-23"),
        ("until=-1", "until", "Enter a day, such as 2026-11-23"),
        ("since=2026-11-24&until=2026-11-23", "until", "must not be before the first"),
        (f"account={UUID(int=0)}", "account", "Choose an account from the list"),
        ("account=nobody", "account", "Choose an account from the list"),
        ("kind=everything", "kind", "Choose one from the list"),
        ("kind=" + "x" * 5000, "kind", "Choose one from the list"),
    ],
)
def test_an_invalid_filter_says_why_next_to_its_field(
    on_duty: Client, query: str, field: str, said: str
) -> None:
    audit_trail.record_entry(Kind.PURGED)
    page = soup(on_duty.get(f"{AUDIT}?{query}"))
    assert not page.select("tbody"), "nothing rather than something else"
    assert "No matching entries" not in page.get_text()
    control = page.select_one(f'[name="{field}"]')
    assert control
    assert control["aria-invalid"] == "true"
    tied = page.select_one(f"#{control['aria-describedby']}")
    assert tied
    assert said in tied.get_text()
    assert page.select_one(f'label[for="{control["id"]}"]')


@pytest.mark.parametrize("query", ["since=2000-01-01&until=2199-12-31", "since=2026-11-23"])
def test_the_first_and_last_possible_days_are_accepted(on_duty: Client, query: str) -> None:
    with time_machine.travel("2026-11-23T17:00Z"):
        audit_trail.record_entry(Kind.PURGED, n=1)
    assert "n: 1" in shown(on_duty, f"?{query}&kind=purged")


@pytest.mark.parametrize("moments", [1, 7])
def test_the_trail_is_paged_without_gaps_and_keeps_its_filter(
    on_duty: Client, monkeypatch: pytest.MonkeyPatch, moments: int
) -> None:
    """This includes entries that were written at the same moment."""
    monkeypatch.setattr(pagination, "PAGE_SIZE", 5)
    for number in range(13):
        at = datetime(2026, 11, 23, 15, number % moments, tzinfo=UTC)
        with time_machine.travel(at, tick=False):
            audit_trail.record_entry(Kind.PURGED, n=number)
            audit_trail.record_entry(Kind.SEARCHED, n=number)
    order = sorted(range(13), key=lambda number: (number % moments, number), reverse=True)
    assert follow(on_duty, AUDIT, 4, "?kind=purged") == [f"n: {number}" for number in order]
    everything = follow(on_duty, AUDIT, 4)
    assert sum(each.startswith("n: ") for each in everything) == 26


@pytest.mark.parametrize(
    "after",
    [
        *("x", "~", "2026-01-01T00:00Z~x", "2026-01-01T00:00Z~", "9999-12-31T23:59:59-14:00~1"),
        f"2026-01-01T00:00Z~{'9' * 5000}",
        "2026-01-01~1",
    ],
)
def test_a_broken_cursor_means_the_first_page(
    on_duty: Client, coordinator: User, after: str
) -> None:
    audit_trail.record_entry(Kind.PURGED, n=1)
    ledger.record_reading(make_inquiry(), by=coordinator)
    assert "n: 1" in shown(on_duty, f"?after={after}")
    assert len(rows(on_duty.get(f"{access_page(coordinator)}?after={after}"))) == 1


@pytest.mark.parametrize("key", ["9" * 30, "-1", "0"])
def test_a_cursor_does_not_need_an_existing_row(
    on_duty: Client, coordinator: User, key: str
) -> None:
    after = f"?after=2000-01-01T00:00:00%2B00:00~{key}"
    audit_trail.record_entry(Kind.PURGED)
    page = on_duty.get(f"{AUDIT}{after}")
    assert "That was the last page." in page.text
    assert "That was the last page." in on_duty.get(f"{access_page(coordinator)}{after}").text
