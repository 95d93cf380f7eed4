"""The condition of the database server, apart from the data it holds."""

import os
from contextlib import suppress
from dataclasses import dataclass
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


@dataclass(frozen=True)
class ConnectionCounts:
    """Open connections, the server's maximum, and who of the portal is connected."""

    used: int
    most: int
    #: Processes of the portal besides this one, and the machines that they and this one run on.
    processes: int
    machines: int


def connection_counts() -> ConnectionCounts | None:
    """Return None for a database without such counts. See `base.own_name` for the names."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, count(*), current_setting('max_connections')::int,"
            " bool_or(pid = pg_backend_pid()) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' GROUP BY application_name"
        )
        rows = cursor.fetchall()
    ours = [name.split(" ") for name, *_ in rows if name and name.startswith("portal ")]
    own = {name for name, _, _, is_own in rows if is_own}
    return ConnectionCounts(
        used=sum(count for _, count, *_ in rows),
        most=rows[0][2],
        processes=sum(" ".join(words) not in own for words in ours),
        machines=len({words[1] for words in ours}),
    )


@dataclass(frozen=True)
class RoleRights:
    """What the role of DATABASE_URL may do."""

    name: str
    is_superuser: bool
    may_create: bool
    #: Tables of the portal that it may not read and write, and those that others own.
    closed_tables: list[str]
    tables_of_others: list[str]


def role_rights() -> RoleRights | None:
    """Return None for a database without roles."""
    if connection.vendor != "postgresql":
        return None
    tables = ["django_migrations", *connection.introspection.django_table_names()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, coalesce(has_schema_privilege(current_schema(), 'CREATE'),"
            " false) FROM pg_roles WHERE rolname = current_user"
        )
        name, is_superuser, may_create = cursor.fetchone()
        cursor.execute(
            "SELECT relname, has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid,"
            " 'INSERT') AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid,"
            " 'DELETE') AND has_schema_privilege(relnamespace, 'USAGE'),"
            " pg_has_role(relowner, 'USAGE') FROM pg_class"
            " WHERE relname = ANY(%s) AND relkind IN ('r', 'p') ORDER BY relname",
            [tables],
        )
        rows = cursor.fetchall()
    return RoleRights(
        name=name,
        is_superuser=is_superuser,
        may_create=may_create,
        closed_tables=[table for table, is_open, _ in rows if not is_open],
        tables_of_others=[table for table, _, is_own in rows if not is_own],
    )


@dataclass(frozen=True)
class Replication:
    """How far this server, or the replicas connected to it, are behind."""

    is_standby: bool
    #: For a standby: how long ago it replayed something, 0 if it has replayed all that it received;
    #: and whether it receives nothing.
    seconds: float = 0.0
    is_cut_off: bool = False
    #: Each replica's name, and how many seconds and bytes it is behind.
    replicas: tuple[tuple[str, float, int], ...] = ()
    #: Replication slots that nobody uses; replicas whose state this role may not see.
    gone: tuple[str, ...] = ()
    hidden: int = 0


def replication() -> Replication | None:
    """Return None for a database without replicas."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        if cursor.fetchone()[0]:
            cursor.execute(
                "SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0"
                " ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"
                " END, NOT EXISTS (SELECT FROM pg_stat_wal_receiver)"
            )
            seconds, is_cut_off = cursor.fetchone()
            return Replication(True, float(seconds or 0), is_cut_off)
        cursor.execute("SELECT slot_name FROM pg_replication_slots WHERE NOT active ORDER BY 1")
        gone = tuple(name for (name,) in cursor.fetchall())
        cursor.execute(
            "SELECT application_name, state, coalesce(extract(epoch FROM replay_lag), 0),"
            " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)"
            " FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup' ORDER BY 1"
        )
        rows = cursor.fetchall()
    return Replication(
        is_standby=False,
        replicas=tuple((name, float(lag), int(behind)) for name, _, lag, behind in rows),
        gone=gone,
        hidden=sum(state is None for _, state, *_ in rows),
    )
