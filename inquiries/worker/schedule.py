"""How often the worker does each of its jobs: asked also by who looks whether it did."""

from datetime import timedelta

#: The worker's own sign of life.
HEARTBEAT = "worker"
#: The recount of the ledger.
VERIFY = "verify"
INTERVALS = {
    HEARTBEAT: timedelta(seconds=10),
    "rounds": timedelta(minutes=1),
    "publish": timedelta(minutes=1),
    "digest": timedelta(minutes=5),
    "anchor": timedelta(minutes=1),
    "purge": timedelta(days=1),
    VERIFY: timedelta(days=1),
    "holidays": timedelta(days=1),
    "tidy": timedelta(hours=1),
}
#: For so long a job belongs to the worker that began it.
LEASE = timedelta(minutes=15)
