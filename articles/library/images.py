"""How pictures are added to the library, described, and removed from it."""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.editing.proposals import propose_change, require_unchanged
from articles.editing.transitions import lock_row, record_event
from articles.images import storage
from articles.images.files import file_names
from articles.library import words as sentences
from articles.library.page_updates import (
    lock_live_articles,
    rebuild_pages,
    require_permission,
)
from articles.models import Article, Event, Image, LivePage, Proposal, Revision
from articles.permissions import APPROVE
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from articles.images.processing import Master
    from portal.models import User


def add_image(master: "Master", *, name: str, alt: str, credit: str, by: "User | None") -> Image:
    """Add a picture. An empty `alt` says that it is decorative.

    Its files are made and saved to disk before its row is: making them takes seconds, and no
    transaction may hold up people asking for a coordinator for that long. If some of its files are
    missing, uploading the same picture restores them. Raise StepRefused if the name or the picture
    is already there, or if it was withdrawn.
    """
    _refuse_withdrawn(master.digest)
    if not all(map(storage.has_file, file_names(master.digest, master.widths))):
        from articles.images import processing  # imports Pillow, so only when a picture is added

        storage.save_files(processing.encode_image(master))
    try:
        with transaction.atomic():
            return Image.objects.create(
                name=name,
                alt=alt,
                credit=credit,
                width=master.width,
                height=master.height,
                digest=master.digest,
                widths=master.widths,
                added_by=by,
            )
    except IntegrityError:
        try:
            _refuse_withdrawn(master.digest)  # withdrawn while its files were being made
        except StepRefused:
            storage.delete_files(file_names(master.digest, master.widths))
            raise
        same = Image.objects.filter(digest=master.digest).first()
        if same:
            raise StepRefused(sentences.PICTURE_KNOWN % {"name": same}) from None
        if not Image.objects.filter(name=name).exists():
            raise
        raise StepRefused(sentences.PICTURE_NAME_TAKEN % {"name": name}) from None


@transaction.atomic
def describe_image(image: Image, *, alt: str, credit: str, version: int, by: "User") -> Image:
    """Change the description and credit of a picture that was read at `version`.

    The description is only a suggestion for new articles. The credit is shown below the picture:
    if readers see it, or if it is in content that a reviewer is reading or has approved, only a
    reviewer can propose a new one, and it waits for a second person. Raise StepRefused.
    """
    shown = _lock_live_articles(image)
    image = lock_row(Image.objects.all(), image, version)
    has_new_credit = credit != image.credit
    named = (shown or _articles_under_review(image)) if has_new_credit else []
    if named and not by.has_perm(APPROVE):
        said = sentences.CREDIT_READ if shown else sentences.CREDIT_REVIEWED
        raise StepRefused(said % {"articles": sentences.name_articles(named)})
    image.alt = alt
    if named:
        propose_change(
            Proposal.Kind.CREDIT,
            target=image.pk,
            subject=image.name,
            before={"credit": image.credit},
            after={"credit": credit},
            by=by,
        )
    else:
        image.credit = credit
    image.save()
    return image


def apply_credit(
    target: uuid.UUID, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Image:
    """Apply the credit once a second person has approved it. Raise StepRefused."""
    image = Image.objects.get(pk=target)
    shown = _lock_live_articles(image)
    image = lock_row(Image.objects.all(), image, image.version)
    require_unchanged(vars(image), before)
    image.credit = after["credit"]
    image.save()
    rebuild_pages(shown)
    return image


@transaction.atomic
def remove_image(image: Image, *, version: int, by: "User") -> None:
    """Remove a picture and its files from the library.

    Raise StepRefused if a revision shows it: revisions are kept as they were.
    """
    image = lock_row(Image.objects.all(), image, version)
    if image.withdrawn_at:
        raise StepRefused(sentences.WITHDRAWN_STAYS)
    shown = articles_showing(image)
    if shown:
        raise StepRefused(sentences.PICTURE_IN_USE % {"articles": sentences.name_articles(shown)})
    files = image.files
    image.delete()
    transaction.on_commit(lambda: storage.delete_files(files))


@transaction.atomic
def withdraw_image(image: Image, *, because: str, version: int, by: "User") -> Image:
    """Erase the files of a picture everywhere, for example if it shows a patient's face.

    A reviewer can do this alone, because it may be urgent and readers see the result at once. Each
    page that showed the picture now says that it was withdrawn, and its article is due for review,
    so that someone else looks at it next. The text of the revisions stays. `because` is for
    colleagues. Raise StepRefused.
    """
    require_permission(by, APPROVE, sentences.REVIEWERS_WITHDRAW)
    because = fold_spaces(because)
    if not because:
        raise StepRefused(sentences.SAY_WHY_WITHDRAWN)
    live = _lock_live_articles(image)
    image = lock_row(Image.objects.all(), image, version)
    if image.withdrawn_at:
        raise StepRefused(sentences.WITHDRAWN_ALREADY)
    now = timezone.now()
    image.withdrawn_at, image.withdrawn_by, image.withdrawn_because = now, by, because
    image.save()
    Article.objects.filter(pk__in=[each.pk for each in live], review_due_at__gt=now).update(
        review_due_at=now
    )
    words = f"image:{image.name}: {because}"
    for article in articles_showing(image):
        record_event(article, Event.Kind.WITHDRAWN, by=by, revision=article.live, words=words)
    for article in live:
        record_event(article, Event.Kind.DUE, by=by, revision=article.live, words=words)
    rebuild_pages(live)
    # Delete before the commit: a crash after it could otherwise leave the files in place.
    storage.delete_files(image.files)
    return image


def _refuse_withdrawn(digest: str) -> None:
    if same := Image.objects.filter(digest=digest, withdrawn_at__isnull=False).first():
        raise StepRefused(sentences.PICTURE_WITHDRAWN % {"name": same})


def articles_showing(image: Image) -> list[Article]:
    """Return the articles with a revision that shows it."""
    revisions = Revision.objects.filter(body__contains=f"image:{image.name}")
    bodies = revisions.values_list("article", "body").iterator()
    found = {article for article, body in bodies if image.is_named_in(body)}
    return list(Article.objects.for_staff().filter(pk__in=found).order_by("title", "id"))


def _lock_live_articles(image: Image) -> list[Article]:
    """Return the articles where readers see it now, locking them and the library.

    The locks last until the transaction ends.
    """
    named = LivePage.objects.filter(revision__body__contains=f"image:{image.name}")
    return [
        each
        for each in lock_live_articles(named)
        if each.live and image.is_named_in(each.live.body)
    ]


def _articles_under_review(image: Image) -> list[Article]:
    waiting = Article.objects.under_review().select_related("head")
    found = waiting.filter(head__body__contains=f"image:{image.name}")
    return [each for each in found if image.is_named_in(each.head.body)]
