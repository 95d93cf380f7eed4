"""What the worker does: empties the outbox and the spool, and does what is due by the clock.

Any number of workers may run: each mail, file and job is taken by one. One that is killed loses
nothing: what it had is taken up by another, or by itself when it is back. While the clock is in
doubt (`inquiries.wall_clock`), mails go out, what was spooled is stored, and nothing is done by it.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from inquiries import wall_clock
from inquiries.intake import front_desk
from inquiries.mail import brake, outbox, patient_mail, staff_notices
from inquiries.models import Delivery, Job, Notice, Outgoing
from inquiries.wall_clock import HEARTBEAT
from inquiries.worker import mailer
from inquiries.worker.jobs import JOBS, Interrupted, JobSpec, stopping
from inquiries.worker.schedule import LEASE, LONG

logger = logging.getLogger(__name__)

#: Seconds between two looks, and how many mails are sent at most before the next look at the rest.
INTERVAL = 1.0
_MAILS_AT_ONCE = 50
#: Seconds for which a long job may end by itself.
_STOP_SECONDS = 3.0
#: A mail to a sender, or what one of us is told in one mail.
Mail = TypeVar("Mail", Delivery, list[Notice])


class Worker:
    def __init__(self) -> None:
        self._clocks = _read_clocks()

    @property
    def is_stopping(self) -> bool:
        return stopping.is_set()

    def stop(self) -> None:
        """After what it is at."""
        stopping.set()

    def run(self) -> None:
        """Until it is told to stop. A database that is down is waited for."""
        beside = threading.Thread(target=self._repeat, args=(do_long_jobs,), daemon=True)
        beside.start()
        try:
            self._repeat(self._work)
            beside.join(_STOP_SECONDS)
        finally:
            stopping.clear()

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
                stopping.wait(INTERVAL)


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


def _latest_turn(work: JobSpec, now: datetime) -> datetime:
    """A time beyond it was written by a clock that ran ahead."""
    return now + work.every + wall_clock.TOLERANCE


def _claim_job(name: str, work: JobSpec, now: datetime) -> bool:
    """Whether it is ours: of two workers, one moves its time ahead.

    By no more than LEASE: what a killed one had begun is begun again.
    """
    until = now + min(LEASE, work.every)
    is_due = Q(due_at__lte=now) | Q(due_at__gt=_latest_turn(work, now))
    if Job.objects.filter(is_due, name=name).update(due_at=until):
        return True
    return Job.objects.get_or_create(name=name, defaults={"due_at": until})[1]


def _run_job(name: str, work: JobSpec) -> None:
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
