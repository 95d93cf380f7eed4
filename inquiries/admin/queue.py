"""The queue, and what is reached from beside it."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from articles.models import Category
from articles.text_cleaning import clean_line
from inquiries.admin import start
from inquiries.admin.readonly import ReadOnlyAdmin, current_user
from inquiries.admin.verbs import VERBS
from inquiries.admin.writing import script_media
from inquiries.contact import next_step
from inquiries.forms import BulkForm, FrontDeskForm
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.ledger import audit_trail
from inquiries.ledger.transitions import StepRefused
from inquiries.models import AuditEntry, Inquiry, IntakeChannel
from inquiries.search import lookup
from inquiries.team import permissions
from inquiries.triage import queue
from inquiries.triage.pagination import Page
from inquiries.views.background_requests import is_background_request

#: Seconds after which an open queue asks for itself again.
REFRESH_SECONDS = 60.0


class QueuePages(ReadOnlyAdmin[Inquiry]):
    """Lists of requests; what is done with one is done on its own page, or by `bulk`."""

    def queue_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.queue), name="inquiries_inquiry_changelist"),
            path("find/", wrap(self.find), name="inquiries_inquiry_find"),
            path("bulk/", wrap(self.bulk), name="inquiries_inquiry_bulk"),
            path("limbo/", wrap(self.limbo), name="inquiries_inquiry_limbo"),
            path("enter/", wrap(self.enter), name="inquiries_inquiry_enter"),
        ]

    # --- Pages ------------------------------------------------------------------------------------

    def queue(self, request: HttpRequest) -> HttpResponse:
        self.require_access(request)
        view = queue.VIEWS.get(request.GET.get("view", ""), queue.VIEWS["open"])
        if typed := _read_search(request.GET):
            return self._found(request, typed, lookup.find_by_reference(typed))
        mark = request.GET.get("after", "")
        page = view.page(current_user(request), mark)
        return self._queue_page(request, page, view=view, is_first=not mark)

    def find(self, request: HttpRequest) -> HttpResponse:
        """By reference, e-mail, phone or part of a name: by POST, so that no name is in a URL."""
        self.require_access(request)
        typed = _read_search(request.POST)
        if not typed:
            return redirect("admin:inquiries_inquiry_changelist")
        return self._found(request, typed, lookup.find_inquiries(typed))

    def enter(self, request: HttpRequest) -> HttpResponse:
        """A request that somebody makes on the phone or at the desk, by the same verb as hers."""
        if not request.user.has_perm(permissions.TRIAGE):
            raise PermissionDenied
        form = FrontDeskForm(request.POST if request.method == "POST" else None)
        if request.method != "POST" or not form.is_valid():
            page = self.render_page(
                request, "front_desk/page", "Enter a request for a caller", form=form
            )
            page.status_code = 422 if form.is_bound else 200
            return page
        inquiry = reception.receive_inquiry(
            form.submission(),
            Arrival(
                key=form.cleaned_data["idempotency_key"],
                topic=Category.objects.filter(slug=form.cleaned_data["topic"]).first(),
                channel=IntakeChannel(form.cleaned_data["channel"]),
                by=current_user(request),
            ),
        )
        messages.success(request, f"{inquiry.reference}: entered. Tell her this reference.")
        return redirect("admin:inquiries_inquiry_change", inquiry.pk)

    def bulk(self, request: HttpRequest) -> HttpResponse:
        """One step for several requests of the queue, each by itself through its verb."""
        self.require_access(request)
        back = redirect("admin:inquiries_inquiry_changelist")
        if request.method != "POST":
            return back
        if (view := request.POST.get("view")) in queue.VIEWS:
            back["Location"] += f"?view={view}"
        form = BulkForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(each) for each in chain(*form.errors.values())))
            return back
        done = 0
        for inquiry, version in form.selected():
            try:
                VERBS[form.chosen_step](
                    inquiry, version=version, by=current_user(request), **form.arguments()
                )
            except StepRefused as refusal:
                messages.error(request, f"{inquiry.reference}: {refusal}")
            else:
                done += 1
        if done:
            messages.success(request, f"{form.chosen_step.label}: {done} done.")
        return back

    def limbo(self, request: HttpRequest) -> HttpResponse:
        """Where a lead starts: the proof that nobody is forgotten, empty when all is well."""
        if not request.user.has_perm(permissions.LEAD_TRIAGE):
            raise PermissionDenied
        shown = start.dashboard_context(request, self.admin_site)
        return self.render_page(request, "queue/lead_dashboard", "Is anybody forgotten?", **shown)

    # --- Help -------------------------------------------------------------------------------------

    def _found(
        self, request: HttpRequest, typed: str, found: tuple[str, list[Inquiry]]
    ) -> HttpResponse:
        kind, rows = found
        audit_trail.record_entry(
            AuditEntry.Kind.SEARCHED,
            by=current_user(request),
            by_what=kind,
            found=len(rows),
        )
        return self._queue_page(
            request,
            Page(rows),
            title="Requests found" if rows else "No request found",
            typed=typed,
            found_by=kind,
            limit=lookup.MAX_RESULTS,
        )

    def _queue_page(self, request: HttpRequest, page: Page[Inquiry], **shown: Any) -> HttpResponse:
        now = timezone.now()
        context = {
            "title": "Requests",
            "media": script_media("queue"),
            "refresh_every": 0 if shown.get("typed") else REFRESH_SECONDS,
            "views": start.queue_tabs(request),
            "may_enter": request.user.has_perm(permissions.TRIAGE),
            "may_report": request.user.has_perm(permissions.REPORT),
            "may_lead": request.user.has_perm(permissions.LEAD_TRIAGE),
            "bulk_form": BulkForm(),
            **(start.health_context() if request.user.has_perm(permissions.LEAD_TRIAGE) else {}),
            "page": page,
            "rows": next_step.next_steps_for(page.rows, now),
            "is_first": True,
            "now": now,
            **shown,
        }
        return self.render_page(
            request, "queue/_list" if is_background_request(request) else "queue/page", **context
        )


def _read_search(fields: QueryDict) -> str:
    """Where nobody sees what was typed, it is looked for as it is, and said to be nothing."""
    typed = fields.get("q") or ""
    return (clean_line(typed) or typed.strip())[: lookup.LONGEST_TYPED]
