"""Writes everything that readers see and editors write to one zip."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.archive import write_archive


class Command(BaseCommand):
    help = (
        "Write all articles, drafts, pictures, categories, terms, and sources to FILE, a zip of "
        "plain files that `import_site` reads. It holds no request, no account, and no history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        part = path.with_name(f"{path.name}.part")
        if path.exists():
            raise CommandError(f"{path} exists already. Choose another name.")
        try:
            # Drafts aren't for everybody on this machine.
            with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                tally = write_archive(file)
                os.fsync(file.fileno())
            part.rename(path)
        except OSError as error:
            raise CommandError(f"{part}: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        missing = tally.pop("missing", 0)
        self.stdout.write(", ".join(f"{count} {kind}" for kind, count in sorted(tally.items())))
        if missing:
            raise CommandError(f"The files of {missing} pictures are missing.")
