"""The numbers as Prometheus reads them: what each is called, what it means, and its labels.

Several processes count for one machine: each writes to files of its own in a folder, and whichever
process is asked adds them up (https://prometheus.github.io/client_python/multiprocess/). A label's
value is one of a fixed set, or the pattern of a route; never an address or a name.
"""

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path

from django.db import connection
from prometheus_client import CollectorRegistry, Gauge, Histogram, values
from prometheus_client import Counter as Count

from inquiries.worker import mail_log, numbers
from portal.http.logs import Route
from portal.watch.folder import process_name

values.ValueClass = values.MultiProcessValue(process_name)  # type: ignore[no-untyped-call]

_registry = CollectorRegistry()  # only what is defined here; the library's own needs no files

_SECONDS = Histogram(
    "portal_request_seconds",
    "Time that the site took for an answer, by route",
    ["route", "status", "page"],
    registry=_registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_MAILS = Count(
    "portal_mails",
    "Attempts to send a mail, by how they ended",
    ["to", "result"],
    registry=_registry,
)
_PROCESSES = Gauge(
    "portal_processes", "Processes that run", ["part"], registry=_registry,
    multiprocess_mode="livesum",
)  # fmt: skip
_CONNECTIONS = Gauge(
    "portal_database_connections", "Connections of the pools to PostgreSQL", ["part", "kind"],
    registry=_registry, multiprocess_mode="livesum",
)  # fmt: skip
_CACHE = Gauge(
    "portal_cache_answers", "Whether the shared cache keeps what it is given", registry=_registry,
    multiprocess_mode="mostrecent",
)  # fmt: skip
_COUNTED = Gauge(
    "portal_counted_timestamp_seconds", "When the worker last counted", registry=_registry,
    multiprocess_mode="mostrecent",
)  # fmt: skip
#: By the names in `inquiries.worker.numbers`: what each means, and its labels.
_MEANINGS = {
    "requests": ("Open and quarantined requests", ["state"]),
    "overdue_requests": ("Open requests past their deadline", ["urgency"]),
    "unseen_urgent_requests": ("Urgent requests past their deadline that nobody claimed", []),
    "undelivered_requests": ("Requests with a mail that could not be delivered", []),
    "oldest_task_due_timestamp_seconds": ("When the oldest open task was or is due", []),
    "waiting_mails": ("Mails that wait to be sent", ["to"]),
    "oldest_mail_due_timestamp_seconds": ("When the oldest waiting mail was due", ["to"]),
    "spooled_requests": ("Requests that wait outside the database, on this machine", []),
    "oldest_spooled_timestamp_seconds": ("Since when the oldest of them has waited", []),
    "job_done_timestamp_seconds": ("When a job of the worker last ended", ["job"]),
    "job_went_well": ("Whether its last run went well", ["job"]),
    "backup_timestamp_seconds": ("When the backup job last left its mark", []),
}
_NUMBERS = {
    name: Gauge(
        f"portal_{name}", meaning, labels, registry=_registry, multiprocess_mode="mostrecent"
    )
    for name, (meaning, labels) in _MEANINGS.items()
}
_published: Counter[tuple[str, str]] = Counter()


def observe_answer(route: Route, status: int, seconds: float, is_kept: bool) -> None:  # noqa: FBT001 - as logs.listeners call it
    page = "kept" if is_kept else "made"
    _SECONDS.labels(route or "/", f"{status // 100}xx", page).observe(seconds)


def publish_process(part: str) -> None:
    """Say that this process runs, and how many database connections it has."""
    _PROCESSES.labels(part).set(1)
    pool = getattr(connection, "pool", None)
    if pool is None:
        return
    told = pool.get_stats()
    for kind, name in {"open": "pool_size", "idle": "pool_available", "waiting": "requests_waiting",
                       "most": "pool_max"}.items():  # fmt: skip
        _CONNECTIONS.labels(part, kind).set(told.get(name, 0))


def publish_numbers(*, cache_answers: bool) -> None:
    """Count what waits, and publish it. Raise Error if the database cannot be asked."""
    _CACHE.set(cache_answers)
    for number in numbers.count_all():
        gauge = _NUMBERS[number.name]
        (gauge.labels(**number.labels) if number.labels else gauge).set(number.value)
    _COUNTED.set_to_current_time()


def publish_mails() -> None:
    """Publish the results that came since the last time."""
    for key, count in list(mail_log.results.items()):
        _MAILS.labels(*key).inc(count - _published[key])
        _published[key] = count


def remove_process(folder: Path, name: str) -> None:
    """Remove what a process that ended said of itself; what it counted stays."""
    for path in folder.glob(f"gauge_live*_{name}.db"):
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108 - half the time
