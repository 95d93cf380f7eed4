"""What every verb of an article does first and last: lock the row, record the event."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, QuerySet
from django.utils import timezone

from articles.editing import words as sentences
from articles.models import Article, Event, Image, Reference, Revision, Term
from articles.permissions import APPROVE, WRITE
from articles.states import NEXT, State, Step, StepRefused

if TYPE_CHECKING:
    from portal.models import User

_Row = TypeVar("_Row", Article, Image, Reference, Term)


def lock_article(article: Article, *, version: int, step: Step | None = None) -> Article:
    """Lock like `lock_row`; also raise StepRefused if its state does not allow `step`."""
    row = lock_row(Article.objects.for_staff(), article, version)
    if step:
        next_state(row, step)
    return row


def lock_row(rows: QuerySet[_Row], row: _Row, version: int) -> _Row:
    """Return the current row, ours to change until the transaction ends.

    A conditional update rather than a row lock, because SQLite has none. Raise StepRefused if it
    changed since `version`.
    """
    if not rows.filter(pk=row.pk, version=version).update(version=F("version") + 1):
        raise StepRefused(sentences.CHANGED_SINCE % {"what": row._meta.verbose_name})
    return rows.get(pk=row.pk)


def require_version(row: _Row, version: int) -> None:
    """Raise StepRefused if the row changed since `version`; does not write to it."""
    if row.version != version:
        raise StepRefused(sentences.CHANGED_SINCE % {"what": row._meta.verbose_name})


def next_state(article: Article, step: Step) -> State:
    """Return the state that the step leads to. Raise StepRefused if it is not possible here."""
    state = State(article.state)
    try:
        return NEXT[state][step]
    except KeyError:
        raise StepRefused(
            sentences.NOT_FROM_HERE % {"step": step.label, "state": state.label}
        ) from None


def save_transition(article: Article, step: Step) -> None:
    """Save the article in the state that the step leads to."""
    article.state = next_state(article, step)
    article.save()


def require_editor_or_reviewer(by: "User") -> None:
    """Raise StepRefused for anyone who is neither an editor nor a reviewer."""
    if not by.has_perm(APPROVE) and not by.has_perm(WRITE):
        raise StepRefused(sentences.EDITORS_OR_REVIEWERS)


def record_event(
    article: Article,
    kind: Event.Kind,
    *,
    by: "User | None",
    revision: Revision | None = None,
    words: str = "",
) -> Event:
    return Event.objects.create(
        article=article, kind=kind, by=by, revision=revision, words=words, at=timezone.now()
    )


def comment_blockers(article: Article) -> list[str]:
    """Return why an article with open threads is neither approved nor published."""
    count = article.threads.open().count()
    return [sentences.open_comments(count)] if count else []


def refuse_open_comments(article: Article) -> None:
    """Raise StepRefused while a thread is open."""
    if reasons := comment_blockers(article):
        raise StepRefused(*reasons)
