"""How often the worker runs each job. The health check reads this too."""

from datetime import timedelta

from inquiries.wall_clock import HEARTBEAT

__all__ = ["HEARTBEAT", "INTERVALS", "LEASE", "LONG", "VERIFY"]

#: The verification of the ledger.
VERIFY = "verify"
INTERVALS = {
    HEARTBEAT: timedelta(seconds=10),
    "rounds": timedelta(minutes=1),
    "publish": timedelta(minutes=1),
    "pages": timedelta(seconds=10),
    "plans": timedelta(seconds=10),
    "index": timedelta(minutes=1),
    "digest": timedelta(minutes=5),
    "desk": timedelta(minutes=15),
    "anchor": timedelta(minutes=1),
    "bounces": timedelta(minutes=3),
    "sources": timedelta(minutes=5),
    "purge": timedelta(days=1),
    VERIFY: timedelta(days=1),
    "holidays": timedelta(days=1),
    "tidy": timedelta(hours=1),
}
#: Jobs that may take minutes run in a thread of their own, so that the rest need not wait.
LONG = frozenset(
    {"purge", VERIFY, "holidays", "tidy", "pages", "plans", "index", "bounces", "sources"}
)
#: How long a job belongs to the worker that started it or last renewed the lease.
LEASE = timedelta(minutes=15)
