"""What the list of articles can be narrowed to. The start page counts the same."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.admin import words
from articles.languages import language_name
from articles.library import words as library_words
from articles.models import Article, Reference
from articles.staff_pages import current_user
from articles.states import State

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: How far back “not clear” answers count, in days.
_UNCLEAR_DAYS = 30


def unclear_since() -> date:
    return timezone.localdate() - timedelta(days=_UNCLEAR_DAYS)


class _Filter(admin.SimpleListFilter):
    """Offers the same choices to everyone."""

    choices_offered: Mapping[str, "_StrPromise"]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(name)) for value, name in self.choices_offered.items()]


class _SubsetFilter(_Filter):
    """Shows those that are in the subset chosen."""

    def subsets(self, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = self.subsets(request).get(self.value() or "")
        return queryset if found is None else queryset.filter(pk__in=found)


class MineFilter(_SubsetFilter):
    title = words.MINE_FILTER
    parameter_name = "mine"
    choices_offered = words.MINE_CHOICES

    def subsets(self, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        user, rows = current_user(request), Article.objects.all()
        return {
            "review": rows.waiting_for(user),
            "back": rows.sent_back_to(user),
            "draft": rows.drafts_of(user),
            "comments": rows.commented_for(user),
            "answers": rows.answered_for(user),
            "all": rows.written_by(user),
        }


class LiveFilter(_Filter):
    title = words.LIVE_FILTER
    parameter_name = "live"
    choices_offered = words.LIVE_CHOICES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen: dict[str | None, dict[str, Any]] = {
            "yes": {"live__isnull": False},
            "draft": {"live__isnull": False, "state__in": {*State} - {State.PUBLISHED}},
            "due": {"live__isnull": False, "review_due_at__lte": timezone.now()},
            "no": {"live__isnull": True},
        }
        return queryset.filter(**chosen.get(self.value(), {}))


class FeedbackFilter(_SubsetFilter):
    title = words.COMMENTS_FILTER
    parameter_name = "comments"
    choices_offered = words.COMMENTS_CHOICES

    def subsets(self, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        return {
            "new": Article.objects.with_new_comments(),
            "unclear": Article.objects.found_unclear(unclear_since()),
        }


class LookupFilter(_SubsetFilter):
    title = library_words.LOOKUP_FILTER
    parameter_name = "lookup"
    choices_offered = library_words.LOOKUP_CHOICES

    def subsets(self, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        return {
            "missing": Reference.objects.missing(),
            "corrected": Reference.objects.corrected(),
        }


class LanguageFilter(admin.SimpleListFilter):
    title = words.COLUMNS["language"]
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, language_name(code)) for code, _ in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(language=self.value()) if self.value() else queryset
