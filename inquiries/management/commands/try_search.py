"""Shows what search finds for queries, as readers would."""

import json
import sys
from argparse import FileType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from articles.search import finder, query
from articles.search.shown import show
from articles.text_cleaning import clean_line
from inquiries.danger import phrases


class Command(BaseCommand):
    help = "Show as JSON what search finds for each query of a file or of standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=FileType(encoding="utf-8"), default=sys.stdin,
            help="one query a line",
        )  # fmt: skip
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["language"] or settings.LANGUAGE_CODE
        with translation.override(language), options["file"] as lines:
            for line in lines:
                if typed := line.strip():
                    self.stdout.write(json.dumps(_as_json(typed), ensure_ascii=False))


def _as_json(line: str) -> dict[str, Any]:
    typed = clean_line(line)[: query.MAX_LENGTH]  # as the page does
    found = finder.find(typed)
    shown = show(found.results, found.query)
    return {
        "query": line,
        "read_as": found.read_as or None,
        "results": [{"url": each.url, "title": each.name} for each in shown],
        "emergency": phrases.has_danger_words(typed),
    }
