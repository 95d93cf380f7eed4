"""What editors and reviewers see on the start page: what waits for them, as links to lists."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.admin import words
from articles.admin.filters import unclear_since
from articles.capped_counts import count_rows
from articles.library import words as library_words
from articles.models import Article, MissedSearch, Proposal, Reference
from articles.permissions import APPROVE, CHANGE_REFERENCES, WRITE
from articles.staff_pages import Figure, StartPart
from articles.states import State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: A label, the address of the list that is counted, the rows, and whether they need this person.
_Counted = tuple["StrOrPromise", str, QuerySet[Any], bool]


def start_parts(user: Any) -> list[StartPart]:
    if not user.has_perm("articles.view_article"):
        return []
    rows = list(_rows(user))
    counts = count_rows({number: each[2] for number, each in enumerate(rows)})
    figures = [
        Figure(label, counts[number], address, is_alarm)
        for number, (label, address, _, is_alarm) in enumerate(rows)
    ]
    shown = {
        "figures": figures,
        "is_idle": all(figure.count == "0" for figure in figures),
        "may_write": user.has_perm("articles.add_article"),
    }
    return [StartPart("admin/articles/start/_desk.html", shown)]


def _rows(user: Any) -> Iterator[_Counted]:
    list_url = reverse("admin:articles_article_changelist")
    articles = Article.objects.all()

    def mine(value: str, rows: QuerySet[Any], *, is_alarm: bool = False) -> _Counted:
        return words.MINE_CHOICES[value], f"{list_url}?mine={value}", rows, is_alarm

    def in_state(state: State, label: "StrOrPromise") -> _Counted:
        return label, f"{list_url}?state__exact={state}", articles.filter(state=state), False

    if user.has_perm(APPROVE):
        yield mine("review", articles.waiting_for(user), is_alarm=True)
    if user.has_perm(WRITE):
        yield mine("back", articles.sent_back_to(user), is_alarm=True)
        yield mine("draft", articles.drafts_of(user))
        yield mine("comments", articles.commented_for(user), is_alarm=True)
        yield in_state(State.DRAFT, words.DRAFTS)
    yield mine("answers", articles.answered_for(user))
    yield in_state(State.IN_REVIEW, words.IN_REVIEW)
    yield in_state(State.APPROVED, words.READY_TO_PUBLISH)
    yield in_state(State.SCHEDULED, words.SCHEDULED)
    due = articles.due_for_review(timezone.now())
    yield words.DUE_FOR_REVIEW, f"{list_url}?live=due", due, True
    commented = articles.with_new_comments()
    yield words.NEW_COMMENTS, f"{list_url}?comments=new", commented, False
    unclear = articles.found_unclear(unclear_since())
    yield words.NOT_CLEAR, f"{list_url}?comments=unclear", unclear, False
    if user.has_perm("articles.view_missedsearch"):
        missed = reverse("admin:articles_missedsearch_changelist")
        yield words.NOT_FOUND, missed, MissedSearch.objects.exclude(words=""), False
    if user.has_perm(CHANGE_REFERENCES):
        proposals = reverse("admin:articles_proposal_changelist")
        yield words.CHANGES_WAITING, proposals, Proposal.objects.waiting(), False
        yield from _looked_up()


def _looked_up() -> Iterator[_Counted]:
    """What look-ups noticed; nothing where the clinic doesn't allow them."""
    if not settings.SOURCE_LOOKUP:
        return
    sources, rows = reverse("admin:articles_reference_changelist"), Reference.objects
    yield library_words.SOURCES_NOT_FOUND, f"{sources}?lookup=missing", rows.missing(), False
    yield library_words.SOURCES_CORRECTED, f"{sources}?lookup=corrected", rows.corrected(), False
