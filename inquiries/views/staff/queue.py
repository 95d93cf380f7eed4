"""The queue: its lists, search across all requests, and one step for several requests."""

from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from articles.staff_pages import current_user, script_media
from articles.text_cleaning import clean_line
from inquiries.contact import language_wishes, next_step
from inquiries.forms import BulkForm
from inquiries.intake import bursts
from inquiries.ledger import audit_trail
from inquiries.ledger.transitions import StepRefused
from inquiries.models import AuditEntry, Inquiry
from inquiries.search import lookup
from inquiries.states import State
from inquiries.team import permissions
from inquiries.triage import queue
from inquiries.triage import words as triage_words
from inquiries.triage.pagination import Page
from inquiries.triage.step_verbs import STEP_VERBS
from inquiries.views.background_requests import is_background_request
from inquiries.views.staff import lead_dashboard, words
from inquiries.views.staff.layout import render_page, staff_page
from inquiries.views.staff.start import attention_context

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Seconds before an open queue refreshes itself.
REFRESH_SECONDS = 60.0


@staff_page(permissions.VIEW)
def show_queue(request: HttpRequest) -> HttpResponse:
    if typed := _read_search(request.GET):
        return _render_found(request, typed, lookup.find_by_reference(typed))
    view = queue.VIEWS.get(request.GET.get("view", ""), queue.VIEWS["open"])
    cursor, user = request.GET.get("after", ""), current_user(request)
    if burst := _read_burst(request.GET):
        return _render_burst(request, view, burst, cursor)
    page = view.page(user, cursor)
    sizes = view.burst_sizes(user, page.rows)
    return _render_queue(
        request,
        page,
        view=view,
        is_first=not cursor,
        here=_address(view=view.name),
        burst_sizes=sizes,
    )


@staff_page(permissions.VIEW)
def find_inquiries(request: HttpRequest) -> HttpResponse:
    """Search by reference, email, phone, or part of a name. Uses POST to keep names out of URLs."""
    typed = _read_search(request.POST)
    if not typed:
        return redirect("admin:inquiries_inquiry_changelist")
    return _render_found(request, typed, lookup.find_inquiries(typed))


@staff_page(permissions.VIEW)
def take_bulk_step(request: HttpRequest) -> HttpResponse:
    """Take one step for several requests in the queue, each separately."""
    back = redirect("admin:inquiries_inquiry_changelist")
    if request.method != "POST":
        return back
    if (view := request.POST.get("view")) in queue.VIEWS:
        back["Location"] += f"?view={view}"
        if burst := _read_burst(request.POST):
            back["Location"] += f"&burst={burst}"
    form = BulkForm(request.POST)
    if form.is_valid():
        _take_step_for_each(request, form)
    else:
        messages.error(request, " ".join(str(each) for each in chain(*form.errors.values())))
    return back


def _take_step_for_each(request: HttpRequest, form: BulkForm) -> None:
    """Take it for each; report how many were done, and why any were refused."""
    take, by, done = STEP_VERBS[form.chosen_step], current_user(request), 0
    for inquiry, version in form.selected():
        try:
            take(inquiry, version=version, by=by, **form.arguments())
        except StepRefused as refusal:
            refused = {"reference": inquiry.reference, "why": refusal}
            messages.error(request, words.REFUSED % refused)
        else:
            done += 1
    if done:
        sentence = triage_words.DONE_WITH_SEVERAL[form.chosen_step]
        messages.success(request, sentence % {"count": done})


# --- The page -------------------------------------------------------------------------------------


def _read_search(fields: QueryDict) -> str:
    """Return the search text. If it is invisible characters only, keep them; they find nothing."""
    typed = fields.get("q") or ""
    return (clean_line(typed) or typed.strip())[: lookup.LONGEST_TYPED]


def _read_burst(fields: QueryDict) -> UUID | None:
    try:
        return UUID(fields.get("burst", ""))
    except ValueError:
        return None


def _address(**kept: str) -> str:
    return "?" + urlencode({name: value for name, value in kept.items() if value})


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


def _render_found(
    request: HttpRequest, typed: str, found: tuple[str, list[Inquiry]]
) -> HttpResponse:
    kind, rows = found
    audit_trail.record_entry(
        AuditEntry.Kind.SEARCHED, by=current_user(request), by_what=kind, found=len(rows)
    )
    return _render_queue(
        request,
        Page(rows),
        title=words.REQUESTS_FOUND if rows else words.NO_REQUEST_FOUND,
        typed=typed,
        found_by=kind,
        found_as=words.FOUND_AS.get(kind, ""),
        limit=lookup.MAX_RESULTS,
    )


def _is_marked_suspect(inquiry: Inquiry) -> bool:
    """Whether its own row marks it as suspect. For a burst, its list offers the same steps."""
    return inquiry.state == State.QUARANTINED or (inquiry.state == State.NEW and inquiry.mails_held)


def _render_queue(
    request: HttpRequest,
    page: Page[Inquiry],
    *,
    title: "StrOrPromise" = words.REQUESTS,
    typed: str = "",
    is_first: bool = True,
    **shown: Any,
) -> HttpResponse:
    user = current_user(request)
    may_enter, may_lead = user.has_perm(permissions.TRIAGE), user.has_perm(permissions.LEAD_TRIAGE)
    name = "queue/_list" if is_background_request(request) else "queue/page"
    counts = queue.count_views(user)
    now, sizes = timezone.now(), shown.get("burst_sizes", {})
    wishes = language_wishes.wishes_for(page.rows)
    markable = [row for row in page.rows if row.burst not in sizes]
    context = {
        "media": script_media("queue"),
        "refresh_every": 0 if typed else REFRESH_SECONDS,
        "views": lead_dashboard.queue_tabs(counts),
        "may_enter": may_enter,
        "may_report": user.has_perm(permissions.REPORT),
        "may_lead": may_lead,
        "bulk_form": BulkForm(),
        **attention_context(user, counts),
        **(lead_dashboard.health_context() if may_lead else {}),
        "page": page,
        "rows": [
            (inquiry, step, sizes.get(inquiry.burst), wishes[inquiry.pk])
            for inquiry, step in next_step.next_steps_for(page.rows, now)
        ],
        "may_claim": may_enter and any(row.is_open for row in markable),
        "may_clear": may_enter
        and any(_is_marked_suspect(row) or "burst" in shown for row in markable),
        "typed": typed,
        "is_first": is_first,
        "now": now,
        **shown,
    }
    return render_page(request, name, title, **context)
