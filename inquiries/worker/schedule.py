"""How often the worker does each of its jobs: asked also by who looks whether it did."""

from datetime import timedelta

from inquiries.wall_clock import HEARTBEAT

__all__ = ["HEARTBEAT", "INTERVALS", "LEASE", "LONG", "VERIFY"]

#: The recount of the ledger.
VERIFY = "verify"
INTERVALS = {
    HEARTBEAT: timedelta(seconds=10),
    "rounds": timedelta(minutes=1),
    "publish": timedelta(minutes=1),
    "pages": timedelta(seconds=10),
    "digest": timedelta(minutes=5),
    "anchor": timedelta(minutes=1),
    "purge": timedelta(days=1),
    VERIFY: timedelta(days=1),
    "holidays": timedelta(days=1),
    "tidy": timedelta(hours=1),
}
#: What may take minutes is done beside the rest, which must not wait for it.
LONG = frozenset({"purge", VERIFY, "holidays", "tidy", "pages"})
#: For so long a job belongs to the worker that began it, or that last said that it goes on.
LEASE = timedelta(minutes=15)
