"""The condition of the database server, apart from the data it holds."""

import os
from contextlib import suppress
from pathlib import Path

from django.db import connection


def is_read_only() -> bool:
    """Whether it accepts no writes: a standby after a failover, or a read-only file system.

    Raise Error if it cannot be queried.
    """
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        answer: str = cursor.fetchone()[0]
    if answer == "on" and connection.connection:
        # The next connection may find the server that took over.
        with suppress(Exception):
            connection.connection.close()
    return answer == "on"


def connection_counts() -> tuple[int, int] | None:
    """Return open connections and the server's maximum; None for a database without such counts."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int"
        )
        used, most = cursor.fetchone()
    return used, most
