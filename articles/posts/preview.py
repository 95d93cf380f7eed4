"""What a post becomes, for the person who decides whether to import it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from articles import checking
from articles.editing import reviewing
from articles.models import Article, Image
from articles.posts.importer import import_item, missing_categories
from articles.posts.items import Item
from articles.posts.post import Post

if TYPE_CHECKING:
    from portal.models import User


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One post as it would be here, and what is left to do before it can be published."""

    title: str
    slug: str
    language: str
    #: Categories it would be in, and those that would be created for it.
    categories: tuple[str, ...]
    new_categories: tuple[str, ...]
    #: As the old site says.
    written_by: str
    written_on: str
    #: Why nobody may publish it without a look.
    hold: str
    #: What was lost, or read differently than written.
    notes: tuple[str, ...]
    #: The checks that its text fails now.
    failing: tuple[str, ...]


def preview_draft(article: Article, post: Post, new_categories: tuple[str, ...]) -> Preview:
    """Describe a draft that an import has just made, in a transaction that is then undone."""
    results = reviewing.run_article_checks(article)
    there = article.categories.values_list("name", flat=True)
    missing = missing_categories(post)
    return Preview(
        title=article.head.title,
        slug=article.slug,
        language=article.language,
        categories=tuple(name for name in there if name not in new_categories),
        new_categories=new_categories or tuple(missing),
        written_by=post.written_by,
        written_on=post.written_on,
        hold=post.hold,
        notes=post.notes,
        failing=tuple(str(each.check.title) for each in checking.blocking(results)),
    )


def preview_item(
    item: Item,
    *,
    find_picture: Callable[[str], tuple[str, bytes] | None],
    by: "User",
) -> dict[str, Any]:
    """Return what a post would become, as JSON keeps it, with its pictures. Changes nothing.

    Raise MalformedPost, StepRefused, or UnsuitableImage if it can't be imported.
    """
    from articles.images import processing  # loads Pillow, so only for an import

    post = item.read_post()
    pictures, missing = [], []
    for shown in post.pictures:
        if found := find_picture(shown.name):
            processing.read_image(found[1], found[0].rpartition("/")[2])
            pictures.append(found[0])
        elif not Image.objects.filter(name=shown.name).exists():
            missing.append(shown.name)
    with transaction.atomic():
        article, outcome = import_item(item, by=by)
        shown_as = asdict(preview_draft(article, post, ()))
        transaction.set_rollback(True)
    return {**shown_as, "outcome": str(outcome), "pictures": pictures, "missing": missing}


def describe_preview(preview: Preview) -> Iterator[str]:
    """Yield a line for an operator on each thing that there is to say, but the notes."""
    yield f"address {preview.slug}, language {preview.language}"
    if preview.written_by or preview.written_on:
        yield f"written there by {preview.written_by or '?'}, {preview.written_on or '?'}"
    if preview.categories:
        yield f"filed under {', '.join(preview.categories)}"
    if preview.new_categories:
        yield f"categories that don’t exist yet: {', '.join(preview.new_categories)}"
    if preview.hold:
        yield f"never published by the import: {preview.hold}"
    if preview.failing:
        yield f"checks that fail: {'; '.join(preview.failing)}"
