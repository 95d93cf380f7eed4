"""Writes down, outside the database, what the ledger holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries.ledger import anchors


class Command(BaseCommand):
    help = (
        "Add an anchor: how many receipts, events, audit entries and mails there are, with a keyed "
        "hash over all of them; the worker does it each minute. verify_ledger compares. Prints the "
        "last one, to be kept elsewhere."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchor = anchors.write_anchor() or anchors.last_anchor()
        except anchors.LedgerBusy as error:
            raise CommandError(
                "Somebody has been writing to the database for too long: nothing was added. "
                "Try again in a minute."
            ) from error
        if anchor is None:
            raise CommandError(f"{anchors.anchors_path().name} was taken away just now.")
        if anchor.skips:
            self.stderr.write(
                f"{anchors.anchors_path().name} has a line that cannot be read; anchoring went on "
                "after it. Compare the file with where you keep its copies."
            )
        counts = ", ".join(f"{tally.count:,} {name}" for name, tally in anchor.tallies.items())
        self.stdout.write(f"{anchor.at} {counts}, {anchor.mac}")
