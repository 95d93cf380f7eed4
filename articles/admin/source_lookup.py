"""A new source by its number: looked up, filled in, and saved by the editor who has checked it."""

import threading
import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles.admin.filters import SubsetFilter
from articles.forms import LookupForm
from articles.library import words
from articles.models import Reference, SourceNotice
from articles.permissions import CHANGE_REFERENCES
from articles.staff_pages import current_user

#: Seconds that an editor waits; the worker has more patience.
_SECONDS = 8.0
#: One at a time in each process, so that the others still have its threads.
_one_at_a_time = threading.Lock()
#: Where the session keeps what was found until it is saved or replaced.
_FOUND = "articles.looked_up"
#: Fields that a look-up fills in. The key is made from them when they are saved.
_FILLED = (
    "title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid",
    "registry_id", "url", "design",
)  # fmt: skip


class LookupFilter(SubsetFilter):
    """The start page counts the same."""

    title = words.LOOKUP_FILTER
    parameter_name = "lookup"
    choices_offered = words.LOOKUP_CHOICES

    def subsets(self, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        return {
            "missing": Reference.objects.missing(),
            "corrected": Reference.objects.corrected(),
        }


class LookupPages(admin.ModelAdmin[Reference]):
    """The client and what it reads are imported with the first look-up."""

    def lookup_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("number/", wrap(self.look_up_number), name="articles_reference_number"),
            path(
                "<uuid:pk>/read/",
                wrap(self.mark_read),
                name="articles_reference_read",
            ),
        ]

    def look_up_number(self, request: HttpRequest) -> HttpResponse:
        """Ask for a number, and lead to the form of a new source that is filled in from it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LookupForm(request.POST or None)
        status, known = 200, None
        if request.method == "POST" and settings.SOURCE_LOOKUP:
            status = 422
            if form.is_valid():
                kind, number = form.cleaned_data["number"]
                known = Reference.objects.filter(**{kind: number}).first()
                if known is None and _fill_in(request, form, kind, number):
                    there = reverse("admin:articles_reference_add")
                    return redirect(f"{there}?number={number}")
        context = {
            **self.admin_site.each_context(request),
            "title": words.LOOK_UP,
            "opts": self.opts,
            "form": form,
            "known": known,
            "is_on": settings.SOURCE_LOOKUP,
        }
        return TemplateResponse(
            request, "admin/articles/reference/number.html", context, status=status
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take what was found from the session, so that no address is as long as a title."""
        found = request.session.get(_FOUND) or {}
        if found and found.get("number") == request.GET.get("number"):
            return dict(found["fields"])
        return {}

    def mark_read(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take its corrections off the list of those that nobody has read."""
        if not request.user.has_perm(CHANGE_REFERENCES):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        from articles.library.source_notices import mark_corrections_read

        reference = get_object_or_404(Reference, pk=pk)
        mark_corrections_read(reference, by=current_user(request))
        messages.success(request, words.READ % {"key": reference.key})
        return redirect("admin:articles_reference_change", pk)


def noticed_context(reference: Reference | None) -> dict[str, Any]:
    """Return what became of a source since it was published, and whether something is unread."""
    if reference is None:
        return {}
    unread = SourceNotice.objects.unread().filter(reference=reference)
    return {"notices": list(reference.notices.all()), "has_unread": unread.exists()}


def _fill_in(request: HttpRequest, form: LookupForm, kind: str, number: str) -> bool:
    """Look it up and keep what was found in the session; say in the form why if that failed."""
    from articles.library.lookup import LookupFailed, NotFound, look_up

    if not _one_at_a_time.acquire(blocking=False):
        form.add_error("number", words.BUSY)
        return False
    try:
        found = look_up(kind, number, until=time.monotonic() + _SECONDS)
    except NotFound:
        form.add_error("number", words.NOT_FOUND % {"number": number})
        return False
    except LookupFailed as failure:
        form.add_error("number", str(failure))
        return False
    finally:
        _one_at_a_time.release()
    fields = {name: getattr(found.source, name) for name in _FILLED}
    request.session[_FOUND] = {"number": number, "fields": fields}
    said = {"service": words.SERVICES[kind], "number": number}
    messages.info(request, words.FILLED_IN % said)
    for notice in found.notices:
        messages.warning(request, words.NOTICED % {"notice": notice.describe()})
    for problem in found.problems:
        messages.warning(request, problem)
    return True
