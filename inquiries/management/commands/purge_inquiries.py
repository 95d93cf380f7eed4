"""Erases what was kept as long as we may."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from inquiries import privacy
from inquiries.states import Outcome


class Command(BaseCommand):
    help = (
        "Erase closed requests that are older than the period for their outcome "
        "(PORTAL_RETENTION_DAYS). With --dry-run, only report."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            counts = {each: privacy.due_for_erasure(each, now).count() for each in Outcome.values}
        else:
            counts = privacy.purge()
        for outcome in Outcome.values:
            kept = settings.RETENTION_DAYS[outcome]
            self.stdout.write(f"{outcome}: {counts.get(outcome, 0):,} older than {kept:,} days")
        done = "would be erased" if options["dry_run"] else "erased"
        self.stdout.write(f"{sum(counts.values()):,} requests {done}")
