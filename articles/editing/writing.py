"""How the text of an article is written: each save is a revision of its own."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.content import CONTENT_FIELDS, BodyTooLong, Content
from articles.editing import words
from articles.editing.addresses import free_slug, refuse_taken_slug
from articles.editing.proposals import propose_change, require_unchanged
from articles.editing.transitions import (
    lock_article,
    next_state,
    record_event,
)
from articles.languages import ORIGINAL
from articles.models import Article, Authorship, Category, Event, OldAddress, Proposal, Revision
from articles.reading import pages
from articles.states import State, Step, StepRefused

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def create_draft(  # noqa: PLR0913 - all that a form holds
    content: Content,
    *,
    slug: str = "",
    categories: Iterable[Category],
    interests: str = "",
    language: str = ORIGINAL,
    translation_of: Article | None = None,
    note: str = "",
    by: "User | None",
) -> Article:
    """Create an article with its first revision. `by` is None if an import named no author.

    `note` tells colleagues where it comes from.

    An empty slug is made from the title. The authors of an original are authors of its translation,
    too. Raise StepRefused if the slug is taken or the body too long.
    """
    content = _cleaned(content)
    if translation_of and translation_of.translations.filter(language=language).exists():
        raise StepRefused(words.LANGUAGE_TAKEN)
    source = (translation_of.live or translation_of.head) if translation_of else None
    article = Article(
        title=content.title,
        slug=slug.strip() or free_slug(content.title),
        language=language,
        translation_of=translation_of,
        translated_from=source,
    )
    refuse_taken_slug(article, article.slug)
    article.head = _create_revision(article, content, number=1, made_from=None, by=by)
    authorships = source.authorships.all() if source else ()
    declared = {each.author_id: each.interests for each in authorships}
    _add_authors(article.head, declared, by=by, interests=interests)
    _save(article)
    article.categories.set(categories)
    record_event(article, Event.Kind.DRAFTED, by=by, revision=article.head, words=note)
    return article


@transaction.atomic
def save_revision(  # noqa: PLR0913 - all that a form holds
    article: Article,
    content: Content,
    *,
    categories: Iterable[Category] | None = None,
    interests: str = "",
    version: int,
    by: "User | None",
) -> Article:
    """Save new text as a draft, from an article read at `version`; readers still see the old text.

    All authors of the previous revision stay authors of this one. Saving the same text changes only
    the interests of `by`, if they declare different ones. `categories` as in `set_categories`; None
    leaves them alone. Raise StepRefused if the article was changed since.
    """
    article = lock_article(article, version=version, step=Step.REVISE)
    if categories is not None and (wanted := _changed_categories(article, categories)) is not None:
        _save_categories(article, wanted, by=by)
    return _save_content(article, _cleaned(content), by=by, interests=interests)


@transaction.atomic
def restore_revision(article: Article, *, number: int, version: int, by: "User") -> Article:
    """Make a draft from an earlier revision; for a retired article, from its newest one, too.

    Its authors are those of that revision, and `by`.
    """
    article = lock_article(article, version=version, step=Step.REVISE)
    earlier = article.revisions.filter(number=number).first()
    if earlier is None:
        raise StepRefused(words.NO_SUCH_REVISION % {"number": number})
    if earlier.pk == article.head_id and article.state != State.RETIRED:
        raise StepRefused(words.ALREADY_LATEST)
    return _save_content(article, earlier.content, by=by, made_from=earlier)


@transaction.atomic
def change_slug(article: Article, *, slug: str, version: int, by: "User") -> Article:
    """Give an article a new address; the old one redirects to it for good.

    If readers have seen the article, or a reviewer is reading or has approved it, the address waits
    for a second person, because readers see its words, too.
    """
    article = lock_article(article, version=version)
    if slug == article.slug:
        return article
    if article.published_at or article.is_under_review:
        refuse_taken_slug(article, slug)
        propose_change(
            Proposal.Kind.ADDRESS,
            target=article.pk,
            subject=article.title,
            before={"slug": article.slug},
            after={"slug": slug},
            by=by,
        )
        return article
    return _move(article, slug, by=by)


def apply_address(
    target: uuid.UUID, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Article:
    """Change the address, after a second person approved it. Raise StepRefused."""
    article = Article.objects.get(pk=target)
    article = lock_article(article, version=article.version)
    require_unchanged({"slug": article.slug}, before)
    return _move(article, after["slug"], by=by)


def _move(article: Article, slug: str, *, by: "User") -> Article:
    refuse_taken_slug(article, slug)
    old, article.slug = article.slug, slug
    article.old_addresses.filter(slug=slug).delete()  # it returns to an old address
    if article.published_at:
        OldAddress.objects.create(article=article, slug=old)
    _save(article)
    pages.note_addresses(article)
    record_event(article, Event.Kind.MOVED, by=by, words=f"{old} → {slug}")
    return article


@transaction.atomic
def set_categories(
    article: Article, *, categories: Iterable[Category], version: int, by: "User | None"
) -> Article:
    """Set an article's categories. Raise StepRefused if it is live and none is left."""
    wanted = _changed_categories(article, categories)
    if wanted is None:
        return article
    article = lock_article(article, version=version)
    _save_categories(article, wanted, by=by)
    _save(article)
    return article


def _changed_categories(article: Article, categories: Iterable[Category]) -> list[Category] | None:
    """Return the categories if they differ from the article's own, else None."""
    wanted = {category.pk: category for category in categories}
    has = {category.pk for category in article.categories.all()}
    return None if wanted.keys() == has else list(wanted.values())


def _save_categories(article: Article, wanted: list[Category], *, by: "User | None") -> None:
    if article.is_live and not wanted:
        raise StepRefused(words.NEEDS_CATEGORY)
    article.categories.set(wanted)
    names = sorted(category.name for category in wanted)
    record_event(article, Event.Kind.FILED, by=by, words=", ".join(names))


def _save_content(
    article: Article,
    content: Content,
    *,
    by: "User | None",
    interests: str = "",
    made_from: Revision | None = None,
) -> Article:
    """Save the newest revision; its authors are `by` and those of the revision it is based on."""
    base = made_from or article.head
    declared = {each.author_id: each.interests for each in base.authorships.all()}
    interests = " ".join(interests.split())
    comes_back = made_from is not None and article.state == State.RETIRED
    is_new = comes_back or content.digest() != article.head.digest
    # Somebody who saves the text unchanged has not written it and must not become an author in name
    # only. They become its author only if it has none yet.
    has_declared = (
        bool(interests) and by is not None and declared.get(by.pk, interests) != interests
    )
    if not is_new and not has_declared and (declared or by is None):
        _save(article)
        return article
    state = next_state(article, Step.REVISE)
    number = article.head.number + 1
    article.head = _create_revision(article, content, number=number, made_from=base, by=by)
    _add_authors(article.head, declared, by=by, interests=interests)
    article.state = state
    article.publish_at = None
    if not article.published_at:  # A retired page keeps its published title.
        article.title = content.title
    _save(article)
    if article.threads.open().exists():
        from articles.editing import comments  # few drafts have any

        comments.carry_over(article)
    if made_from:
        said = words.from_revision(made_from.number)
        record_event(article, Event.Kind.RESTORED, by=by, revision=article.head, words=said)
    else:
        record_event(article, Event.Kind.REVISED, by=by, revision=article.head)
    return article


def _create_revision(
    article: Article,
    content: Content,
    *,
    number: int,
    made_from: Revision | None,
    by: "User | None",
) -> Revision:
    return Revision.objects.create(
        article_id=article.pk,
        number=number,
        digest=content.digest(),
        made_from=made_from,
        made_by=by,
        made_at=timezone.now(),
        **{name: getattr(content, name) for name in CONTENT_FIELDS},
    )


def _add_authors(
    revision: Revision,
    declared: dict[uuid.UUID, str],
    *,
    by: "User | None",
    interests: str,
) -> None:
    if by is not None:
        declared[by.pk] = " ".join(interests.split()) or declared.get(by.pk, "")
    Authorship.objects.bulk_create(
        Authorship(revision=revision, author_id=author, interests=theirs)
        for author, theirs in declared.items()
    )


def _cleaned(content: Content) -> Content:
    try:
        return content.cleaned()
    except BodyTooLong as error:
        raise StepRefused(str(error)) from error


def _save(article: Article) -> None:
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as error:
        others = Article.objects.exclude(pk=article.pk)
        twins = others.filter(translation_of=article.translation_of_id, language=article.language)
        if article.translation_of_id and twins.exists():
            raise StepRefused(words.LANGUAGE_TAKEN) from error
        if not others.filter(slug=article.slug).exists():
            raise
        raise StepRefused(words.ADDRESS_TAKEN % {"slug": article.slug}) from error
