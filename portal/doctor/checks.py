"""The checks. Each one tries the real thing: it writes to a folder, it asks a server."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import Error, connection
from django.utils import timezone

from inquiries import wall_clock
from inquiries.intake import spool
from inquiries.models import Job, Restoration
from inquiries.worker.health import WORKER_QUIET
from portal import health
from portal.config import troubles
from portal.database import condition
from portal.doctor import Problem, check
from portal.http.cache import is_cache_answering

# This many connections should stay free, for an administrator and one more process.
_SPARE_CONNECTIONS = 5


def _folder_problem(folder: Path, name: str) -> Problem | None:
    trouble = troubles.find_folder_trouble(folder)
    if trouble is None:
        return None
    what, _, what_to_do = trouble.partition(". ")
    return Problem(f"{name}: {what}.", what_to_do)


@check
def data_folder_can_be_written() -> Problem | None:
    return _folder_problem(settings.DATA_DIR, "The data folder")


@check
def data_folder_is_private() -> Problem | None:
    """Other users of the machine must not read what is in there."""
    folder: Path = settings.DATA_DIR
    if not folder.is_dir() or not folder.stat().st_mode & 0o077:
        return None
    return Problem(f"Other users on this machine can read {folder}.", f"Run chmod 700 {folder}.")


@check
def spool_can_be_written() -> Problem | None:
    """The spool holds requests while the database is down."""
    if problem := _folder_problem(Path(settings.SPOOL_DIR), "The spool"):
        return problem
    try:
        with spool.try_writing():
            return None
    except OSError:
        return Problem(
            f"The spool, {settings.SPOOL_DIR}, can't be written to.",
            "Give this user write access, or set PORTAL_SPOOL to another folder.",
        )


@check
def journal_can_be_written() -> Problem | None:
    """Without it, nobody can say what a restored backup lacks."""
    return _folder_problem(Path(settings.JOURNAL_DIR), "The journal")


@check
def database_answers() -> Problem | None:
    try:
        connection.ensure_connection()
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
def database_has_connections_left() -> Problem | None:
    counted = condition.connection_counts()
    if counted is None:
        return None
    used, most = counted
    wanted = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    if used + _SPARE_CONNECTIONS < most and wanted + _SPARE_CONNECTIONS < most:
        return None
    return Problem(
        f"{used} of {most} database connections are in use.",
        f"Each process keeps up to {wanted}. Raise max_connections, lower PORTAL_DATABASE_POOL, or "
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


@check
def restore_is_finished() -> Problem | None:
    if not Restoration.objects.open().exists():
        return None
    return Problem(
        "A backup was restored. Emails from before are held.",
        "Run manage.py after_restore on each machine, then manage.py after_restore --release.",
    )


@check
def worker_is_alive() -> Problem | None:
    now = timezone.now()
    seen_at = (
        Job.objects.filter(name=wall_clock.HEARTBEAT).values_list("done_at", flat=True).first()
    )
    if wall_clock.is_from_the_future(seen_at, now):
        return Problem(
            "The worker's last heartbeat is in the future.",
            "Check the clocks of all machines, then restart manage.py work.",
        )
    if seen_at is None or now - seen_at > WORKER_QUIET:
        return Problem(
            "The worker has been silent for five minutes. No mail is being sent.",
            "Start manage.py work on every machine that serves the site, and keep it running.",
        )
    return None


@check
def cache_answers() -> Problem | None:
    if is_cache_answering():
        return None
    return Problem(
        "The cache isn't working. Rate limits are weaker, and pages won't survive an outage.",
        "Start the server at CACHE_URL, or make the data folder writable.",
    )


@check
def mail_can_be_sent() -> Problem | None:
    if not settings.EMAIL_IS_SET:
        return Problem("No mail server is set. Mail is waiting.", "Set EMAIL_URL.")
    try:
        with get_connection():
            return None
    except Exception:  # noqa: BLE001 - refused, away, wrong name, no certificate: all the same here
        return Problem(
            "The mail server refused the connection.",
            "Check EMAIL_URL: server, port, user name, password, and TLS.",
        )


@check
def requests_do_not_wait_in_the_spool() -> Problem | None:
    if not Path(settings.SPOOL_DIR).is_dir():
        return None  # another check says so
    count, since = spool.waiting_since()
    if since is None or timezone.now() - since < timedelta(minutes=1):
        return None
    return Problem(
        f"{count} requests have been waiting in the spool since {since:%Y-%m-%d %H:%M} UTC.",
        "Run manage.py work on this machine. Its log says what can't be stored.",
    )


@check
def clinic_says_who_it_is() -> Problem | None:
    missing = settings.CLINIC.untold()
    if not missing:
        return None
    return Problem(
        f"Readers are not told everything about the clinic: {', '.join(missing)} not set.",
        "Set each to a short paragraph for readers. docs/operations/settings.md says what belongs in it.",
        is_advice=True,
    )
