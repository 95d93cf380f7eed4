"""Checks what production needs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inquiries.circuit_breaker import DATABASE_BREAKER
from portal import doctor
from portal.config import startup
from portal.doctor.mail import trial_mail


class Command(BaseCommand):
    help = (
        "Check what production needs: folders, database, clocks, keys, worker, backups, cache, "
        "mail, settings, and the site as visitors see it. Says what is wrong and what to do. Exits "
        "with status 1 if something is wrong. It changes nothing."
    )
    #: The command has to work where much is wrong.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the results as JSON")
        parser.add_argument(
            "--send-mail", action="store_true", help="send an email to PORTAL_MAIL_FROM"
        )
        parser.add_argument("--mail-to", metavar="ADDRESS", help="send an email there instead")

    def handle(self, *args: Any, **options: Any) -> None:
        startup.guard_database()  # or each check would wait for a database that is down
        DATABASE_BREAKER.reset()
        address = options["mail_to"] or (options["send_mail"] and settings.DEFAULT_FROM_EMAIL)
        more = {"trial email is accepted": trial_mail(address)} if address else {}
        results = doctor.run_checks(more)
        wrong = [result for result in results if result.is_wrong]
        if options["json"]:
            self.stdout.write(json.dumps([result.as_json() for result in results], indent=2))
        else:
            for result in results:
                self.stdout.write(f"{result.as_json()['verdict']:<8} {result.check}")
                if result.problem:
                    self.stdout.write(f"         {result.problem.what}")
                    self.stdout.write(f"         {result.problem.what_to_do}")
        if wrong:
            raise CommandError(f"{len(wrong)} of {len(results)} checks found a problem.")
