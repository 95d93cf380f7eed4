"""Writing the archive."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from articles.archive import library_rows
from articles.archive.reading import (
    ARTICLES,
    CATEGORIES,
    CONTENTS,
    DRAFTS,
    FORMAT,
    GLOSSARY,
    PICTURE_LIST,
    PICTURES,
    REFERENCES,
)
from articles.images import storage
from articles.models import Article, Image, OldAddress, OldPath
from articles.posts import write_markdown
from articles.posts.importer import export_post


def write_archive(file: IO[bytes]) -> Counter[str]:
    """Write everything to an open file; return how many of each kind there are.

    “missing” counts pictures whose files are gone. Retired articles are left out.
    """
    tally: Counter[str] = Counter()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        live, drafts = _write_articles(archive)
        known = {*live, *drafts}
        slugs = OldAddress.objects.order_by("slug").values_list("slug", "article__slug")
        paths = OldPath.objects.order_by("path").values_list("path", "article__slug")
        contents = {
            "format": FORMAT,
            "articles": live,
            "drafts": drafts,
            "old_addresses": {old: slug for old, slug in slugs if slug in known},
            "old_paths": {old: slug for old, slug in paths if slug in known},
        }
        _write(archive, CONTENTS, contents)
        for name, kind, rows in (
            (CATEGORIES, "categories", library_rows.write_categories(known)),
            (GLOSSARY, "terms", library_rows.write_terms()),
            (REFERENCES, "sources", library_rows.write_references()),
            (PICTURE_LIST, "pictures", _write_pictures(archive, tally)),
        ):
            written = list(rows)
            _write(archive, name, written)
            tally[kind] = len(written)
    return tally + Counter(articles=len(live), drafts=len(drafts))


def _write_articles(archive: ZipFile) -> tuple[list[str], list[str]]:
    """Write each article that is live, and each draft that differs; return both lists of slugs."""
    live, drafts = [], []
    in_order = Article.objects.order_by("published_at", "id")
    for article in in_order.filter(live__isnull=False).for_export().iterator(chunk_size=100):
        live.append(article.slug)
        post = export_post(article, is_live=True)
        archive.writestr(ARTICLES.format(article.slug), write_markdown(post))
        if article.head_id != article.live_id:
            drafts.append(article)
    drafts += in_order.filter(published_at__isnull=True).for_export()
    for article in drafts:
        post = export_post(article, is_live=False)
        archive.writestr(DRAFTS.format(article.slug), write_markdown(post))
    return live, [article.slug for article in drafts]


def _write_pictures(archive: ZipFile, tally: Counter[str]) -> Iterable[dict[str, Any]]:
    for image in Image.objects.not_withdrawn().order_by("name"):
        content = storage.load_file(image.largest)
        if content is None:
            tally["missing"] += 1
            continue
        archive.writestr(PICTURES.format(image.name), content, compress_type=ZIP_STORED)
        yield {"name": image.name, "alt": image.alt, "credit": image.credit}


def _write(archive: ZipFile, name: str, values: Any) -> None:
    archive.writestr(name, json.dumps(values, ensure_ascii=False, indent=1) + "\n")
