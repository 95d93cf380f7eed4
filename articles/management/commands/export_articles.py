"""Writes articles to files that `import_posts` can read, with their pictures next to them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.images import storage
from articles.models import Article, Image
from articles.posts import PICTURES_FOLDER, write_markdown
from articles.posts.importer import export_post


class Command(BaseCommand):
    help = (
        "Write each live article to FOLDER/SLUG.md (Markdown with front matter), and its pictures "
        f"to FOLDER/{PICTURES_FOLDER}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument(
            "--drafts",
            action="store_true",
            help="write the latest version of every article instead",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        articles = Article.objects.all() if options["drafts"] else Article.objects.published()
        count, shown = 0, set[str]()
        for article in articles.for_export().iterator(chunk_size=100):
            post = export_post(article, is_live=not options["drafts"])
            path = folder / f"{article.slug}.md"
            path.write_text(write_markdown(post), encoding="utf-8")
            self.stdout.write(f"{article.title} ({path})")
            shown |= {picture.name for picture in post.pictures}
            count += 1
        written = sum(
            _write(image, folder / PICTURES_FOLDER)
            for image in Image.objects.filter(name__in=shown)
        )
        self.stdout.write(f"{count} articles, {written} pictures")
        if written < len(shown):
            raise CommandError(f"The files of {len(shown) - written} pictures are missing.")


def _write(image: Image, folder: Path) -> bool:
    """Write a picture's file if it exists; return whether it did."""
    content = storage.load_file(image.largest)
    if content is None:
        return False
    folder.mkdir(exist_ok=True)
    (folder / f"{image.name}.jpg").write_bytes(content)
    return True
