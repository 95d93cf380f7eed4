"""Imports sources from files into the library, in the same way as the admin."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles.bibliography.decoding import MAX_BYTES
from articles.library.reference_import import Candidate, add_candidates, preview_import
from articles.posts.reference_files import read_reference_file


class Command(BaseCommand):
    help = (
        "Add sources from files to the library: BibTeX, RIS, CSL-JSON, PubMed's format, front "
        "matter, or lines of text. Prints one JSON object per line for each entry. Entries that "
        "could be read in two ways are skipped; an editor can add them on “Import references”."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be added and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        has_bad_file = False
        for path in options["files"]:
            has_bad_file |= not self._import(path, dry_run=options["dry_run"])
        if has_bad_file:
            raise SystemExit(1)

    def _import(self, path: Path, *, dry_run: bool) -> bool:
        """Import one file; return whether it was read completely."""
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)  # enough to show that it is too large
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}")
            return False
        preview = preview_import(read_reference_file(raw))
        for fault in preview.faults:
            self.stderr.write(f"{path}: {fault}")
        for candidate in preview.candidates:
            refusal = ""
            if candidate.is_ready and not dry_run:
                [refusal] = add_candidates([candidate], by=None)
            problems = [*candidate.problems, *filter(None, [refusal])]
            is_taken = candidate.is_ready and not refusal
            self.stdout.write(
                json.dumps(_as_json(candidate, problems, is_taken=is_taken), ensure_ascii=False)
            )
            if not is_taken and not candidate.known:
                self.stderr.write(f"{path}: line {candidate.line}: not taken: {' '.join(problems)}")
        if not any(candidate.source for candidate in preview.candidates):
            return False
        return not preview.faults


def _as_json(candidate: Candidate, problems: list[str], *, is_taken: bool) -> dict[str, Any]:
    source = candidate.source
    kept = candidate.known.as_source() if candidate.known else source
    return {
        "key": kept.key if kept else "",
        "authors": source.authors.split(", ") if source and source.authors else [],
        "title": source.title if source else "",
        "container": source.journal if source else "",
        "year": source.year if source else None,
        "volume": source.volume if source else "",
        "issue": source.issue if source else "",
        "pages": source.pages if source else "",
        "doi": source.doi if source else "",
        "pmid": source.pmid if source else "",
        "standing": str(kept.standing) if kept else "",
        "problems": problems,
        "taken": is_taken,
    }
