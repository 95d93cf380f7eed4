"""The worker's scheduled jobs, and how a long one keeps its lease."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string

from articles.editing import kept_texts, previews, publishing
from articles.reading.feedback import delete_old_comments
from articles.search import missed, refill
from inquiries import journal, privacy, private_links
from inquiries.contact import stored_plan
from inquiries.deadlines import public_holidays, service_levels
from inquiries.intake import bursts, indexing
from inquiries.ledger import anchors, backfill, thinning, trims
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import bounces, staff_notices
from inquiries.models import Job
from inquiries.triage import sweep
from inquiries.wall_clock import HEARTBEAT
from inquiries.worker import daily_digest, desk_reminders
from inquiries.worker.schedule import INTERVALS, LEASE, VERIFY

logger = logging.getLogger(__name__)

#: In seconds: how often a long job renews its lease, and its pause between two steps.
_RENEWAL = 10.0
_BREATH = 0.01
#: How long no look-up may be answered before the health check says so.
UNANSWERED = timedelta(days=1)
#: Set when the worker is told to stop.
stopping = threading.Event()


class Interrupted(Exception):
    """The worker was told to stop in the middle of a long job."""


@dataclass(frozen=True)
class JobSpec:
    every: timedelta
    #: Returns whether all is well.
    do: Callable[[], bool]


class Lease:
    """Called by a long job after each step, to renew its lease on the job. Raise Interrupted."""

    def __init__(self, name: str) -> None:
        self.name, self.renewed_at = name, time.monotonic()

    def __call__(self, count: int) -> None:
        # SQLite has no queue for its write lock, so this pause lets others get it.
        if stopping.wait(_BREATH):
            raise Interrupted
        if time.monotonic() - self.renewed_at > _RENEWAL:
            self.renewed_at = time.monotonic()
            Job.objects.filter(name=self.name).update(due_at=timezone.now() + LEASE)


def _anchor() -> bool:
    """A broken chain is reported once; anchoring continues after it."""
    anchor = anchors.write_anchor()
    return anchor is None or not anchor.skips


def _purge() -> bool:
    privacy.purge_inquiries(on_progress=Lease("purge"))
    now = timezone.now()  # the purge has checked the clock
    journal.remove_old_files(now)
    trims.trim_audit_trail(now)
    trims.delete_old_changes(now)
    thinning.thin_anchors(now)
    unknown = privacy.outcomes_without_retention()
    for outcome in unknown:
        logger.error("nothing that ended so is erased: see RETENTION_DAYS", extra={"kind": outcome})
    return not unknown


def _verify() -> bool:
    """The details come from the management command, which somebody then has to run."""
    findings = verify_ledger(on_progress=Lease(VERIFY))
    backfill.bind_requests(findings.unbound)
    Job.objects.filter(name=VERIFY).update(summary=findings.conservation)
    return not findings.faults


def _sweep() -> bool:
    """Resume what is due, release what lost its owner, and warn of deadlines and tasks."""
    went_well = True
    for part in (
        *(sweep.wake_due, sweep.release_orphaned),
        *(sweep.warn_of_deadlines, sweep.remind_of_tasks, sweep.warn_of_offers),
    ):
        try:
            part()
        except sweep.SweepIncomplete:  # the other parts still run
            went_well = False
    return went_well


def _renew_plans() -> bool:
    """Renew what time made wrong; after a change of levels or calendars, all open requests."""
    seen, now = Job.objects.filter(name="plans"), stored_plan.fingerprint()
    if not seen.filter(summary=now).exists():
        stored_plan.renew_all()
        seen.update(summary=now)
    stored_plan.renew_due(on_progress=Lease("plans"))
    return True


def _index() -> bool:
    """Add search entries that an earlier release did not make."""
    indexing.index_requests(on_progress=Lease("index"))
    return True


def _publish() -> bool:
    """Publish and retire articles on schedule; one that was held says why in its history."""
    _, held = publishing.run_schedule(timezone.now())
    return not held


def _make_pages() -> bool:
    """Named in the settings, because the site is a layer above this app."""
    remake: Callable[[], bool] = import_string(settings.REMAKE_PAGES)
    return remake()


def _digest() -> bool:
    daily_digest.queue_digests()
    return True


def _remind_desk() -> bool:
    desk_reminders.send_reminders()
    return True


def _keep_holidays() -> bool:
    all_known = public_holidays.save_holidays()
    service_levels.clear_cache()
    return all_known


def _read_bounces() -> bool:
    if not settings.BOUNCE_MAILBOX:
        return True
    from inquiries.worker.bounce_mailbox import read_mailbox  # and what parses mail

    return read_mailbox(on_progress=Lease("bounces"))


def _look_up_sources() -> bool:
    """A stranger's server that is down for an hour is no fault of ours; for a day, it is."""
    job, now = Job.objects.filter(name="sources"), timezone.now()
    if not settings.SOURCE_LOOKUP:
        job.exclude(summary="").update(summary="")
        return True
    from articles.library.lookup.rounds import look_up_due_sources  # and what reads its answers

    is_answered = look_up_due_sources(on_progress=Lease("sources"))
    if is_answered:
        job.exclude(summary="").update(summary="")
    elif is_answered is False:
        job.filter(summary="").update(summary=now.isoformat())
    since = job.exclude(summary="").values_list("summary", flat=True).first()
    return since is None or now - datetime.fromisoformat(since) < UNANSWERED


def _tidy() -> bool:
    call_command("clearsessions")
    staff_notices.delete_old_notices()
    bounces.forget_old_counts()
    delete_old_comments()
    previews.delete_old_links(timezone.now())
    kept_texts.delete_old_texts(timezone.now())
    missed.forget_old(timezone.localdate())
    refill.fill_missing()  # what a release before, still running, has published
    bursts.forget_old_origins()
    private_links.forget_ended_visits()
    from articles.posts.page_imports import end_old_imports  # with all that reads files

    end_old_imports()
    return True


_WORK: dict[str, Callable[[], bool]] = {
    HEARTBEAT: lambda: True,
    "rounds": _sweep,
    "publish": _publish,
    "pages": _make_pages,
    "plans": _renew_plans,
    "index": _index,
    "digest": _digest,
    "desk": _remind_desk,
    "anchor": _anchor,
    "bounces": _read_bounces,
    "sources": _look_up_sources,
    "purge": _purge,
    VERIFY: _verify,
    "holidays": _keep_holidays,
    "tidy": _tidy,
}
JOBS = {name: JobSpec(INTERVALS[name], do) for name, do in _WORK.items()}
