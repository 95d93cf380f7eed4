"""The worker: what it does on schedule, once each, and what it does when something fails."""

import shutil
import subprocess
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from inquiries.intake import front_desk
from inquiries.models import AnchorCopy, Job
from inquiries.worker import jobs
from inquiries.worker import worker as working
from inquiries.worker.schedule import LONG
from tests.concurrency import together
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the jobs that ran; the real work is stubbed."""
    done: list[str] = []

    def note(name: str) -> bool:
        done.append(name)
        return True

    for name, work in list(jobs.JOBS.items()):
        monkeypatch.setitem(jobs.JOBS, name, jobs.JobSpec(work.every, partial(note, name)))
    return done


def test_all_jobs_run_at_startup_and_then_on_schedule(done: list[str]) -> None:
    now = timezone.now()
    for minutes, expected in (
        (0, list(jobs.JOBS)),
        (0.1, []),
        (0.5, ["worker", "pages", "plans"]),
        (
            61,
            [
                *("worker", "rounds", "publish", "pages", "plans", "index", "digest", "desk"),
                *("anchor", "bounces", "sources", "tidy"),
            ],
        ),
        (24 * 60 + 1, list(jobs.JOBS)),
    ):
        done.clear()
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            working.work_once()
        assert done == expected, minutes


def test_long_jobs_are_done_beside_the_others(done: list[str]) -> None:
    assert working.do_long_jobs() is False
    assert set(done) == LONG


def test_each_job_runs_as_often_as_documented() -> None:
    assert {name: work.every for name, work in jobs.JOBS.items()} == {
        "worker": timedelta(seconds=10),
        "rounds": timedelta(minutes=1),
        "publish": timedelta(minutes=1),
        "pages": timedelta(seconds=10),
        "plans": timedelta(seconds=10),
        "index": timedelta(minutes=1),
        "digest": timedelta(minutes=5),
        "desk": timedelta(minutes=15),
        "tidy": timedelta(hours=1),
        "anchor": timedelta(minutes=1),
        "bounces": timedelta(minutes=3),
        "sources": timedelta(minutes=5),
        "purge": timedelta(days=1),
        "verify": timedelta(days=1),
        "holidays": timedelta(days=1),
    }


@pytest.mark.django_db(transaction=True)
def test_only_one_of_four_workers_runs_each_job(done: list[str]) -> None:
    together(4, lambda number: working.work_once())
    assert sorted(done) == sorted(jobs.JOBS)


def test_the_real_jobs_all_run_and_leave_their_results(settings: Any, tmp_path: Any) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    make_inquiry()
    working.work_once()
    assert (tmp_path / "anchors.jsonl").exists()
    assert AnchorCopy.objects.count() == 1
    assert all(Job.objects.values_list("went_well", flat=True))
    assert Job.objects.filter(done_at__isnull=False).count() == len(jobs.JOBS)


def test_a_failing_job_is_recorded_and_does_not_hold_up_others(
    monkeypatch: pytest.MonkeyPatch, done: list[str]
) -> None:
    def fail() -> bool:
        raise RuntimeError("no room for an anchor")

    every = timedelta(days=1)
    monkeypatch.setitem(jobs.JOBS, "anchor", jobs.JobSpec(every, fail))
    monkeypatch.setitem(jobs.JOBS, "verify", jobs.JobSpec(every, lambda: False))
    working.work_once()
    assert {"purge", "tidy", "worker"} <= set(done)
    failed = Job.objects.filter(went_well=False).values_list("name", flat=True)
    assert set(failed) == {"anchor", "verify"}


def test_the_worker_waits_for_a_database_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    worker = working.Worker()

    def down(**without: Any) -> bool:
        tried.append(1)
        if len(tried) == 3:
            worker.stop()
        raise OperationalError("gone")

    monkeypatch.setattr(working, "work_once", down)
    monkeypatch.setattr(working, "do_long_jobs", lambda: False)
    monkeypatch.setattr(working, "INTERVAL", 0.001)
    monkeypatch.setattr(connection, "close", lambda: None)
    worker.run()
    assert len(tried) == 3


def test_every_worker_empties_the_spool_of_its_own_machine(
    monkeypatch: pytest.MonkeyPatch, done: list[str]
) -> None:
    emptied = []

    def replay() -> tuple[int, int]:
        emptied.append(1)
        return 0, 0

    monkeypatch.setattr(front_desk, "replay_spool", replay)
    working.work_once()
    working.work_once()
    assert len(emptied) == 2


def test_a_worker_told_to_stop_finishes_its_current_work(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = working.Worker()
    monkeypatch.setattr(working, "work_once", lambda **without: False)
    monkeypatch.setattr(working, "do_long_jobs", lambda: False)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    thread = threading.Thread(target=worker.run)
    thread.start()
    worker.stop()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.once
def test_the_command_runs_until_it_is_told_to_stop(tmp_path: Path, new_database: Path) -> None:
    from tests.portal.real_site import PRODUCTION, REPOSITORY

    env = {**PRODUCTION, "PORTAL_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}

    def manage(*arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    shutil.copyfile(new_database, tmp_path / "portal.sqlite3")
    with subprocess.Popen(manage("work"), cwd=REPOSITORY, env=env) as worker:
        ends_at = time.monotonic() + 30
        while not (tmp_path / "anchors.jsonl").exists() and time.monotonic() < ends_at:
            time.sleep(0.1)
        worker.terminate()
        assert worker.wait(10) == 0
    assert (tmp_path / "anchors.jsonl").exists(), "it did its daily work at once"


def test_a_job_interrupted_by_the_database_is_retried_soon(
    monkeypatch: pytest.MonkeyPatch, done: list[str]
) -> None:
    def broken_off() -> bool:
        raise OperationalError("gone")

    every, now = timedelta(days=1), timezone.now()
    with monkeypatch.context() as down, time_machine.travel(now, tick=False):
        down.setitem(jobs.JOBS, "purge", jobs.JobSpec(every, broken_off))
        with pytest.raises(OperationalError):
            working.work_once()
    for minutes, is_done in ((14, False), (15, True)):
        done.clear()
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            working.work_once()
        assert ("purge" in done) is is_done, minutes


def test_an_error_does_not_stop_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, met = working.Worker(), []

    def fail(**without: Any) -> bool:
        met.append(1)
        if len(met) == 2:
            worker.stop()
        raise OSError("Read-only file system")

    monkeypatch.setattr(working, "work_once", fail)
    monkeypatch.setattr(working, "do_long_jobs", lambda: False)
    monkeypatch.setattr(working, "INTERVAL", 0.001)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    worker.run()
    assert len(met) == 2


def test_a_long_job_renews_its_lease_and_stops_when_told_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = Job.objects.create(name="purge", due_at=timezone.now())
    lease = jobs.Lease("purge")
    lease(1)
    job.refresh_from_db()
    assert job.due_at <= timezone.now(), "not at every step"
    monkeypatch.setattr(jobs, "_RENEWAL", 0.0)
    lease(2)
    job.refresh_from_db()
    assert job.due_at > timezone.now() + timedelta(minutes=10)
    jobs.stopping.set()
    try:
        with pytest.raises(jobs.Interrupted):
            lease(3)
    finally:
        jobs.stopping.clear()


def test_an_interrupted_job_is_due_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> bool:
        raise jobs.Interrupted

    every = jobs.JOBS["purge"].every
    monkeypatch.setattr(working, "JOBS", {"purge": jobs.JobSpec(every, interrupted)})
    working.work_once()
    job = Job.objects.get(name="purge")
    assert job.due_at <= timezone.now()
    assert job.done_at is None


def test_the_worker_does_not_rest_while_there_is_more_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker, rounds = working.Worker(), []

    def more(**without: Any) -> bool:
        rounds.append(1)
        if len(rounds) == 3:
            worker.stop()
        return True

    monkeypatch.setattr(working, "work_once", more)
    monkeypatch.setattr(working, "do_long_jobs", lambda: False)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    monkeypatch.setattr(working, "INTERVAL", 60)
    worker.run()
    assert len(rounds) == 3
