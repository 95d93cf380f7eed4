"""Checks of what must happen again and again: the worker, the spool, backups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from inquiries import wall_clock
from inquiries.intake import spool
from inquiries.models import Job, Restoration
from inquiries.worker.health import SPOOL_WAITS, WORKER_QUIET
from portal.doctor import Problem, check, host

#: A day, and two hours for a backup that takes longer than the one before.
BACKUP_AGE = timedelta(hours=26)


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
def requests_do_not_wait_in_the_spool() -> Problem | None:
    if not Path(settings.SPOOL_DIR).is_dir():
        return None  # another check says so
    count, since = spool.waiting_since()
    if since is None or timezone.now() - since < SPOOL_WAITS:
        return None
    return Problem(
        f"{count} requests have been waiting in the spool on {host()} since "
        f"{since:%Y-%m-%d %H:%M} UTC.",
        "Run manage.py work on this machine. Its log says what can't be stored.",
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
def sources_are_looked_up() -> Problem | None:
    if not settings.SOURCE_LOOKUP or not Job.objects.filter(name="sources", went_well=False):
        return None
    return Problem(
        "No source could be looked up for a day. Retractions would not be noticed.",
        "Let this machine reach the addresses of PORTAL_LOOKUP_CROSSREF and PORTAL_LOOKUP_PUBMED "
        "over HTTPS, or set PORTAL_SOURCE_LOOKUP=off.",
    )


@check
def backup_is_fresh() -> Problem | None:
    """The backup job touches a file after each backup that went well; its time is what counts."""
    if not settings.BACKUP_MARK:
        return Problem(
            "Nobody would notice if backups stopped.",
            "Let the backup job touch a file when it is done, and name it in PORTAL_BACKUP_MARK.",
            is_advice=True,
        )
    try:
        made_at = datetime.fromtimestamp(Path(settings.BACKUP_MARK).stat().st_mtime, UTC)
    except OSError:
        return Problem(
            "There was no backup yet: the file of PORTAL_BACKUP_MARK can't be found.",
            "Run the backup job. If it ran, let it touch that file when it is done.",
        )
    age = timezone.now() - made_at
    if age > BACKUP_AGE:
        return Problem(
            f"The last good backup was {age // timedelta(hours=1)} hours ago.",
            "Read the log of the backup job, and run it by hand.",
        )
    if wall_clock.is_from_the_future(made_at, timezone.now()):
        return Problem(
            "The last backup seems to be from the future.",
            "Check the clock of this machine and of the one that makes backups.",
        )
    return None
