"""What the worker does: empties the outbox and the spool, and does what is due by the clock.

Any number of workers may run: each mail, file and job is taken by one. One that is killed loses
nothing: what it had is taken up by another, or by itself when it is back. While the clock is in
doubt (`inquiries.wall_clock`), mails go out, what was spooled is stored, and nothing is done by it.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.core.management import call_command
from django.db import Error, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from articles.editing import publishing
from articles.reading.feedback import delete_old_comments
from inquiries import privacy, private_links, wall_clock
from inquiries.deadlines import public_holidays, service_levels
from inquiries.intake import bursts, front_desk
from inquiries.ledger import anchors, backfill
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import brake, outbox, patient_mail, staff_notices
from inquiries.models import Delivery, Job, Notice, Outgoing
from inquiries.triage import sweep
from inquiries.wall_clock import HEARTBEAT
from inquiries.worker import daily_digest, mailer
from inquiries.worker.schedule import INTERVALS, LEASE, LONG, VERIFY

logger = logging.getLogger(__name__)

#: Seconds between two looks, and how many mails are sent at most before the next look at the rest.
INTERVAL = 1.0
_MAILS_AT_ONCE = 50
#: Seconds between two signs of a long job that it goes on, between two of its steps, and for which
#: it may end by itself.
_RENEWAL = 10.0
_BREATH = 0.01
_STOP_SECONDS = 3.0
#: A mail to a sender, or what one of us is told in one mail.
Mail = TypeVar("Mail", Delivery, list[Notice])


_stopping = threading.Event()


class Interrupted(Exception):
    """The worker was told to stop while it was at a long job."""


@dataclass(frozen=True)
class _JobSpec:
    every: timedelta
    #: Returns whether all is well.
    do: Callable[[], bool]


class _Lease:
    """Called by a long job again and again: it goes on being ours. Raise Interrupted."""

    def __init__(self, name: str) -> None:
        self.name, self.renewed_at = name, time.monotonic()

    def __call__(self, count: int) -> None:
        # The pause lets in who waits for the pen of an SQLite database: it stands in no line.
        if _stopping.wait(_BREATH):
            raise Interrupted
        if time.monotonic() - self.renewed_at > _RENEWAL:
            self.renewed_at = time.monotonic()
            Job.objects.filter(name=self.name).update(due_at=timezone.now() + LEASE)


def _anchor() -> bool:
    """Word of a broken line goes out once; anchoring goes on after it."""
    anchor = anchors.write_anchor()
    return anchor is None or not anchor.skips


def _purge() -> bool:
    privacy.purge_inquiries(on_progress=_Lease("purge"))
    unknown = privacy.outcomes_without_retention()
    for outcome in unknown:
        logger.error("nothing that ended so is erased: see RETENTION_DAYS", extra={"kind": outcome})
    return not unknown


def _verify() -> bool:
    """What it finds is told by the command, which somebody has to call then."""
    findings = verify_ledger(on_progress=_Lease(VERIFY))
    backfill.bind_requests(findings.unbound)
    Job.objects.filter(name=VERIFY).update(summary=findings.conservation)
    return not findings.faults


def _sweep() -> bool:
    """What waits for its time, what has nobody left to look after it, and what is due."""
    went_well = True
    for part in (sweep.wake_due, sweep.release_orphaned, sweep.warn_of_deadlines):
        try:
            part()
        except sweep.SweepIncomplete:  # and the rest of the round is not
            went_well = False
    return went_well


def _publish() -> bool:
    """Articles that are to appear or to go; what could not appear says so in its history."""
    _, held = publishing.run_schedule(timezone.now())
    return not held


def _digest() -> bool:
    daily_digest.queue_digests()
    return True


def _keep_holidays() -> bool:
    all_known = public_holidays.save_holidays()
    service_levels.clear_cache()
    return all_known


def _tidy() -> bool:
    call_command("clearsessions")
    staff_notices.delete_old_notices()
    delete_old_comments()
    bursts.forget_old_origins()
    private_links.forget_ended_visits()
    return True


_WORK: dict[str, Callable[[], bool]] = {
    HEARTBEAT: lambda: True,
    "rounds": _sweep,
    "publish": _publish,
    "digest": _digest,
    "anchor": _anchor,
    "purge": _purge,
    VERIFY: _verify,
    "holidays": _keep_holidays,
    "tidy": _tidy,
}
JOBS = {name: _JobSpec(INTERVALS[name], do) for name, do in _WORK.items()}


class Worker:
    def __init__(self) -> None:
        self._clocks = _read_clocks()

    @property
    def is_stopping(self) -> bool:
        return _stopping.is_set()

    def stop(self) -> None:
        """After what it is at."""
        _stopping.set()

    def run(self) -> None:
        """Until it is told to stop. A database that is down is waited for."""
        beside = threading.Thread(target=self._repeat, args=(do_long_jobs,), daemon=True)
        beside.start()
        try:
            self._repeat(self._work)
            beside.join(_STOP_SECONDS)
        finally:
            _stopping.clear()

    def _work(self) -> bool:
        """As `work_once`, without what takes long; notices where the clock jumps meanwhile."""
        before, self._clocks = self._clocks, _read_clocks()
        by_clock, passed = (now - then for now, then in zip(self._clocks, before, strict=True))
        if by_clock - passed > wall_clock.TOLERANCE.total_seconds():
            logger.warning("the clock jumped ahead; nothing is done by it for a while")
            wall_clock.hold_jobs(timezone.now() + wall_clock.HOLD)
        return work_once(without=LONG)

    def _repeat(self, work: Callable[[], bool]) -> None:
        while not self.is_stopping:
            try:
                close_old_connections()
                busy = work()
            except Error:
                logger.warning("the database cannot be asked; the worker waits")
                connection.close()
                busy = False
            except Exception:
                logger.exception("the worker met a fault, and goes on")
                busy = False
            if not busy:
                _stopping.wait(INTERVAL)


def _read_clocks() -> tuple[float, float]:
    """Seconds by the clock, and since the machine was started, its sleep included."""
    return time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)


def work_once(*, without: Collection[str] = ()) -> bool:
    """Do what is due now; whether there is more."""
    front_desk.replay_spool()
    _do_jobs([name for name in JOBS if name not in without])
    return _send_mails()


def do_long_jobs() -> bool:
    """What is due now of all that may take minutes."""
    _do_jobs(LONG)
    return False


def _do_jobs(names: Collection[str]) -> None:
    may_work, now = wall_clock.may_work(), timezone.now()
    due_at = dict(Job.objects.values_list("name", "due_at"))
    for name in names:
        # The sign of life goes on: what it says in a wrong clock is seen by that.
        if not may_work and name != HEARTBEAT:
            continue
        work = JOBS[name]
        is_ahead = now < due_at.get(name, now) <= _latest_turn(work, now)
        if not is_ahead and _claim_job(name, work, now):
            _run_job(name, work)


def _latest_turn(work: _JobSpec, now: datetime) -> datetime:
    """A time beyond it was written by a clock that ran ahead."""
    return now + work.every + wall_clock.TOLERANCE


def _claim_job(name: str, work: _JobSpec, now: datetime) -> bool:
    """Whether it is ours: of two workers, one moves its time ahead.

    By no more than LEASE: what a killed one had begun is begun again.
    """
    until = now + min(LEASE, work.every)
    is_due = Q(due_at__lte=now) | Q(due_at__gt=_latest_turn(work, now))
    if Job.objects.filter(is_due, name=name).update(due_at=until):
        return True
    return Job.objects.get_or_create(name=name, defaults={"due_at": until})[1]


def _run_job(name: str, work: _JobSpec) -> None:
    began, changes = timezone.now(), {}
    try:
        went_well = work.do()
    except Error:
        raise  # its lease ends, and it is tried again
    except Interrupted:
        Job.objects.filter(name=name).update(due_at=began)
        return
    except Exception:
        logger.exception("a job of the worker failed", extra={"kind": name})
        went_well, changes = False, {"summary": ""}
    Job.objects.filter(name=name).update(
        due_at=began + work.every, done_at=timezone.now(), went_well=went_well, **changes
    )


def _send_mails() -> bool:
    """Whether there is more. Neither the senders nor the staff wait behind all of the others."""
    if not settings.EMAIL_IS_SET:
        return False
    for _ in range(_MAILS_AT_ONCE):
        delivery = brake.claim_next()
        if delivery and not _send(
            delivery, mailer.send_delivery, outbox.settle_mail, patient_mail.handle_failure
        ):
            return False  # the rest of the worker's day must not wait for a mail server
        told = staff_notices.claim_batch()
        if told and not _send(
            told, mailer.send_notices, staff_notices.settle_notices, staff_notices.handle_failure
        ):
            return False
        if not delivery and not told:
            return False
    return True


def _send(
    mail: Mail,
    send: Callable[[Mail], None],
    settle: Callable[[Mail, Outgoing.State], None],
    failed: Callable[..., None],
) -> bool:
    """Whether the mail server answers."""
    try:
        send(mail)
    except mailer.MailNotNeeded:
        settle(mail, Outgoing.State.DROPPED)
    except mailer.Unsendable as error:
        logger.warning("a mail was not taken", extra={"kind": error.code})
        failed(mail, error.code, is_permanent=error.is_permanent)
        return error.code != mailer.UNREACHABLE
    except Error:
        raise  # its lease ends, and it is tried again
    except Exception:
        logger.exception("a mail could not be written")
        failed(mail, "fault")
    else:
        settle(mail, Outgoing.State.SENT)
    return True
