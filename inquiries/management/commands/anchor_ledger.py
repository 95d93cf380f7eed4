"""Write what the ledger holds to a file outside the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries.ledger import anchor_lines, anchors


class Command(BaseCommand):
    help = (
        "Add an anchor: the number of receipts, events, audit entries, and emails, with a keyed "
        "hash of all of them. The worker does this every minute, and verify_ledger compares. "
        "Prints the latest anchor, so that you can keep it somewhere else."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchor = anchors.write_anchor() or anchors.last_anchor()
        except anchors.LedgerBusy as error:
            raise CommandError(
                "The database was busy for too long, so nothing was added. Try again in a minute."
            ) from error
        except anchors.DatabaseRestored as error:
            raise CommandError(
                "The database is older than its anchors: a backup was restored. Run "
                "manage.py after_restore."
            ) from error
        if anchor is None:
            raise CommandError(f"{anchor_lines.anchors_path().name} was just removed.")
        if anchor.skips:
            self.stderr.write(
                f"{anchor_lines.anchors_path().name} has a line that can’t be read. Anchoring "
                "continued after it. Compare the file with your copies."
            )
        counts = ", ".join(f"{tally.count:,} {name}" for name, tally in anchor.tallies.items())
        self.stdout.write(f"{anchor.at} {counts}, {anchor.mac}")
