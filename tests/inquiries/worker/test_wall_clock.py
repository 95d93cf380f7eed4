"""A clock that jumps ahead once: nothing is erased or mailed, and nothing is due years later."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from inquiries import privacy, wall_clock
from inquiries.mail import outbox
from inquiries.models import Delivery, Inquiry, Job, Notice
from inquiries.states import State
from inquiries.wall_clock import ClockInDoubt
from inquiries.worker import worker as working
from portal.models import User
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db
FAR = timedelta(days=400)


@pytest.fixture(autouse=True)
def _anchors(settings: Any, tmp_path: Any) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    settings.SPOOL_DIR = str(tmp_path / "spool")


def work_far_ahead() -> None:
    with time_machine.travel(timezone.now() + FAR):
        working.work_once()


def test_one_clock_jump_leaves_no_job_due_years_from_now() -> None:
    working.work_once()
    now = timezone.now()
    Job.objects.update(due_at=now + FAR, done_at=now + FAR)
    working.work_once()
    for job in Job.objects.exclude(name=wall_clock.CLOCK):
        assert job.done_at
        assert job.done_at < now + timedelta(minutes=1), job.name
        assert job.due_at <= now + timedelta(days=1, minutes=1), job.name


def test_after_a_clock_jump_no_overdue_notice_is_sent_and_nothing_is_erased(
    lead: User, coordinator: User
) -> None:
    User.objects.update(email="staff@example.org")
    make_inquiry()
    closed = make_inquiry(State.CLOSED, owner=coordinator)
    working.work_once()
    Notice.objects.all().delete()
    Inquiry.objects.filter(pk=closed.pk).update(closed_at=timezone.now() - timedelta(days=2000))
    work_far_ahead()
    assert not Notice.objects.exists()
    closed.refresh_from_db()
    assert closed.state == State.CLOSED
    working.work_once()
    assert not Notice.objects.exists()


def test_a_heartbeat_from_the_future_is_reported_until_the_worker_corrects_it(
    client: Client, settings: Any
) -> None:
    settings.EMAIL_IS_SET = True
    working.work_once()
    assert client.get("/healthz/ready").text == "ok"
    work_far_ahead()
    assert client.get("/healthz/ready").text == "degraded: clock"
    working.work_once()
    assert client.get("/healthz/ready").text == "ok"


def test_after_a_long_pause_the_clock_is_trusted_after_ten_minutes(
    client: Client,
) -> None:
    working.work_once()
    later = timezone.now() + timedelta(days=3)
    for minutes, is_done in ((0, False), (9, False), (10, True)):
        with time_machine.travel(later + timedelta(minutes=minutes), tick=False):
            working.work_once()
            rounds = Job.objects.get(name="rounds").done_at
            assert rounds
            assert (rounds >= later) is is_done, minutes
            assert ("clock" in client.get("/healthz/ready").text) is not is_done
            purge = Job.objects.get(name="purge")
            assert purge.done_at
            assert purge.done_at < later, "not for a day"


def test_a_manual_purge_is_refused_while_the_clock_is_in_doubt() -> None:
    working.work_once()
    with time_machine.travel(timezone.now() + FAR):
        with pytest.raises(ClockInDoubt, match="nothing was heard of the worker since"):
            privacy.purge_inquiries()
        with pytest.raises(CommandError, match="--clock-is-right"):
            call_command("purge_inquiries")
        call_command("purge_inquiries", "--clock-is-right")
    Job.objects.filter(name="worker").update(done_at=timezone.now() + FAR)
    with pytest.raises(ClockInDoubt, match="from the future"):
        privacy.purge_inquiries()


@pytest.mark.two_clocks
def test_nothing_runs_while_the_process_and_database_clocks_differ(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert abs(wall_clock.database_now() - timezone.now()) < timedelta(seconds=5)
    if connection.vendor == "sqlite":  # SQLite has no clock of its own
        right = timezone.now()
        monkeypatch.setattr(wall_clock, "database_now", lambda: right)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        working.work_once()
        assert set(Job.objects.values_list("name", flat=True)) == {"clock", "worker"}
        assert "clock" in client.get("/healthz/ready").text
        with pytest.raises(ClockInDoubt, match="clocks of this machine and of the database"):
            privacy.purge_inquiries()
    working.work_once()
    assert Job.objects.get(name="rounds").went_well


def test_mail_delayed_by_a_fast_clock_is_still_sent() -> None:
    make_inquiry(contact_method="email", email="ana@example.org")
    Delivery.objects.update(due_at=timezone.now() + FAR)
    assert outbox.due_mails(Delivery).exists()
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=36))
    assert not outbox.due_mails(Delivery).exists()


def test_a_worker_notices_a_clock_jump_while_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = working.Worker()
    monkeypatch.setattr(working, "work_once", lambda **without: False)
    worker._work()
    assert wall_clock.may_work()
    an_hour_on = (worker._clocks[0] + 3600, worker._clocks[1] + 1)
    monkeypatch.setattr(working, "_read_clocks", lambda: an_hour_on)
    worker._work()
    assert not wall_clock.may_work()


def test_a_manual_purge_is_refused_while_the_worker_waits_for_its_clock() -> None:
    working.work_once()
    Job.objects.update_or_create(
        name=wall_clock.CLOCK, defaults={"due_at": timezone.now(), "went_well": False}
    )
    with pytest.raises(ClockInDoubt, match="waits for a clock that it can believe"):
        wall_clock.check_clock()
