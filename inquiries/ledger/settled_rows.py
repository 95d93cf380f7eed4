"""Find the id up to which an append-only table is final, without making anyone wait.

An uncommitted row could have a lower id than a visible one. If we counted without it, it would
later look as if it had been inserted afterward.
"""

import time
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

#: Seconds to wait for open writes to finish.
_LONGEST = 10.0
_PAUSE = 0.02
# A snapshot has the transactions of all databases of the server. Each holds a lock on its own id,
# which shows whose it is; that of another database writes nothing here, however long it takes.
_IS_WRITTEN = """
    SELECT EXISTS (
        SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS writing
        WHERE writing < %s::xid8 AND NOT EXISTS (
            SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'transactionid' AND granted AND mode = 'ExclusiveLock'
            AND transactionid = writing::xid AND datname <> current_database()
        )
    )
"""
_Ids = dict[type[models.Model], int]


def settled_ids(tables: list[type[models.Model]]) -> _Ids | None:
    """Return each table's last id, once every earlier writer is done; None if that takes too long.

    This locks no table: senders would queue behind the lock, and the lock behind them. PostgreSQL
    tells us which transactions have written and are still open. A verb writes to its request's row
    before any row of these tables, so it is among them before it takes an id.
    """
    if connection.vendor == "postgresql":
        return _settled_on_postgresql(tables)
    with transaction.atomic():  # on SQLite, no one else writes during this
        return _last_ids(tables)


def _settled_on_postgresql(tables: list[type[models.Model]]) -> _Ids | None:
    ids = _last_ids(tables)
    # A number of our own: a snapshot leaves out those above the last one that has ended.
    began_before = _ask_postgresql("SELECT pg_current_xact_id()::text")
    ends_at = time.monotonic() + _LONGEST
    while _ask_postgresql(_IS_WRITTEN, [began_before]):
        if time.monotonic() > ends_at:
            return None
        time.sleep(_PAUSE)
    return ids


def _last_ids(tables: list[type[models.Model]]) -> _Ids:
    return {
        model: model._default_manager.aggregate(last=Max("id"))["last"] or 0 for model in tables
    }


def _ask_postgresql(statement: str, params: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]
