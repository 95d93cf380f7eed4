"""What a load balancer and the person on call are told."""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from inquiries.deadlines import service_levels
from inquiries.intake import spool
from inquiries.mail import patient_mail, staff_notices
from inquiries.models import Delivery, Inquiry, Job, Notice, OpeningHours
from inquiries.states import State
from inquiries.triage import steps
from inquiries.worker import schedule
from portal.models import User
from tests.factories import make_inquiry, make_notice, make_submission
from tests.portal.real_site import Site

pytestmark = pytest.mark.django_db

BY_MAIL: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}


@pytest.fixture(autouse=True)
def _all_is_well(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    now = timezone.now()
    Job.objects.create(name=schedule.HEARTBEAT, due_at=now, done_at=now)


def told(client: Client) -> tuple[int, str]:
    response = client.get("/healthz/ready")
    return response.status_code, response.text


def break_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail)


def spool_one(minutes_ago: float) -> None:
    spool.write_entry(
        spool.SpoolEntry(
            submission=make_submission(),
            key="one-form-on-one-screen",
            article="",
            topic="",
            suspicion="",
            at=timezone.now(),
        )
    )
    at = time.time() - minutes_ago * 60
    os.utime(spool.waiting_entries()[0], (at, at))


def test_a_healthy_site_says_ok(client: Client) -> None:
    for address in ("/healthz/live", "/healthz/ready"):
        response = client.get(address)
        assert (response.status_code, response.text) == (200, "ok")
        assert "no-store" in response["Cache-Control"]


def test_requests_are_still_accepted_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_the_database(monkeypatch)
    assert client.get("/healthz/live").status_code == 200
    assert told(client) == (200, "degraded: database")


def test_the_site_takes_no_traffic_with_neither_database_nor_spool(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "in-the-way").write_text("")
    settings.SPOOL_DIR = str(tmp_path / "in-the-way")
    assert told(client) == (200, "degraded: no room for the spool")
    break_the_database(monkeypatch)
    assert told(client) == (503, "neither database nor spool")


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (1_000_000, "degraded: no room for the spool, journal"),
        (50_000_000, "degraded: no room for the spool, journal"),
        (50_000_001, "ok"),
    ],
)
def test_a_full_disk_leaves_no_room_for_the_spool(
    client: Client, monkeypatch: pytest.MonkeyPatch, free: int, expected: str
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert told(client) == (200, expected)


def test_the_site_is_not_ready_with_a_migration_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="articles").latest("applied").delete()
    assert told(client) == (503, "migrations missing")


def test_a_silent_worker_is_reported(client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert told(client) == (200, "ok")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert told(client) == (200, "degraded: worker")
    Job.objects.all().delete()
    assert told(client) == (200, "degraded: worker")


@pytest.mark.parametrize(("seconds", "expected"), [(300, "ok"), (301, "degraded: worker")])
def test_a_worker_may_be_silent_for_five_minutes(
    client: Client, seconds: int, expected: str
) -> None:
    seen_at = Job.objects.get(name=schedule.HEARTBEAT).done_at
    assert seen_at
    with time_machine.travel(seen_at + timedelta(seconds=seconds), tick=False):
        assert told(client) == (200, expected)


@pytest.mark.parametrize(("seconds", "expected"), [(900, "ok"), (901, "degraded: mail")])
def test_an_email_may_wait_for_fifteen_minutes(client: Client, seconds: int, expected: str) -> None:
    make_inquiry(**BY_MAIL)
    now = Delivery.objects.get().due_at + timedelta(seconds=seconds)
    Job.objects.update(done_at=now)
    with time_machine.travel(now, tick=False):
        assert told(client) == (200, expected)


@pytest.mark.parametrize(("seconds", "expected"), [(59.5, "ok"), (60.5, "degraded: spool")])
def test_a_request_may_wait_in_the_spool_for_a_minute(
    client: Client, seconds: float, expected: str
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        spool_one(minutes_ago=seconds / 60)
        assert told(client) == (200, expected)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(timedelta(hours=24), "ok"), (timedelta(hours=23, minutes=59), "degraded: notices")],
)
def test_a_failed_notice_is_reported_for_a_day(
    client: Client, ago: timedelta, expected: str
) -> None:
    staff_notices.handle_failure([make_notice()], "refused", is_permanent=True)
    now = timezone.now()
    Notice.objects.update(settled_at=now - ago)
    with time_machine.travel(now, tick=False):
        assert told(client) == (200, expected)


def test_a_failed_job_is_named(client: Client) -> None:
    Job.objects.create(name="verify", due_at=timezone.now(), went_well=False)
    assert told(client) == (200, "degraded: verify")


def test_a_request_that_waits_too_long_in_the_spool_is_reported(client: Client) -> None:
    spool_one(minutes_ago=0)
    assert told(client) == (200, "ok")
    spool_one(minutes_ago=2)
    assert told(client) == (200, "degraded: spool")


def test_an_email_that_waits_too_long_is_reported(client: Client, settings: Any) -> None:
    make_inquiry(**BY_MAIL)
    assert told(client) == (200, "ok")
    delivery = Delivery.objects.get()
    Delivery.objects.update(due_at=delivery.due_at - timedelta(minutes=16))
    assert told(client) == (200, "degraded: mail")
    settings.EMAIL_IS_SET = False
    assert told(client) == (200, "degraded: mail is not set, mail")


def test_a_permanently_failed_email_is_reported_until_it_is_handled(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BY_MAIL)
    patient_mail.handle_failure(Delivery.objects.get(), "refused", is_permanent=True)
    assert told(client) == (200, "degraded: mail")
    inquiry.refresh_from_db()
    steps.log_attempt(
        inquiry, method="phone", reached="spoke", version=inquiry.version, by=coordinator
    )
    assert told(client) == (200, "ok")


def test_a_request_quarantined_too_long_is_reported(client: Client) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    assert told(client) == (200, "ok")
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert told(client) == (200, "degraded: quarantine")


def test_a_mail_server_that_keeps_refusing_is_reported(client: Client) -> None:
    make_inquiry(**BY_MAIL)
    for attempts, expected in ((1, "ok"), (2, "degraded: mail")):
        later = timezone.now() + timedelta(hours=1)
        Delivery.objects.update(attempts=attempts, failure="unreachable", due_at=later)
        assert told(client) == (200, expected)


def test_an_overdue_job_is_named(client: Client) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    Job.objects.create(name="verify", due_at=timezone.now(), done_at=long_ago)
    assert told(client) == (200, "degraded: verify")


def test_a_staff_notice_that_waits_or_fails_is_reported(client: Client, settings: Any) -> None:
    notice = make_notice()
    assert told(client) == (200, "ok")
    later = timezone.now() + timedelta(minutes=16)
    with time_machine.travel(later, tick=False):
        Job.objects.update(done_at=later)
        assert told(client) == (200, "degraded: notices")
        settings.EMAIL_IS_SET = False
        assert told(client) == (200, "degraded: mail is not set, notices")
    settings.EMAIL_IS_SET = True
    Notice.objects.update(attempts=2, failure="unreachable", due_at=later)
    Job.objects.update(done_at=timezone.now())
    assert told(client) == (200, "degraded: notices")
    staff_notices.handle_failure([notice], "refused", is_permanent=True)
    assert told(client) == (200, "degraded: notices")
    Notice.objects.update(settled_at=timezone.now() - timedelta(days=1, minutes=1))
    assert told(client) == (200, "ok")


def test_a_calendar_without_working_hours_is_reported(client: Client) -> None:
    OpeningHours.objects.all().delete()
    service_levels.clear_cache()
    assert told(client) == (200, "degraded: calendar")


@pytest.mark.once
@pytest.mark.parametrize("host", ["10.0.0.5:8000", "[fd00::5]:8000", "", "evil.example", "a b"])
def test_only_health_checks_are_answered_for_any_host(site: Site, host: str) -> None:
    for address, status in (
        ("/healthz/live", 200),
        ("/healthz/ready", 200),
        ("/", 400),
        ("/healthz/live/", 400),
        ("/healthz/", 400),
    ):
        line = f"Host: {host}\r\n" if host else ""
        proxied = "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n"
        close = "Connection: close\r\n\r\n"
        answer = site.send(f"GET {address} HTTP/1.0\r\n{line}{proxied}{close}".encode())
        assert answer.split()[1].decode() == str(status), (address, answer[:80])
