"""Try sentences against the list of words that may mean danger."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inquiries.danger import phrases


class Command(BaseCommand):
    help = (
        "Read sentences, one per line, from FILE or standard input. For each, print “marked” (its "
        "words may mean danger) or “clear”, then a tab and the sentence."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        text = _read(options["file"]).decode(errors="replace").removesuffix("\n")
        for line in text.replace("\r\n", "\n").split("\n"):
            verdict = "marked" if phrases.has_danger_words(line) else "clear"
            self.stdout.write(f"{verdict}\t{line}")


def _read(name: str | None) -> bytes:
    if name is None:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} can’t be read: {error.strerror}.") from error
