"""What a load balancer asks: does the process run, and can it take a request now?"""

import shutil
import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inquiries import spool, working
from inquiries.models import Delivery, Job

#: The worker gives a sign of life every ten seconds, but not while it recounts the ledger.
_WORKER_QUIET = timedelta(minutes=5)
#: What waits longer than this is not on its way any more.
_MAIL_WAITS = timedelta(minutes=15)
_SPOOL_WAITS_SECONDS = 60
#: Bytes. With less, the next request might find no room.
_LEAST_ROOM = 50_000_000


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    return _plain("ok")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 while this node can store or spool a request; 503 when it can do neither."""
    try:
        missing = _missing_migrations()
        troubles = [] if missing else _troubles()
    except DatabaseError:
        missing, troubles = False, ["database"]
    if missing:
        return _plain("migrations missing", status=503)
    if not _can_spool():
        if "database" in troubles:
            return _plain("neither database nor spool", status=503)
        troubles.append("no room for the spool")
    elif _spool_is_stuck():
        troubles.append("spool")
    return _plain(f"degraded: {', '.join(troubles)}" if troubles else "ok")


def _missing_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _troubles() -> list[str]:
    """What the database tells of the worker, its jobs and the mails; a handful of indexed rows."""
    now = timezone.now()
    jobs = {job.name: job for job in Job.objects.all()}
    beat = jobs.pop(working.HEARTBEAT, None)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    found = {
        "worker": beat is None or beat.due_at < now - _WORKER_QUIET,
        "mail is not set": not settings.EMAIL_IS_SET and waiting.exists(),
        "mail": waiting.filter(due_at__lt=now - _MAIL_WAITS).exists()
        or Delivery.objects.filter(
            state=Delivery.State.FAILED, inquiry__undelivered_at__isnull=False
        ).exists(),
        **{name: not job.went_well for name, job in jobs.items()},
    }
    return [name for name, is_so in found.items() if is_so]


def _can_spool() -> bool:
    try:
        return shutil.disk_usage(spool.folder()).free > _LEAST_ROOM
    except OSError:
        return False


def _spool_is_stuck() -> bool:
    oldest = next(iter(spool.waiting()), None)
    try:
        return oldest is not None and time.time() - oldest.stat().st_mtime > _SPOOL_WAITS_SECONDS
    except FileNotFoundError:  # stored at this moment
        return False


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain")
