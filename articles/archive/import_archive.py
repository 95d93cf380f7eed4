"""Bringing an archive in: the library first, then the articles in the order of publication."""

from collections.abc import Iterator

from django.db import transaction

from articles.archive.library_rows import (
    People,
    import_categories,
    import_first_reads,
    import_references,
    import_terms,
    new_categories,
)
from articles.archive.reading import (
    ARTICLES,
    CATEGORIES,
    DRAFTS,
    GLOSSARY,
    PICTURE_LIST,
    REFERENCES,
    Archive,
    MalformedArchive,
)
from articles.content import INTERESTS_NOT_ASKED
from articles.editing import addresses, writing
from articles.images.processing import UnsuitableImage
from articles.models import Article, OldAddress, OldPath
from articles.posts import MalformedPost, PostImage, read_post
from articles.posts.importer import ImportOutcome, import_image, import_post
from articles.posts.publication import publish_at_once
from articles.states import StepRefused

_REFUSALS = (MalformedArchive, MalformedPost, StepRefused, UnsuitableImage)


def import_archive(
    archive: Archive, people: People, *, interests: tuple[str, str] = ("", "")
) -> Iterator[str]:
    """Bring in all that isn't here yet. Yield a line for each part that is refused.

    `interests` are what the author and the reviewer declared. An article that can't be published
    stays a draft. Repeating it changes nothing.
    """
    categories = new_categories(archive.rows(CATEGORIES))
    yield from import_categories(categories, people)
    yield from import_terms(archive.rows(GLOSSARY), people)
    yield from import_references(archive.rows(REFERENCES), people)
    yield from _import_pictures(archive, people)
    for slug in archive.articles:
        try:
            raw = archive.post(ARTICLES.format(slug))
            publish_post(raw, source=_source(slug), people=people, interests=interests)
        except _REFUSALS as refusal:
            yield f"article {slug}: {refusal}"
    for slug in archive.drafts:
        try:
            _save_draft(slug, archive.post(DRAFTS.format(slug)), people, interests[0])
        except _REFUSALS as refusal:
            yield f"draft {slug}: {refusal}"
    yield from _import_addresses(archive)
    yield from import_first_reads(categories, people)


def _import_pictures(archive: Archive, people: People) -> Iterator[str]:
    for row in archive.rows(PICTURE_LIST):
        name = row.get("name")
        try:
            shown = {key: str(row.get(key, "")) for key in ("name", "alt", "credit")}
            import_image(PostImage(**shown), archive.picture(shown["name"]), by=people.author)
        except _REFUSALS as refusal:
            yield f"picture {name}: {refusal}"


def _import_addresses(archive: Archive) -> Iterator[str]:
    """Have old addresses lead to the articles that came from here, but never away from our own."""
    slugs = {*archive.old_addresses.values(), *archive.old_paths.values()}
    ours = Article.objects.filter(source__in=map(_source, slugs))
    by_source = {article.source: article for article in ours}
    for old, slug in archive.old_addresses.items():
        article = by_source.get(_source(slug))
        if article is None or article.old_addresses.filter(slug=old).exists():
            continue
        try:
            addresses.refuse_taken_slug(article, old)
            OldAddress.objects.create(slug=old, article=article)
        except StepRefused as refusal:
            yield f"old address {old}: {refusal}"
    for path, slug in archive.old_paths.items():
        article = by_source.get(_source(slug))
        if article and addresses.clean_path(path) == path:
            OldPath.objects.get_or_create(path=path, defaults={"article": article})
        elif article:
            yield f"old path {path}: no redirect may start there."


def publish_post(
    raw: bytes, *, source: str, people: People, interests: tuple[str, str] = ("", "")
) -> None:
    """Bring in a post in our own format, and publish it if nothing was done to it here since.

    `source` is by what it is known again; `interests` are the author's and the reviewer's.

    Raises:
        MalformedPost: it can't be read.
        StepRefused: it can't be published, or someone worked on it here.
    """
    article, outcome = import_post(
        raw, source=source, interests=interests[0] or INTERESTS_NOT_ASKED, by=people.author
    )
    if outcome is ImportOutcome.CREATED or article.version == article.source_version:
        publish_at_once(
            article,
            author=people.author,
            author_interests=interests[0],
            reviewer=people.reviewer,
            reviewer_interests=interests[1],
            ratings=read_post(raw).ratings,
        )


@transaction.atomic
def _save_draft(slug: str, raw: bytes, people: People, interests: str) -> None:
    """Save a draft, or the newer version of an article that has just been published."""
    article = Article.objects.filter(source=_source(slug)).first()
    if article is None:
        import_post(raw, source=_source(slug), interests=interests, by=people.author)
        return
    post = read_post(raw)
    if article.head.digest != post.content.digest() and article.head_id == article.live_id:
        writing.save_revision(
            article, post.content, interests=interests, version=article.version, by=people.author
        )


def _source(slug: str) -> str:
    """By which an article is known again."""
    return f"archive/{slug}"
