"""Checks of the database: reachable, writable, up to date, with the right rights, and not alone."""

from datetime import timedelta

from django.conf import settings
from django.db import Error, NotSupportedError, connection
from django.utils import timezone

from inquiries import wall_clock
from portal import health
from portal.config import troubles
from portal.database import condition
from portal.doctor import Problem, check

# This many connections should stay free, for an administrator and one more process.
_SPARE_CONNECTIONS = 5
#: How far a replica may be behind: what it lacks would be lost if it took over.
REPLICA_BEHIND = timedelta(minutes=1)
_REPLICA_BYTES = 64_000_000


@check
def database_answers() -> Problem | None:
    try:
        connection.ensure_connection()
    except NotSupportedError:
        oldest = ".".join(map(str, connection.features.minimum_database_version or ()))
        return Problem(
            f"The database server is too old for this release, which needs version {oldest}.",
            "Upgrade the server. Until then, run the release before this one.",
        )
    except Error as error:
        return Problem(
            "The database can't be reached.",
            troubles.describe(error) or "Start it, and check that DATABASE_URL is right.",
        )
    return None


@check
def database_takes_changes() -> Problem | None:
    if not condition.is_read_only():
        return None
    if not connection.in_atomic_block:
        connection.close()  # it left the standby; the checks that follow need another
    return Problem(
        "The database is read-only. Requests go to the spool, and nobody can work on them.",
        "Point DATABASE_URL at the primary, or make the database file writable.",
    )


@check
def database_is_migrated() -> Problem | None:
    if not health.missing_migrations():
        return None
    return Problem("The database isn't ready for this release.", "Run manage.py migrate.")


@check
def database_role_is_no_superuser() -> Problem | None:
    """A superuser can drop the triggers that keep events as they are."""
    role = condition.role_rights()
    if role is None or not role.is_superuser:
        return None
    return Problem(
        f"The role {role.name} of DATABASE_URL is a superuser of the database server.",
        f"Run ALTER ROLE {role.name} NOSUPERUSER, or use a role that only owns this database.",
    )


@check
def database_role_has_its_rights() -> Problem | None:
    role = condition.role_rights()
    if role is None or role.is_superuser:
        return None
    if role.closed_tables:
        count, example = len(role.closed_tables), role.closed_tables[0]
        return Problem(
            f"The role {role.name} may not read or write {count} tables, such as {example}.",
            f"Make it their owner: ALTER TABLE {example} OWNER TO {role.name}, and so on.",
        )
    if not role.may_create or role.tables_of_others:
        return Problem(
            f"The role {role.name} may not create or alter tables, so the next migrate will fail.",
            f"Make it the owner of the database, its schema, and its tables: {role.name}.",
        )
    return None


@check
def replicas_keep_up() -> Problem | None:
    """What a replica lacks is lost if it takes over; one that is gone fills the primary's disk."""
    found = condition.replication()
    if found is None:
        return None
    if found.is_standby and (found.seconds > REPLICA_BEHIND.total_seconds() or found.is_cut_off):
        return Problem(
            f"This database is a standby, and {found.seconds:.0f} seconds behind its primary.",
            "Check that it can reach the primary, and point DATABASE_URL at the primary.",
        )
    if found.gone:
        return Problem(
            f"No replica is connected to the replication slot {', '.join(found.gone)}. The server "
            "keeps everything for it, until its disk is full.",
            "Start the replica, or drop the slot with pg_drop_replication_slot.",
        )
    late = [
        name
        for name, seconds, behind in found.replicas
        if seconds > REPLICA_BEHIND.total_seconds() or behind > _REPLICA_BYTES
    ]
    if late:
        return Problem(
            f"A replica is more than a minute or 64 MB behind: {', '.join(late)}.",
            "Check its disk and network. Until it has caught up, don't let it take over.",
        )
    if found.hidden:
        return Problem(
            f"{found.hidden} replicas are connected, but how far they are behind can't be seen.",
            "Run GRANT pg_read_all_stats TO the role of DATABASE_URL.",
            is_advice=True,
        )
    return None


@check
def database_has_connections_left() -> Problem | None:
    counted = condition.connection_counts()
    if counted is None:
        return None
    each = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    may_open = counted.processes * each
    if max(counted.used, may_open, each) + _SPARE_CONNECTIONS < counted.most:
        return None
    return Problem(
        f"{counted.used} of {counted.most} database connections are in use, and "
        f"{counted.processes} processes of the portal may open {may_open}.",
        f"Each process keeps up to {each}. Raise max_connections, lower PORTAL_DATABASE_POOL, or "
        "use PgBouncer.",
    )


@check
def clocks_agree() -> Problem | None:
    apart = abs(wall_clock.database_now() - timezone.now())
    if apart <= wall_clock.TOLERANCE:
        return None
    return Problem(
        f"The clocks of this machine and the database are {apart // timedelta(seconds=1)} seconds "
        "apart. Scheduled work has stopped.",
        "Sync both with NTP (timedatectl set-ntp true).",
    )
