"""What editors and reviewers see on the start page: what waits for them, as links to lists."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.admin import words
from articles.models import Article, MissedSearch, Proposal
from articles.permissions import APPROVE, CHANGE_REFERENCES, WRITE
from articles.staff_pages import Figure, StartPart
from articles.states import State

#: Counts are exact up to this, then “99+”.
_CAP = 99


def start_parts(user: Any) -> list[StartPart]:
    if not user.has_perm("articles.view_article"):
        return []
    shown = {"figures": list(_figures(user)), "may_write": user.has_perm("articles.add_article")}
    return [StartPart("admin/articles/start/_desk.html", shown)]


def _figures(user: Any) -> Iterator[Figure]:
    articles = reverse("admin:articles_article_changelist")
    rows = Article.objects.all()

    def in_state(state: State, label: Any, *, is_alarm: bool = False) -> Figure:
        found = _count(rows.filter(state=state))
        return Figure(label, found, f"{articles}?state__exact={state}", is_alarm)

    if user.has_perm(APPROVE):
        yield in_state(State.IN_REVIEW, words.TO_REVIEW, is_alarm=True)
    if user.has_perm(WRITE):
        yield in_state(State.DRAFT, words.DRAFTS)
        if not user.has_perm(APPROVE):
            yield in_state(State.IN_REVIEW, words.WITH_REVIEWERS)
        yield in_state(State.APPROVED, words.READY_TO_PUBLISH)
    due = _count(Article.objects.due_for_review(timezone.now()))
    yield Figure(words.DUE_FOR_REVIEW, due, f"{articles}?live=due", is_alarm=True)
    commented = _count(Article.objects.with_new_comments())
    yield Figure(words.NEW_COMMENTS, commented, f"{articles}?comments=new")
    if user.has_perm("articles.view_missedsearch"):
        missed = reverse("admin:articles_missedsearch_changelist")
        yield Figure(words.NOT_FOUND, _count(MissedSearch.objects.exclude(words="")), missed)
    if user.has_perm(CHANGE_REFERENCES):
        proposals = reverse("admin:articles_proposal_changelist")
        yield Figure(words.CHANGES_WAITING, _count(Proposal.objects.waiting()), proposals)


def _count(rows: QuerySet[Any]) -> str:
    found = rows.order_by().values("pk")[: _CAP + 1].count()
    return f"{_CAP}+" if found > _CAP else str(found)
