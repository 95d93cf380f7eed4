"""Writes articles to files that `import_posts` reads again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles.importing import as_post
from articles.models import Article
from articles.posts import write_markdown


class Command(BaseCommand):
    help = "Write each article that readers see to FOLDER/SLUG.md: Markdown with front matter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument(
            "--drafts", action="store_true", help="the newest words of every article instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        articles = Article.objects.all() if options["drafts"] else Article.objects.published()
        count = 0
        for article in articles.for_export().iterator(chunk_size=100):
            post = as_post(article, is_live=not options["drafts"])
            path = folder / f"{article.slug}.md"
            path.write_text(write_markdown(post), encoding="utf-8")
            self.stdout.write(f"{article.title} ({path})")
            count += 1
        self.stdout.write(f"{count} articles")
