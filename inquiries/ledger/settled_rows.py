"""Up to which id a table that only grows will get no more rows, and nobody is kept waiting for it.

A row still under way could take a lower id than one that is there; counted without it, it would
seem to have been slipped in later.
"""

import time
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

#: Seconds to wait for those who are writing.
_LONGEST = 10.0
_PAUSE = 0.02
_Ids = dict[type[models.Model], int]


def settled_ids(tables: list[type[models.Model]]) -> _Ids | None:
    """The last id of each, once nobody is writing who began before; None after too long a wait.

    No lock on a table: senders would queue behind it, and it behind them. PostgreSQL says which
    transactions have written and are not over. A verb writes to its request's row before any row of
    these, and so is among them before it takes an id.
    """
    if connection.vendor == "postgresql":
        return _settled_on_postgresql(tables)
    with transaction.atomic():  # on SQLite, whoever is in one alone writes
        return _last_ids(tables)


def _settled_on_postgresql(tables: list[type[models.Model]]) -> _Ids | None:
    ids = _last_ids(tables)
    began_before = _ask_postgresql("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    ends_at = time.monotonic() + _LONGEST
    while _ask_postgresql(
        "SELECT EXISTS (SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS writing "
        "WHERE writing < %s::xid8)",
        [began_before],
    ):
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
