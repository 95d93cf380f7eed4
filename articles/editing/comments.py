"""Comments on a passage of an article: opened, answered, resolved, reopened, and carried over."""

import re
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.editing import expert_words, reviewers
from articles.editing import words as sentences
from articles.editing.notices import ArticleNotice, queue_notice
from articles.editing.transitions import record_event, require_editor_or_reviewer
from articles.models import Article, Comment, CommentThread, Event, PreviewLink, Revision
from articles.models.comment import LONGEST_COMMENT, LONGEST_NAME, LONGEST_QUOTE
from articles.permissions import APPROVE
from articles.reading import pages
from articles.states import StepRefused
from articles.text_cleaning import clean_line, clean_text

if TYPE_CHECKING:
    from articles.editing.places import Place
    from portal.models import User

#: Comments with one preview link. An expert writes a few; more come from someone else.
MOST_PER_LINK = 50
#: What is left of an expert's name.
ERASED_NAME = "–"
#: As a page shows a citation. Who selects words may select it with them.
_CITATION = re.compile(r"\s*\[\d+\]")


@transaction.atomic
def open_thread(
    revision: Revision, *, place: str, quote: str = "", text: str, by: "User"
) -> CommentThread:
    """Comment on a passage of a revision; `place` is the key of its `Place`.

    `quote` are those of its words that the comment is about. Raise StepRefused.
    """
    require_editor_or_reviewer(by)
    article = _lock(revision.article_id)
    text = _cleaned(text)
    thread = _create_thread(article, revision, place=place, quote=quote, by=by)
    Comment.objects.create(thread=thread, by=by, text=text, at=timezone.now())
    record_event(article, Event.Kind.COMMENTED, by=by, revision=revision)
    queue_notice(ArticleNotice.COMMENTED, article, reviewers.authors(article), by=by)
    return thread


@transaction.atomic
def open_thread_as_expert(
    link: PreviewLink, *, place: str, quote: str = "", name: str, text: str
) -> CommentThread:
    """Comment with a preview link on the revision that it shows, under a name nobody verified.

    Raise StepRefused if the link has ended meanwhile, or took too many.
    """
    revision = link.revision
    article = _lock(revision.article_id)
    if not PreviewLink.objects.working().filter(pk=link.pk).exists():
        raise StepRefused(expert_words.LINK_ENDED)
    if link.comments.count() >= MOST_PER_LINK:
        raise StepRefused(expert_words.LINK_FULL)
    name, text = clean_line(name), _cleaned(text)
    if not name:
        raise StepRefused(expert_words.GIVE_NAME)
    if len(name) > LONGEST_NAME:
        raise StepRefused(expert_words.NAME_TOO_LONG % {"most": LONGEST_NAME})
    thread = _create_thread(article, revision, place=place, quote=quote, by=None)
    Comment.objects.create(thread=thread, name=name, link=link, text=text, at=timezone.now())
    record_event(article, Event.Kind.COMMENTED, by=None, revision=revision)
    queue_notice(ArticleNotice.COMMENTED, article, reviewers.authors(article), by=None)
    return thread


@transaction.atomic
def answer(thread: CommentThread, *, text: str, by: "User") -> CommentThread:
    """Write in a thread that is open. Raise StepRefused."""
    require_editor_or_reviewer(by)
    thread = _take(thread)
    if not thread.is_open:
        raise StepRefused(sentences.REOPEN_FIRST)
    Comment.objects.create(thread=thread, by=by, text=_cleaned(text), at=timezone.now())
    thread.last_by = by
    thread.save(update_fields=["last_by"])
    record_event(thread.article, Event.Kind.ANSWERED, by=by, revision=thread.article.head)
    _tell(thread, authors=reviewers.authors(thread.article), by=by)
    return thread


@transaction.atomic
def resolve(thread: CommentThread, *, by: "User") -> CommentThread:
    """Resolve a thread. Raise StepRefused for who may not, or if it is resolved already."""
    thread = _take(thread)
    _require_may_settle(thread, by)
    if not thread.is_open:
        raise StepRefused(sentences.RESOLVED_ALREADY)
    _settle(thread, by=by)
    record_event(thread.article, Event.Kind.RESOLVED, by=by, revision=thread.article.head)
    _tell(thread, authors=(), by=by)
    return thread


@transaction.atomic
def reopen(thread: CommentThread, *, by: "User") -> CommentThread:
    """Open a resolved thread again, where its passage is now. Raise StepRefused as `resolve`."""
    thread = _take(thread)
    authors = _require_may_settle(thread, by)
    if thread.is_open:
        raise StepRefused(sentences.OPEN_ALREADY)
    _settle(thread, by=None)
    _put(thread, _places_of(thread.article.head))
    thread.save(update_fields=["digest", "ordinal", "is_placed"])
    record_event(thread.article, Event.Kind.REOPENED, by=by, revision=thread.article.head)
    _tell(thread, authors=authors, by=by)
    return thread


@transaction.atomic
def erase_words(comment: Comment, *, by: "User") -> Comment:
    """Delete the words of a comment for good, such as a patient's name; its thread stays.

    Of an expert's, the name goes, too. Raise StepRefused for anyone but its writer and reviewers.
    """
    require_editor_or_reviewer(by)
    thread = _take(comment.thread)
    if not may_erase(comment, by):
        raise StepRefused(sentences.NOT_YOURS_TO_ERASE)
    name = ERASED_NAME if comment.name else ""
    rows = thread.comments.filter(pk=comment.pk, erased_by=None)
    if not rows.update(text="", name=name, erased_by=by):
        raise StepRefused(sentences.ERASED_ALREADY)
    record_event(thread.article, Event.Kind.ERASED, by=by, revision=thread.article.head)
    return thread.comments.get(pk=comment.pk)


def may_erase(comment: Comment, by: "User") -> bool:
    return by.has_perm(APPROVE) or by == comment.by


def carry_over(article: Article) -> None:
    """Place the open threads in the newest revision, in the transaction that made it."""
    threads = list(article.threads.open())
    places = _places_of(article.head)
    for thread in threads:
        _put(thread, places)
    CommentThread.objects.bulk_update(threads, ["digest", "ordinal", "is_placed"])


def may_settle(thread: CommentThread, by: "User", *, authors: Iterable["User"]) -> bool:
    """Whether they may resolve and reopen it; `authors` are those of the newest revision."""
    return by.has_perm(APPROVE) or by == thread.opened_by or by in authors


# --- What the verbs have in common ----------------------------------------------------------------


def _lock(article: uuid.UUID) -> Article:
    """Return an article that nobody else approves or comments on until the transaction ends.

    Its version stays, so that a comment makes no unsaved text stale.
    """
    rows = Article.objects.filter(pk=article)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return rows.select_related("head").get()


def _take(thread: CommentThread) -> CommentThread:
    _lock(thread.article_id)
    rows: QuerySet[CommentThread] = CommentThread.objects.select_related("article__head")
    return rows.get(pk=thread.pk)


def _create_thread(
    article: Article, revision: Revision, *, place: str, quote: str, by: "User | None"
) -> CommentThread:
    here = next((each for each in _places_of(revision) if each.key == place), None)
    if here is None:
        raise StepRefused(expert_words.NO_SUCH_PASSAGE)
    thread = CommentThread(
        article=article,
        revision=revision,
        passage=here.text,
        quote=_quoted(quote, here),
        digest=here.digest,
        ordinal=here.ordinal,
        opened_by=by,
        last_by=by,
    )
    if article.head_id != revision.pk:
        _put(thread, _places_of(article.head))
    thread.save()
    return thread


def _quoted(quote: str, place: "Place") -> str:
    quote = " ".join(_CITATION.sub("", clean_text(quote)).split())
    if len(quote) > LONGEST_QUOTE:
        raise StepRefused(expert_words.QUOTE_TOO_LONG % {"most": LONGEST_QUOTE})
    if quote not in clean_text(place.text):
        raise StepRefused(expert_words.QUOTE_NOT_THERE)
    return quote


def _cleaned(text: str) -> str:
    text = clean_text(text.replace("\r\n", "\n")).strip()
    if not text:
        raise StepRefused(expert_words.WRITE_SOMETHING)
    if len(text) > LONGEST_COMMENT:
        raise StepRefused(expert_words.COMMENT_TOO_LONG % {"most": f"{LONGEST_COMMENT:,}"})
    return text


def _places_of(revision: Revision) -> "list[Place]":
    from articles.editing.places import read_places  # every save loads this module

    return read_places(revision, pages.build_preview(revision))


def _put(thread: CommentThread, places: "list[Place]") -> None:
    """Note where the passage is among these; if nowhere, where it was, in case it comes back."""
    from articles.editing.places import find_place  # as above

    found = find_place(places, passage=thread.passage, digest=thread.digest, ordinal=thread.ordinal)
    thread.is_placed = found is not None
    if found:
        thread.digest, thread.ordinal = found.digest, found.ordinal


def _settle(thread: CommentThread, *, by: "User | None") -> None:
    thread.resolved_by = by
    thread.resolved_at = timezone.now() if by else None
    thread.save(update_fields=["resolved_by", "resolved_at"])


def _require_may_settle(thread: CommentThread, by: "User") -> "list[User]":
    """Return the authors of the newest revision. Raise StepRefused for who may not."""
    require_editor_or_reviewer(by)
    authors = reviewers.authors(thread.article)
    if not may_settle(thread, by, authors=authors):
        raise StepRefused(sentences.NOT_YOURS_TO_SETTLE)
    return authors


def _tell(thread: CommentThread, *, authors: Iterable["User"], by: "User") -> None:
    """Tell whoever wrote in the thread that something came of it; and authors that it waits."""
    said = thread.comments.exclude(by=None).select_related("by")
    wrote = list({each.by: None for each in said if each.by})
    queue_notice(ArticleNotice.COMMENT_ANSWERED, thread.article, wrote, by=by)
    others = [user for user in authors if user not in wrote]
    queue_notice(ArticleNotice.COMMENTED, thread.article, others, by=by)
