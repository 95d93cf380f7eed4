"""What somebody can do with an article now, what not and why, and what that means for readers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from articles import checking
from articles.admin import step_words
from articles.editing import reviewing
from articles.editing.transitions import comment_blockers
from articles.models import Article
from articles.permissions import APPROVE, WRITE
from articles.states import NEXT, State, Step, StepRefused

if TYPE_CHECKING:
    from portal.models import User

#: The permissions that show a step to somebody; the verbs enforce them, too.
STEP_PERMISSIONS: dict[Step, tuple[str, ...]] = {
    Step.SUBMIT: (WRITE,),
    Step.APPROVE: (APPROVE,),
    Step.PUBLISH: (WRITE, APPROVE),
    Step.SCHEDULE: (WRITE, APPROVE),
    Step.UNSCHEDULE: (WRITE, APPROVE),
    Step.SEND_BACK: (APPROVE,),
    Step.RETIRE: (WRITE, APPROVE),
}
#: Steps that bring an article closer to readers; the first one that is possible is the main one.
_TOWARDS_READERS = (Step.SUBMIT, Step.APPROVE, Step.PUBLISH)


@dataclass(frozen=True)
class ActionMenuItem:
    """One step that somebody may take, or why they can't now. `key` is one of step_words.LABELS."""

    key: str
    address: str
    blockers: tuple[str, ...] = ()
    is_main: bool = field(default=False, compare=False)

    @property
    def label(self) -> str:
        return str(step_words.LABELS[self.key])


def build_action_menu(
    article: Article, *, by: "User", answers: Sequence[checking.CheckResult]
) -> list[ActionMenuItem]:
    """Return the steps in the order of an article's life; at most one of them is the main one."""
    open_ = [
        step
        for step in STEP_PERMISSIONS
        if step in NEXT[State(article.state)] and may_take_step(by, step)
    ]
    lacking = _Blockers(article, by, answers)
    found = [
        (step, ActionMenuItem(step, _step_url(article, step), lacking.for_step(step)))
        for step in open_
    ]
    main = next((way for step, way in found if step in _TOWARDS_READERS and not way.blockers), None)
    listed = [way for _, way in found]
    if article.is_live:
        if by.has_perm(APPROVE):
            again = ActionMenuItem(
                step_words.REVIEW_AGAIN, _page_url(article, "confirm"), lacking.for_confirming()
            )
            listed.insert(0, again)
            if article.is_overdue(timezone.now()) and not again.blockers:
                main = again
        listed.append(ActionMenuItem(step_words.RETIRE_LATER, _page_url(article, "leave")))
    return [
        ActionMenuItem(way.key, way.address, way.blockers, is_main=way is main) for way in listed
    ]


def may_take_step(by: "User", step: Step) -> bool:
    return any(by.has_perm(permission) for permission in STEP_PERMISSIONS[step])


def step_blockers(article: Article, step: Step, *, by: "User") -> tuple[str, ...]:
    """Return why the verb would refuse, as far as that is known before anything is filled in."""
    return _Blockers(article, by, reviewing.run_article_checks(article)).for_step(step)


def confirm_review_blockers(article: Article, *, by: "User") -> tuple[str, ...]:
    return _Blockers(article, by, reviewing.run_article_checks(article)).for_confirming()


class _Blockers:
    """What an article still lacks for each step; asks the database each question only once."""

    def __init__(
        self, article: Article, by: "User", answers: Sequence[checking.CheckResult]
    ) -> None:
        self._article = article
        self._by = by
        self._answers = answers

    def for_step(self, step: Step) -> tuple[str, ...]:
        state = State(self._article.state)
        if step not in NEXT[state]:
            return (step_words.NOT_POSSIBLE % {"step": step.label, "state": state.label},)
        reasons: tuple[str, ...] = ()
        if step == Step.APPROVE:
            reasons += self._reviewer
        if step in _TOWARDS_READERS:
            reasons += self._unready
        if step in {Step.PUBLISH, Step.SCHEDULE}:
            reasons += self._unapproved
        if step in {Step.APPROVE, Step.PUBLISH, Step.SCHEDULE}:
            reasons += self._open_comments
        return reasons

    def for_confirming(self) -> tuple[str, ...]:
        if not self._article.is_live:
            return (str(step_words.NOT_LIVE),)
        if self._article.has_draft:
            return (str(step_words.HAS_DRAFT),)
        return self._reviewer + self._unready + self._open_comments

    @cached_property
    def _reviewer(self) -> tuple[str, ...]:
        return tuple(reviewing.reviewer_blockers(self._article, self._by))

    @cached_property
    def _unready(self) -> tuple[str, ...]:
        reasons = reviewing.revision_blockers(self._article, ())
        if count := len(checking.blocking(self._answers)):
            reasons.append(step_words.failed_checks(count))
        return tuple(reasons)

    @cached_property
    def _open_comments(self) -> tuple[str, ...]:
        return tuple(comment_blockers(self._article))

    @cached_property
    def _unapproved(self) -> tuple[str, ...]:
        try:
            reviewing.require_approval(self._article)
        except StepRefused as refusal:
            return refusal.reasons
        return ()


def _step_url(article: Article, step: Step) -> str:
    return reverse("admin:articles_article_step", args=[article.pk, step]) + _version_query(article)


def _page_url(article: Article, page: str) -> str:
    return reverse(f"admin:articles_article_{page}", args=[article.pk]) + _version_query(article)


def _version_query(article: Article) -> str:
    """Return the version that was read, so that nothing but that version can be approved."""
    return f"?version={article.version}"
