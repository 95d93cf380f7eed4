"""Health checks for a load balancer: is the process up, and can it take a request now?"""

import os
import shutil
from pathlib import Path

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inquiries import journal
from inquiries.circuit_breaker import STANDBY_BREAKER
from inquiries.intake import spool
from inquiries.worker import health
from portal.config.troubles import LEAST_ROOM
from portal.database import condition
from portal.http.cache import is_cache_answering


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
    status, text = describe_readiness()
    return _plain(text, status=status)


def describe_readiness() -> tuple[int, str]:
    """Return what `ready` answers: the status, and `ok` or what to look at."""
    try:
        missing = missing_migrations()
        troubles = [] if missing else list(health.check_health().troubles)
        if condition.is_read_only():  # last, because it may close a connection to a standby
            troubles.insert(0, "database is read-only")
    except Error:
        missing, troubles = False, ["database"]
    if missing:
        return 503, "migrations missing"
    if STANDBY_BREAKER.is_tripped:
        troubles.append("standby")
    if not is_cache_answering():
        troubles.append("cache")
    if not _can_spool():
        if "database" in troubles:
            return 503, "neither database nor spool"
        troubles.append("no room for the spool")
    elif _spool_is_stuck():
        troubles.append("spool")
    if not journal.can_be_written() or journal.has_held_entries():
        troubles.append("journal")
    return 200, f"degraded: {', '.join(troubles)}" if troubles else "ok"


def missing_migrations() -> bool:
    """Compare by name; load migrations only if one seems to be missing, to be sure."""
    there = {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in Path(app.path, "migrations").glob("[!_]*.py")
    }
    if there <= MigrationRecorder(connection).applied_migrations().keys():
        return False
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _can_spool() -> bool:
    try:
        folder = spool.folder()
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > LEAST_ROOM
    except OSError:
        return False


def _spool_is_stuck() -> bool:
    _, since = spool.waiting_since()
    return since is not None and timezone.now() - since > health.SPOOL_WAITS


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain")
