"""Failed sign-ins on record: the first, the lock and a count, and never too many entries."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from inquiries.models import AuditEntry
from portal.accounts import failures
from portal.models import FailureTally, User
from tests.portal.accounts.devices import enter
from tests.portal.accounts.sessions import minutes_later

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
DAY = 24 * 60


def recorded(about: User | None = None) -> list[dict[str, Any]]:
    kept = AuditEntry.objects.filter(kind=AuditEntry.Kind.SIGN_IN_FAILED, about=about)
    return [
        {name: value for name, value in entry.detail.items() if name != "address"}
        for entry in kept.order_by("number")
    ]


def test_security_9_an_attack_records_the_first_failures_the_lock_and_a_tally(
    coordinator: User,
) -> None:
    for number in range(130):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        client.post(LOGIN, {"login": coordinator.username, "password": "guess"})
    wrong, locked = {"method": "password"}, {"method": "password", "why": "locked"}
    assert recorded(coordinator) == [
        *([wrong] * 5),
        *([locked] * 5),
        {**locked, "count": 10},
        {**locked, "count": 100},
    ]
    with minutes_later(DAY + 1):
        call_command("clearsessions")
        assert recorded(coordinator)[-1] == {**locked, "count": 125, "within": "day"}
        call_command("clearsessions")
        assert len(recorded(coordinator)) == 13
        enter(Client(), coordinator, "not the password")
        assert recorded(coordinator)[-1] == wrong, "the first of another day"


def test_security_9_unknown_names_count_as_one_attack(settings: Any) -> None:
    settings.RATE_LIMITS_ENABLED = False
    for number in range(200):
        Client().post(LOGIN, {"login": f"nobody-{number}", "password": "guess"})
    assert len(recorded()) == 7
    assert FailureTally.objects.get().count == 200


def test_security_9_other_events_are_not_drowned_out(coordinator: User, lead: User) -> None:
    for _ in range(1_000):
        failures.record_failure(None, method="password", about=coordinator)
    enter(Client(), lead)
    enter(Client(), lead, "not the password")
    newest = AuditEntry.objects.values_list("kind", flat=True)[:20]
    assert len(newest) <= 10
    assert list(newest[:2]) == ["sign_in_failed", "signed_in"]


def test_a_finished_tally_is_recorded_before_the_next_one_begins(coordinator: User) -> None:
    for _ in range(8):
        failures.record_failure(None, method="totp", about=coordinator)
    with minutes_later(DAY + 1):
        failures.record_failure(None, method="totp", about=coordinator)
    assert recorded(coordinator)[-2:] == [
        {"method": "totp", "count": 8, "within": "day"},
        {"method": "totp"},
    ]
