"""Lists the requests that only a lost key opens, and erases them, so that the site can start."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries import encryption, keyring, lost_keys


class Command(BaseCommand):
    help = (
        "List the requests that only a lost key opens: reference, when it came, its state. With "
        "--erase, erase them, because the site does not start while they are there. Make a backup "
        "first: with it, they can be read if the key is found. docs/operations/keys.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the id of the key, as the site names it when it refuses")
        parser.add_argument("--erase", action="store_true", help="erase them; cannot be undone")

    def handle(self, *args: Any, **options: Any) -> None:
        key = options["id"]
        if key not in keyring.count_lost():
            raise CommandError(f"Nothing in the database needs a key {key} that FIELD_KEYS lack.")
        lost = lost_keys.sealed_by(key)
        for reference, at, state in lost.values_list("reference", "received_at", "state"):
            self.stdout.write(f"{reference}\t{at:%Y-%m-%d %H:%M} UTC\t{state}")
        if not options["erase"]:
            self.stderr.write(f"{lost.count():,} requests. Nothing was changed.")
            return
        try:
            done = lost_keys.give_up_key(key)
        except encryption.KeyRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stderr.write(f"{done:,} requests erased.")
