"""Import of posts from files as drafts, and export of articles to files."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from articles import library, rendering
from articles.content import Content
from articles.editing import writing
from articles.editing.addresses import free_slug, refuse_reserved_slug
from articles.images import processing, storage
from articles.library import images
from articles.models import Article, Category, Image, OldPath, Reference, Revision
from articles.posts import Item, Post, PostImage, read_post, words
from articles.rendering.certainty import NO_RATINGS, Ratings
from articles.rendering.library_snapshot import Source
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User


class ImportOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def import_post(  # noqa: PLR0913 - all that an import is told
    raw: bytes,
    *,
    source: str,
    name: str = "",
    interests: str = "",
    may_create_categories: bool = False,
    by: "User | None",
) -> tuple[Article, ImportOutcome]:
    """Store a file with one post as a draft, like `import_item`. Raise MalformedPost."""
    item = Item(
        label=name,
        source=source,
        digest=hashlib.sha256(raw).hexdigest(),
        read=partial(read_post, raw, name=name),
    )
    return import_item(item, interests=interests, creating=may_create_categories, by=by)


@transaction.atomic
def import_item(
    item: Item,
    *,
    interests: str = "",
    creating: Collection[str] | bool = False,
    imported_by: "User | None" = None,
    by: "User | None",
) -> tuple[Article, ImportOutcome]:
    """Store one post as a draft, or find the article it became earlier.

    A post is recognized by its source, or by its exact text if the file was moved: importing the
    same file twice changes nothing, whatever its slug is now. A post with new text updates its
    draft, unless someone has edited that draft here; then raise StepRefused. It is filed under
    existing categories. Readers would see the name of a new one, so one is created only if its name
    is in `creating`, or for all if that is True. If one was made since, a draft that nobody has
    edited is filed there.

    `by` is the author; if somebody else imports it, `imported_by` is named in its history.
    Raise MalformedPost.
    """
    post, source, digest = item.read_post(), item.source, item.digest
    article = _find_article(source, digest)
    is_known = article is not None and article.source_digest == digest
    wanted = _wanted_categories(post, creating)
    named = filter(None, map(_find_category, (*post.categories, *post.tags)))
    categories = list(dict.fromkeys(named))
    is_filed = article is None or is_edited_since_import(article) or _is_in(article, categories)
    if article and is_known and is_filed and not wanted:
        if article.source != source:  # moved: the next change to it has to find the article
            Article.objects.filter(pk=article.pk).update(source=source)
        return article, ImportOutcome.UNCHANGED
    if article and is_edited_since_import(article):
        raise StepRefused(words.BOTH_CHANGED)
    content = _import_sources(post, by=by)
    for name in wanted:
        refuse_reserved_slug(slug := slugify(name))
        categories.append(Category.objects.create(name=name, slug=slug))
    original = _find_original(post)
    if article is None:
        article = writing.create_draft(
            content,
            slug=_choose_slug(post),
            categories=categories,
            interests=interests,
            language=post.language,
            translation_of=original,
            note=_note_origin(post, imported_by if imported_by != by else None),
            by=by,
        )
        outcome = ImportOutcome.CREATED
    else:
        if (article.language, article.translation_of) != (post.language, original):
            raise StepRefused(words.KEEPS_LANGUAGE)
        article = writing.save_revision(
            article, content, interests=interests, version=article.version, by=by
        )
        article = writing.set_categories(
            article, categories=categories, version=article.version, by=by
        )
        outcome = ImportOutcome.UPDATED
    # A path that another article has stays with it.
    paths = [OldPath(path=path, article=article) for path in post.old_paths]
    OldPath.objects.bulk_create(paths, ignore_conflicts=True)
    article.source = source
    article.source_digest = digest
    article.source_version = article.version
    article.save(update_fields=["source", "source_digest", "source_version"])
    return article, outcome


def _find_article(source: str, digest: str) -> Article | None:
    """Find what a post became earlier.

    Most posts are new, so what belongs to an article is loaded only once there is one.
    """
    found = (
        Article.objects.filter(source=source).values_list("pk", flat=True).first()
        or Article.objects.filter(source_digest=digest)
        .order_by("id")
        .values_list("pk", flat=True)
        .first()
    )
    return Article.objects.for_staff().get(pk=found) if found else None


def _wanted_categories(
    post: Post,
    creating: Collection[str] | bool,  # noqa: FBT001 - True means all
) -> list[str]:
    missing = missing_categories(post) if creating else []
    return [name for name in missing if creating is True or name in (creating or ())]


def _choose_slug(post: Post) -> str:
    """Return its slug; if another article has that and nobody here chose it, one that is free."""
    if not post.slug or not post.may_change_slug:
        return post.slug
    return free_slug(post.slug)


def _is_in(article: Article, categories: list[Category]) -> bool:
    return {*categories} <= {*article.categories.all()}


def _note_origin(post: Post, imported_by: "User | None") -> str:
    notes = [words.IMPORTED_BY % {"name": imported_by.public_name}] if imported_by else []
    if post.written_by or post.written_on:
        said = {"name": post.written_by or words.NOBODY, "day": post.written_on or words.NO_DAY}
        notes.append(words.ORIGIN % said)
    return " ".join(notes)


def _find_original(post: Post) -> Article | None:
    """Find the original. Raise StepRefused if it is missing, a translation, or in this language."""
    if not post.translation_of:
        return None
    original = Article.objects.for_staff().filter(slug=post.translation_of).first()
    if original is None:
        raise StepRefused(words.NO_ORIGINAL % {"slug": post.translation_of})
    if original.translation_of_id or original.language == post.language:
        raise StepRefused(words.NOT_AN_ORIGINAL % {"slug": post.translation_of})
    return original


def import_image(shown: PostImage, file: bytes, *, by: "User | None") -> bool:
    """Add a post's picture to the library; return whether it was new.

    What the library says about a picture that it already has stays as it is. Making the files
    takes seconds, so this is called outside a transaction. Raise UnsuitableImage if readers can't
    be shown the file, and StepRefused if another picture has its name or it was withdrawn.
    """
    known = Image.objects.not_withdrawn().filter(name=shown.name).first()
    if known and storage.load_file(known.largest) == file:
        return False
    master = processing.read_image(file, shown.name)
    if known and known.digest == master.digest:
        return False
    images.add_image(master, name=shown.name, alt=shown.alt, credit=shown.credit, by=by)
    return True


def is_edited_since_import(article: Article) -> bool:
    """Return whether anyone has changed, published, or retired it here since it was imported."""
    return article.version != article.source_version


def _import_sources(post: Post, *, by: "User | None") -> Content:
    """Add the post's sources to the library; return its content, citing them by the library's keys.

    What the library says about a source stays as it is. Raise StepRefused if it has a different
    one under the same key.
    """
    content = post.content
    known = library.find_known_references(post.sources)
    for place, source in enumerate(post.sources):
        reference = (
            known.get(place) or _reference_with_key(source) or library.add_reference(source, by=by)
        )
        if reference.key != source.key:
            cited = re.compile(rf"@{re.escape(source.key)}(?![a-z0-9-])")
            content = replace(
                content,
                body=cited.sub(f"@{reference.key}", content.body),
                key_points=cited.sub(f"@{reference.key}", content.key_points),
            )
    return content


def _reference_with_key(source: Source) -> Reference | None:
    """Return the library's source with its key. Raise StepRefused if their DOIs or PMIDs differ."""
    reference = Reference.objects.filter(key=source.key).first()
    if reference and any(
        getattr(source, name) and getattr(reference, name) not in {"", getattr(source, name)}
        for name in ("doi", "pmid")
    ):
        raise StepRefused(words.KEY_TAKEN % {"key": source.key})
    return reference


def missing_categories(post: Post) -> list[str]:
    """Return the categories of a post that don't exist yet."""
    return [name for name in post.categories if _find_category(name) is None]


def _find_category(name: str) -> Category | None:
    return Category.objects.filter(Q(name__iexact=name) | Q(slug=slugify(name))).first()


def export_post(article: Article, *, is_live: bool) -> Post:
    """Return an article as a post for `write_markdown`: what readers see, or the latest version."""
    revision = article.live if is_live and article.live else article.head
    keys = rendering.cited_keys(revision.content)
    references = Reference.objects.filter(key__in=keys).select_related("standing_by")
    by_key = {reference.key: reference for reference in references}
    return Post(
        content=revision.content,
        slug=article.slug,
        language=article.language,
        translation_of=article.translation_of.slug if article.translation_of else "",
        categories=tuple(category.name for category in article.categories.all()),
        sources=tuple(by_key[key].as_source() for key in keys if key in by_key),
        pictures=tuple(
            PostImage(name=image.name, alt=image.alt, credit=image.credit)
            for image in Image.objects.not_withdrawn().named_in(revision.body).order_by("name")
        ),
        ratings=_ratings_of(revision),
    )


def _ratings_of(revision: Revision) -> Ratings:
    approval = revision.approvals.last()
    return approval.ratings if approval else NO_RATINGS
