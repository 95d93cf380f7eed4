"""The queue: its lists with their filters, and the results of a search."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.staff_pages import current_user, script_media
from inquiries.forms import BulkForm
from inquiries.intake import bursts
from inquiries.search import lookup
from inquiries.states import Step
from inquiries.team import permissions
from inquiries.triage import queue
from inquiries.triage.filters import Filters, filter_fields, read_filters
from inquiries.triage.pagination import Page
from inquiries.triage.rows import Row
from inquiries.triage.tabs import Tabs, read_tabs
from inquiries.views.background_requests import is_background_request
from inquiries.views.staff import bulk, lead_dashboard, searches, words
from inquiries.views.staff.layout import render_page, staff_page
from inquiries.views.staff.queue_rows import show_rows
from inquiries.views.staff.row_templates import draw_fields, draw_rows, draw_tabs
from inquiries.views.staff.saved_views import views_for
from inquiries.views.staff.start import attention_context

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Seconds before an open queue refreshes itself.
REFRESH_SECONDS = 60.0


@staff_page(permissions.VIEW)
def show_queue(request: HttpRequest) -> HttpResponse:
    if key := request.GET.get("found", ""):
        return _show_kept_search(request, key)
    if typed := searches.read_search(request.GET):
        found = lookup.find_by_beginning(typed)
        searches.record_search(request, found)
        return _render_found(request, typed, found)
    view = queue.VIEWS.get(request.GET.get("view", ""), queue.VIEWS["open"])
    cursor, user = request.GET.get("after", ""), current_user(request)
    if burst := bulk.read_burst(request.GET.get("burst", "")):
        return _render_burst(request, view, burst, cursor)
    filters, tabs = read_filters(request.GET), read_tabs(user)
    page = view.page(user, cursor, filters, are_bursts=tabs.has_bursts)
    sizes = view.burst_sizes(user, page.rows)
    return _render_queue(
        request,
        page,
        view=view,
        tabs=tabs,
        filters=filters,
        is_first=not cursor,
        here=_address(view=view.name, **filters.values),
        burst_sizes=sizes,
    )


def _render_burst(
    request: HttpRequest, view: queue.QueueView, burst: UUID, cursor: str
) -> HttpResponse:
    """Show each request of a burst that is in this view."""
    own_words = "own" in request.GET
    kept = {"view": view.name, "burst": str(burst), "own": "1" if own_words else ""}
    page = view.burst_page(current_user(request), cursor, burst, own_words=own_words)
    return _render_queue(
        request,
        page,
        title=words.REQUESTS_OF_BURST,
        view=view,
        is_first=not cursor,
        here=_address(**kept),
        this_page=_address(**kept, after=cursor),
        burst=burst,
        unlike=bursts.unlike_members(burst),
        own_words=own_words,
        are_marked="marked" in request.GET,
    )


def _address(**kept: str) -> str:
    return "?" + urlencode({name: value for name, value in kept.items() if value})


# --- Found ----------------------------------------------------------------------------------------


def _show_kept_search(request: HttpRequest, key: str) -> HttpResponse:
    """Show the results of a search again. Looking at them again is not another reading."""
    kept = searches.kept_search(request, key)
    if kept is None:
        messages.warning(request, words.SEARCH_IS_OVER)
        return _render_queue(
            request, Page([]), view=queue.VIEWS["open"], title=words.REQUESTS, is_over=True
        )
    typed, named = kept
    return _render_found(request, typed, lookup.find_inquiries(typed), named)


def _render_found(
    request: HttpRequest, typed: str, found: lookup.Found, named: frozenset[str] = frozenset()
) -> HttpResponse:
    rows = queue.load_found(found.inquiries)
    return _render_queue(
        request,
        Page(rows),
        title=words.REQUESTS_FOUND if rows else words.NO_REQUEST_FOUND,
        typed=typed,
        found_by=found.kind,
        found_as=words.FOUND_AS.get(found.kind, ""),
        limit=lookup.MAX_RESULTS,
        alike=found.alike,
        named={UUID(each) for each in named},
        names_shown=len(named) if named and len(named) < len(rows) else 0,
        named_any=bool(named),
    )


# --- The page -------------------------------------------------------------------------------------


def _render_queue(
    request: HttpRequest,
    page: Page[Row],
    *,
    title: "StrOrPromise" = words.REQUESTS,
    typed: str = "",
    is_first: bool = True,
    **shown: Any,
) -> HttpResponse:
    user, is_part = current_user(request), is_background_request(request)
    may_enter, may_lead = user.has_perm(permissions.TRIAGE), user.has_perm(permissions.LEAD_TRIAGE)
    filters: Filters = shown.pop("filters", Filters())
    named, alike = shown.pop("named", ()), shown.pop("alike", ())
    now, sizes = timezone.now(), shown.pop("burst_sizes", {})
    tabs: Tabs = shown.pop("tabs", None) or read_tabs(user)
    offered = {
        row.values.id: bulk.offered_steps(row, user, is_lead=may_lead, in_burst="burst" in shown)
        for row in page.rows
        if may_enter and row.values.burst not in sizes
    }
    steps = set().union(*offered.values())
    context = {
        "media": script_media("queue"),
        "refresh_every": 0 if typed else REFRESH_SECONDS,
        "views": draw_tabs(lead_dashboard.queue_tabs(tabs.counts), shown.get("view")),
        "may_enter": may_enter,
        "may_report": user.has_perm(permissions.REPORT),
        "may_lead": may_lead,
        "bulk_form": BulkForm() if Step.REASSIGN in steps else None,
        **attention_context(user, tabs.counts),
        **(lead_dashboard.health_context() if may_lead else {}),
        "page": page,
        "rows": draw_rows(
            show_rows(
                page.rows,
                now,
                burst_sizes=sizes,
                unlike=shown.get("unlike", ()),
                named=named,
                alike=alike,
                boxes={pk for pk, can in offered.items() if can},
                may_enter=may_enter,
                are_marked=shown.get("are_marked", False),
                view=shown["view"].name if "view" in shown else "",
            )
        ),
        "may_claim": Step.CLAIM in steps,
        "may_reassign": Step.REASSIGN in steps,
        "may_clear": Step.CLEAR in steps,
        "filters": filters,
        "filter_fields": draw_fields(filter_fields(filters)),
        "saved_views": views_for(user) if tabs.has_saved_views and not is_part else [],
        "here_now": request.get_full_path(),
        "undoable": bulk.undoable(request),
        "typed": typed,
        "is_first": is_first,
        "now": now,
        **shown,
    }
    return render_page(request, "queue/_list" if is_part else "queue/page", title, **context)
