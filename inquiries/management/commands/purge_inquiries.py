"""Erase what has been kept for as long as allowed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inquiries import privacy
from inquiries.outcomes import Outcome
from inquiries.wall_clock import ClockInDoubt


class Command(BaseCommand):
    help = (
        "Erase closed requests that are past the retention period for their outcome "
        "(PORTAL_RETENTION_DAYS). With --dry-run, only report. If an outcome has no period, its "
        "requests are kept, and the exit status is 1."
    )
    #: Skip the checks, so that what is due is erased whatever else is wrong with the settings.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument(
            "--clock-is-right",
            action="store_true",
            help="you have checked: go by this machine's clock, even if it is in doubt",
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
                    f"{error} Nothing was erased. Set the clock and let the worker run, or "
                    "use --clock-is-right."
                ) from error
        for outcome in Outcome.values:
            if kept := privacy.retention_days(outcome):
                self.stdout.write(f"{outcome}: {counts.get(outcome, 0):,} older than {kept:,} days")
        done = "would be erased" if options["dry_run"] else "erased"
        self.stdout.write(f"{sum(counts.values()):,} requests {done}")
        if unknown := privacy.outcomes_without_retention():
            raise CommandError(
                "Not erased, because these outcomes have no retention period: "
                f"{', '.join(unknown)}. Run `manage.py check` to see what to do."
            )
