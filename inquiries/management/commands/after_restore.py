"""Do what has to be done after a backup was restored, and say what people have to do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries.ledger.anchors import LedgerBusy
from inquiries.ledger.restarts import AnchorsDiffer
from inquiries.ledger.verification import verify_ledger
from inquiries.recovery import restoring
from inquiries.recovery.restoring import Restored


class Command(BaseCommand):
    help = (
        "After the database was restored from a backup: hold the emails that waited in it, mark "
        "those already sent, erase again what was erased since, name the requests that are "
        "missing, and check the ledger. Run it once on each machine that serves the site. Running "
        "it again changes nothing more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--release", action="store_true", help="let the emails go out that are held"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["release"]:
            self.stdout.write(f"{restoring.release_mails(by=None):,} emails released")
            return
        try:
            found = restoring.finish_restore()
        except (AnchorsDiffer, LedgerBusy) as error:
            raise CommandError(_SAID_OF[type(error)]) from error
        except OSError as error:
            raise CommandError(
                "The journal can't be read, so nothing is known of what the backup lacks. Check "
                "PORTAL_JOURNAL, restore that folder too, and run this again."
            ) from error
        for line in _describe(found):
            self.stdout.write(line)
        faults = verify_ledger().faults
        for fault in faults:
            self.stdout.write(fault)
        if faults or found.reading.unopened:
            raise CommandError("Not all is well: read the lines above.")


_SAID_OF: dict[type[Exception], str] = {
    AnchorsDiffer: (
        "The anchors file isn't a later or earlier state of this database. Everything else was "
        "done. Restore the right file, and run this again."
    ),
    LedgerBusy: "The database was busy for too long. Run this again in a minute.",
}


def _describe(found: Restored) -> list[str]:
    """Return a sentence for each thing that was done, and for each that is left."""
    lines = [
        f"{found.stored:,} requests stored from the spool",
        f"{found.settled:,} waiting emails had been sent already, and won't be sent again",
        f"{found.erased:,} requests erased again",
        f"{found.held:,} emails are held; manage.py after_restore --release lets them go",
    ]
    if found.unknown_mails:
        lines.append(
            f"{found.unknown_mails:,} emails to senders went out after the backup. Links in them "
            "no longer work"
        )
    if found.anchor and found.anchor.restored_to is not None:
        lines.append(f"anchored again, after anchor {found.anchor.restored_to:,}")
    if found.reading.broken:
        lines.append(f"{found.reading.broken:,} lines of the journal are torn and were skipped")
    lines += [
        f"{count:,} lines of the journal need the key {key_id}. Add it to FIELD_KEYS after the "
        "newest, and run this again"
        for key_id, count in sorted(found.reading.unopened.items())
    ]
    lines.append(f"{len(found.missing):,} missing")
    lines += [
        f"missing: {each.reference}, {each.at:%Y-%m-%d %H:%M} UTC, {each.get_kind_display()}"
        for each in found.missing
    ]
    return lines
