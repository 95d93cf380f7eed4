"""The command that erases what we may no longer keep."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from inquiries import privacy
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, Event, Inquiry
from inquiries.outcomes import CHOSEN_OUTCOMES, Outcome
from inquiries.states import AttemptResult, ErasureReason, State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.privacy.erasing import erased, everything_stored

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def periods(settings: Any) -> dict[str, int]:
    settings.RETENTION_DAYS = {outcome: 10 * n for n, outcome in enumerate(CHOSEN_OUTCOMES, 1)}
    settings.RETENTION_DAYS |= {Outcome.DUPLICATE: 10}
    days: dict[str, int] = {name: settings.RETENTION_DAYS[name] for name in CHOSEN_OUTCOMES}
    return days


def make_closed(outcome: str, kept: timedelta) -> Inquiry:
    """Make a request that was closed this long before NOW."""
    owner = make_staff(Role.LEAD)
    with time_machine.travel(NOW - kept, tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner)
        if outcome == Outcome.UNREACHABLE:  # their only contact detail does not work
            wrong = {"method": "phone", "reached": AttemptResult.WRONG}
            inquiry = steps.log_attempt(inquiry, **wrong, version=inquiry.version, by=owner)
        return steps.close(inquiry, outcome=outcome, version=inquiry.version, by=owner)


def purge(*arguments: str) -> str:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("purge_inquiries", *arguments, stdout=out)
    return out.getvalue()


def test_each_outcome_has_its_own_period_with_an_exact_limit(periods: dict[str, int]) -> None:
    border = timedelta(microseconds=1)
    over = {
        make_closed(outcome, timedelta(days=days) + border).reference
        for outcome, days in periods.items()
    }
    for outcome, days in periods.items():
        make_closed(outcome, timedelta(days=days))
        make_closed(outcome, timedelta(days=days) - border)
    with time_machine.travel(NOW - timedelta(days=9999), tick=False):
        make_inquiry()
        make_inquiry(State.CLAIMED)
    report = purge()
    assert erased() == over
    assert "answered: 1 older than 10 days" in report
    assert "not_a_request: 1 older than 50 days" in report
    assert report.endswith("5 requests erased\n")
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.PURGED)
    assert (entry.by, entry.detail) == (None, dict.fromkeys(periods, 1))
    for event in Event.objects.filter(kind=Event.Kind.ERASED):
        assert (event.by, event.detail) == (None, {"reason": ErasureReason.RETENTION})
    assert verify_ledger().faults == []


def test_a_dry_run_reports_the_same_and_changes_nothing(periods: dict[str, int]) -> None:
    for outcome in Outcome.values[:3]:
        make_closed(outcome, timedelta(days=100))
    before = everything_stored()
    report = purge("--dry-run")
    assert everything_stored() == before
    assert report.endswith("3 requests would be erased\n")
    assert purge().replace("requests erased", "requests would be erased") == report
    assert len(erased()) == 3


def test_nothing_is_recorded_when_nothing_is_due(periods: dict[str, int]) -> None:
    make_closed(Outcome.ANSWERED, timedelta(days=1))
    assert purge().endswith("0 requests erased\n")
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.PURGED).exists()


def test_retention_resumes_where_it_was_stopped(
    periods: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "_BATCH", 2)
    for number in range(5):
        make_closed(Outcome.ANSWERED, timedelta(days=20 + number))
    erase_one = privacy.erase_inquiry
    done: list[str] = []

    def stop_at_the_fourth(inquiry: Inquiry, **arguments: Any) -> Inquiry:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(inquiry.reference)
        return erase_one(inquiry, **arguments)

    monkeypatch.setattr(privacy, "erase_inquiry", stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        purge()
    assert erased() == set(done)
    monkeypatch.setattr(privacy, "erase_inquiry", erase_one)
    assert purge().endswith("2 requests erased\n")
    assert len(erased()) == 5
    assert verify_ledger().faults == []


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_requests_reopened_meanwhile_stay_and_changed_ones_wait_for_the_next_run(
    periods: dict[str, int], monkeypatch: pytest.MonkeyPatch, coordinator: User, batch: int
) -> None:
    monkeypatch.setattr(privacy, "_BATCH", batch)
    reopened, noted, due = (
        make_closed(Outcome.ANSWERED, timedelta(days=days)) for days in (40, 30, 20)
    )
    erase_one = privacy.erase_inquiry
    meanwhile = {
        reopened.pk: lambda row: steps.reopen(row, version=row.version, by=coordinator),
        noted.pk: lambda row: steps.add_note(row, text="x", version=row.version, by=coordinator),
    }

    def after_somebody_else(inquiry: Inquiry, **arguments: Any) -> Inquiry:
        if change := meanwhile.pop(inquiry.pk, None):
            change(inquiry)
        return erase_one(inquiry, **arguments)

    monkeypatch.setattr(privacy, "erase_inquiry", after_somebody_else)
    assert purge().endswith("1 requests erased\n")
    assert erased() == {due.reference}
    assert purge().endswith("1 requests erased\n")
    assert erased() == {due.reference, noted.reference}


def test_the_period_of_a_reopened_request_starts_at_its_last_closing(
    periods: dict[str, int], coordinator: User
) -> None:
    inquiry = make_closed(Outcome.ANSWERED, timedelta(days=100))
    with time_machine.travel(NOW - timedelta(days=5), tick=False):
        inquiry = steps.reopen(inquiry, version=inquiry.version, by=coordinator)
        inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
        steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    assert purge().endswith("0 requests erased\n")
