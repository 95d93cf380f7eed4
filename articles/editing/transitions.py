"""What every verb of an article does first and last: takes the row, writes the event."""

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
    """As `lock_row`; raise StepRefused too where `step` cannot be done from its state."""
    row = lock_row(Article.objects.for_staff(), article, version)
    if step:
        next_state(row, step)
    return row


def lock_row(rows: QuerySet[_Row], row: _Row, version: int) -> _Row:
    """The row as of now, ours to change until the transaction ends.

    A conditional update rather than a lock, because SQLite has no row locks. Raise StepRefused
    where it changed since `version`.
    """
    if not rows.filter(pk=row.pk, version=version).update(version=F("version") + 1):
        raise StepRefused(sentences.CHANGED_SINCE % {"what": row._meta.verbose_name})
    return rows.get(pk=row.pk)


def require_version(row: _Row, version: int) -> None:
    """Raise StepRefused where it changed since `version`; the row stays as it is."""
    if row.version != version:
        raise StepRefused(sentences.CHANGED_SINCE % {"what": row._meta.verbose_name})


def next_state(article: Article, step: Step) -> State:
    """Raise StepRefused where the step leads nowhere from here."""
    state = State(article.state)
    try:
        return NEXT[state][step]
    except KeyError:
        raise StepRefused(
            sentences.NOT_FROM_HERE % {"step": step.label, "state": state.label}
        ) from None


def save_transition(article: Article, step: Step) -> None:
    """Save it in the state that the step leads to."""
    article.state = next_state(article, step)
    article.save()


def require_editor_or_reviewer(by: "User") -> None:
    """Raise StepRefused for who neither writes nor reviews."""
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
