"""Erases what was kept as long as we may."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inquiries import privacy
from inquiries.outcomes import Outcome
from inquiries.wall_clock import ClockInDoubt


class Command(BaseCommand):
    help = (
        "Erase closed requests that are older than the period for their outcome "
        "(PORTAL_RETENTION_DAYS). With --dry-run, only report. Where an outcome has no period, "
        "nothing that ended so is erased, and the exit status is 1."
    )
    #: Whatever else is wrong with the settings, what is due is erased.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument(
            "--clock-is-right",
            action="store_true",
            help="somebody has looked: erase by this machine's clock, whatever speaks against it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            counts = {each: privacy.due_for_erasure(each, now).count() for each in Outcome.values}
        else:
            try:
                counts = privacy.purge_inquiries(
                    believes_clock=options.get("clock_is_right", False)
                )
            except ClockInDoubt as error:
                raise CommandError(
                    f"{error} Nothing was erased. Put the clock right and let the worker run, or "
                    "say --clock-is-right."
                ) from error
        for outcome in Outcome.values:
            if kept := privacy.retention_days(outcome):
                self.stdout.write(f"{outcome}: {counts.get(outcome, 0):,} older than {kept:,} days")
        done = "would be erased" if options["dry_run"] else "erased"
        self.stdout.write(f"{sum(counts.values()):,} requests {done}")
        if unknown := privacy.outcomes_without_retention():
            raise CommandError(
                f"Not erased, however old, because nobody said how long to keep it: "
                f"{', '.join(unknown)}. Run `manage.py check`: it says what to do."
            )
