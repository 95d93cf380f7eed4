"""Take one mail that came back, from a mail server's pipe."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from inquiries.mail.bounces import take_bounce

_BLOCK = 65_536


class Command(BaseCommand):
    help = (
        "Read one mail that came to a return address, on standard input: `take_bounce < message`. "
        "For the pipe of a mail server. Prints one word: what came of it. Exit status 75 if the "
        "database can't be asked, so that the mail server tries again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient", default="", help="where it was sent; by default as its headers say"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Parsing loads modules that no other command needs.
        from inquiries.worker.bounce_messages import MOST_BYTES, read_message

        source = sys.stdin.buffer
        raw = source.read(MOST_BYTES)
        while source.read(_BLOCK):  # otherwise a mail server would take a closed pipe for a failure
            pass
        bounce = read_message(raw, recipient=options["recipient"])
        try:
            result = take_bounce(bounce)
        except Error as error:
            raise CommandError(
                "The database can’t be asked now. Try again later.", returncode=os.EX_TEMPFAIL
            ) from error
        self.stdout.write(result.value)
