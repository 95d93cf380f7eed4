"""Writes down, outside the database, what the ledger holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries.ledger import anchors


class Command(BaseCommand):
    help = (
        "Add an anchor: how many receipts, events and audit entries there are, with a keyed hash "
        "over all of them. Once a day; verify_ledger compares. Printed too, to be kept elsewhere."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchor = anchors.write_anchor()
        except ValueError as error:
            raise CommandError(
                f"The anchors in {anchors.anchors_path().name} cannot be read: nothing was added. "
                "Restore the file from where you keep its copies."
            ) from error
        counts = ", ".join(f"{tally.count:,} {name}" for name, tally in anchor.tallies.items())
        self.stdout.write(f"{anchor.at} {counts}, {anchor.mac}")
