"""Check the whole ledger and report what is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries.ledger.verification import verify_ledger


class Command(BaseCommand):
    help = (
        "Recount every request, every event chain, the audit trail, and the anchors. Exits with "
        "status 0 and prints one line if everything is whole. Otherwise, it prints what is not "
        "and exits with status 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = verify_ledger(on_progress=lambda count: self.stderr.write(f"{count:,} requests"))
        self.stderr.write(findings.conservation)
        for remark in findings.remarks:
            self.stderr.write(remark)
        if findings.unbound:
            self.stderr.write(
                f"{len(findings.unbound):,} requests from the previous release are bound by their "
                "events alone until the worker’s next recount."
            )
        for fault in findings.faults:
            self.stdout.write(fault)
        counted = f"{findings.requests:,} requests, {findings.events:,} events"
        if findings.faults:
            raise CommandError(f"{counted}: not whole, {len(findings.faults):,} faults")
        self.stdout.write(f"{counted}: whole")
