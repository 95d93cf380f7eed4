"""The worker: it empties the outbox and the spool, and runs scheduled jobs.

Any number of workers may run: each mail, file, and job is claimed by one. If a worker is killed,
nothing is lost: another takes up its work, or it does so itself after a restart. While the clock is
in doubt (`inquiries.wall_clock`), mails are sent and spooled requests are stored, but no scheduled
job runs. After a restore (`inquiries.recovery`), no mail is sent either until `after_restore` ran.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from inquiries import journal, wall_clock
from inquiries.intake import front_desk
from inquiries.mail import brake, outbox, patient_mail, staff_notices
from inquiries.models import Delivery, Job, Notice, Outgoing
from inquiries.recovery import noticing
from inquiries.service_manager import ALIVE, READY, STOPPING, notify_manager
from inquiries.wall_clock import HEARTBEAT
from inquiries.worker import mail_log, mail_server, mailer
from inquiries.worker.jobs import JOBS, Interrupted, JobSpec, stopping
from inquiries.worker.schedule import LEASE, LONG

logger = logging.getLogger(__name__)

#: Seconds between two rounds, and the most mails sent before the other work gets its turn.
INTERVAL = 1.0
_MAILS_AT_ONCE = 50
#: Seconds that a long job gets to finish on its own.
_STOP_SECONDS = 3.0
#: Jobs that run more often say nothing while all is well.
_QUIET_BELOW = timedelta(minutes=1)
#: A mail to a sender, or the notices that one staff member gets in one mail.
Mail = TypeVar("Mail", Delivery, list[Notice])


class Worker:
    def __init__(self) -> None:
        self._clocks = _read_clocks()
        # A database that comes back may be an older one.
        self._is_first = True

    @property
    def is_stopping(self) -> bool:
        return stopping.is_set()

    def stop(self) -> None:
        """Stop after the current step."""
        stopping.set()

    def run(self) -> None:
        """Run until told to stop. If the database is down, wait for it."""
        beside = threading.Thread(target=self._repeat, args=(self._work_beside,), daemon=True)
        beside.start()
        notify_manager(READY)
        try:
            self._repeat(self._work)
            notify_manager(STOPPING)
            beside.join(_STOP_SECONDS)
        finally:
            stopping.clear()

    def _work(self) -> bool:
        """Do what `work_once` does, without long jobs; detect whether the clock has jumped."""
        before, self._clocks = self._clocks, _read_clocks()
        by_clock, passed = (now - then for now, then in zip(self._clocks, before, strict=True))
        notify_manager(ALIVE)
        if by_clock - passed > wall_clock.TOLERANCE.total_seconds():
            logger.warning("the clock jumped ahead; nothing is done by it for a while")
            wall_clock.hold_jobs(timezone.now() + wall_clock.HOLD)
        busy = work_once(without=LONG, is_first=self._is_first)
        self._is_first = False
        return busy

    def _work_beside(self) -> bool:
        """Do long jobs, but none before the first round has compared the database."""
        return False if self._is_first else do_long_jobs()

    def _repeat(self, work: Callable[[], bool]) -> None:
        while not self.is_stopping:
            try:
                close_old_connections()
                busy = work()
            except Error:
                logger.warning("the database cannot be asked; the worker waits")
                connection.close()
                busy, self._is_first = False, True
            except Exception:
                logger.exception("the worker met a fault, and goes on")
                busy = False
            if not busy:
                stopping.wait(INTERVAL)


def _read_clocks() -> tuple[float, float]:
    """Return seconds by the wall clock, and seconds since boot, including time asleep."""
    return time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)


def work_once(*, without: Collection[str] = (), is_first: bool = True) -> bool:
    """Do what is due now, and return whether there is more.

    `is_first`: the database may have been replaced by a backup since the last round, so compare it
    with the whole journal.
    """
    noticing.notice_restore(is_thorough=is_first)  # before any mail
    front_desk.replay_spool()
    _do_jobs([name for name in JOBS if name not in without])
    return _send_mails()


def do_long_jobs() -> bool:
    """Run those long jobs that are due now."""
    _do_jobs(LONG)
    return False


def _do_jobs(names: Collection[str]) -> None:
    may_work = wall_clock.may_work() and not noticing.is_unfinished()
    now = timezone.now()
    due_at = dict(Job.objects.values_list("name", "due_at"))
    for name in names:
        # The heartbeat continues: its timestamps are how a wrong clock is noticed.
        if not may_work and name != HEARTBEAT:
            continue
        work = JOBS[name]
        is_ahead = now < due_at.get(name, now) <= _latest_turn(work, now)
        if not is_ahead and _claim_job(name, work, now):
            _run_job(name, work)
            if name not in LONG:  # a long job's thread says nothing about the rounds beside it
                notify_manager(ALIVE)


def _latest_turn(work: JobSpec, now: datetime) -> datetime:
    """Return the latest plausible due time; a later one was written by a clock that ran ahead."""
    return now + work.every + wall_clock.TOLERANCE


def _claim_job(name: str, work: JobSpec, now: datetime) -> bool:
    """Return whether we got the job: of two workers, only one moves its due time ahead.

    It moves by LEASE at most, so that a job whose worker was killed starts again.
    """
    until = now + min(LEASE, work.every)
    is_due = Q(due_at__lte=now) | Q(due_at__gt=_latest_turn(work, now))
    if Job.objects.filter(is_due, name=name).update(due_at=until):
        return True
    return Job.objects.get_or_create(name=name, defaults={"due_at": until})[1]


def _run_job(name: str, work: JobSpec) -> None:
    began, changes, start = timezone.now(), {}, time.monotonic()
    try:
        went_well = work.do()
    except Error:
        raise  # its lease expires, and it is retried
    except Interrupted:
        Job.objects.filter(name=name).update(due_at=began)
        return
    except Exception:
        logger.exception("a job of the worker failed", extra={"kind": name})
        went_well, changes = False, {"summary": ""}
    Job.objects.filter(name=name).update(
        due_at=began + work.every, done_at=timezone.now(), went_well=went_well, **changes
    )
    told = {"kind": name, "seconds": round(time.monotonic() - start, 3)}
    if not went_well:
        logger.warning("a job ended badly", extra=told)
    else:  # thousands of lines a day about what runs every few seconds would hide the others
        level = logging.DEBUG if work.every < _QUIET_BELOW else logging.INFO
        logger.log(level, "a job is done", extra=told)


def _send_mails() -> bool:
    """Return whether there is more. Mails to senders and to staff take turns."""
    if not settings.EMAIL_IS_SET:
        return False
    for _ in range(_MAILS_AT_ONCE):
        notify_manager(ALIVE)  # a slow mail server holds up one mail, not fifty of them
        delivery = brake.claim_next()
        if delivery and not _send(
            delivery, mailer.send_delivery, outbox.settle_mail, patient_mail.handle_failure
        ):
            return False  # the worker's other jobs must not wait for a mail server
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
    """Return whether the mail server answers."""
    try:
        send(mail)
    except mailer.MailNotNeeded:
        mail_log.record_result(mail, mail_log.DROPPED)
        settle(mail, Outgoing.State.DROPPED)
    except mail_server.Unsendable as error:
        smtp_code = error.smtp_code
        mail_log.record_result(mail, mail_log.FAILED, reason=error.code, code=smtp_code)
        failed(mail, error.code, is_permanent=error.is_permanent)
        return error.code != mail_server.UNREACHABLE
    except Error:
        raise  # its lease expires, and it is retried
    except Exception:
        logger.exception("a mail could not be written")
        mail_log.record_result(mail, mail_log.FAILED, reason="fault")
        failed(mail, "fault")
    else:
        _record_sent(mail)
        mail_log.record_result(mail, mail_log.SENT)
        settle(mail, Outgoing.State.SENT)
    return True


def _record_sent(mail: Delivery | list[Notice]) -> None:
    """Record it outside the database first: after a restore, it must not be sent again."""
    if isinstance(mail, list):
        journal.record_mails(*mail)
    else:
        is_confirmation = mail.kind == Delivery.Kind.ACKNOWLEDGEMENT
        journal.record_mails(mail, confirms=mail.inquiry.reference if is_confirmation else "")
