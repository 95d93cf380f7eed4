"""What the worker does: empties the outbox and the spool, and does what is due by the clock.

Any number of workers may run: each mail, file and job is taken by one. One that is killed loses
nothing: what it had is taken up by another, or by itself when it is back.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.core.management import call_command
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from articles.editing import publishing
from inquiries import privacy, private_links
from inquiries.deadlines import public_holidays, service_levels
from inquiries.intake import bursts, front_desk
from inquiries.ledger import anchors
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import brake, outbox, patient_mail, staff_notices
from inquiries.models import Delivery, Job, Notice, Outgoing
from inquiries.triage import sweep
from inquiries.worker import daily_digest, mailer
from inquiries.worker.schedule import HEARTBEAT, INTERVALS, LEASE, VERIFY

logger = logging.getLogger(__name__)

#: Seconds between two looks, and how many mails are sent at most before the next look at the rest.
INTERVAL = 1.0
_MAILS_AT_ONCE = 50
#: A mail to a sender, or what one of us is told in one mail.
Mail = TypeVar("Mail", Delivery, list[Notice])


@dataclass(frozen=True)
class _JobSpec:
    every: timedelta
    #: Returns whether all is well.
    do: Callable[[], bool]


def _anchor() -> bool:
    anchors.write_anchor()
    return True


def _purge() -> bool:
    privacy.purge_inquiries()
    unknown = privacy.outcomes_without_retention()
    for outcome in unknown:
        logger.error("nothing that ended so is erased: see RETENTION_DAYS", extra={"kind": outcome})
    return not unknown


def _verify() -> bool:
    """What it finds is told by the command, which somebody has to call then."""
    findings = verify_ledger()
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
        self.is_stopping = False

    def stop(self) -> None:
        """After what it is at."""
        self.is_stopping = True

    def run(self) -> None:
        """Until it is told to stop. A database that is down is waited for."""
        while not self.is_stopping:
            try:
                close_old_connections()
                busy = work_once()
            except Error:
                logger.warning("the database cannot be asked; the worker waits")
                connection.close()
                busy = False
            except Exception:
                logger.exception("the worker met a fault, and goes on")
                busy = False
            if not busy and not self.is_stopping:
                time.sleep(INTERVAL)


def work_once() -> bool:
    """Do what is due now; whether there is more."""
    front_desk.replay_spool()
    now = timezone.now()
    due_at = dict(Job.objects.values_list("name", "due_at"))
    for name, work in JOBS.items():
        if due_at.get(name, now) <= now and _claim_job(name, work, now):
            _run_job(name, work)
    return _send_mails()


def _claim_job(name: str, work: _JobSpec, now: datetime) -> bool:
    """Whether it is ours: of two workers, one moves its time ahead.

    By no more than LEASE: what a killed one had begun is begun again.
    """
    until = now + min(LEASE, work.every)
    if Job.objects.filter(name=name, due_at__lte=now).update(due_at=until):
        return True
    return Job.objects.get_or_create(name=name, defaults={"due_at": until})[1]


def _run_job(name: str, work: _JobSpec) -> None:
    began, changes = timezone.now(), {}
    try:
        went_well = work.do()
    except Error:
        raise  # its lease ends, and it is tried again
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
