"""The queue and the request page, inside the Django admin."""

from collections.abc import Callable
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone

from articles.models import Category
from inquiries import (
    access,
    audit,
    finding,
    intake,
    ledger,
    privacy,
    queue,
    rounds,
    spool,
    standing,
    triage,
)
from inquiries.admin.contact import CrisisPage, about_contact
from inquiries.admin.reports import ReportPages
from inquiries.forms import FORMS, BulkForm, DeskForm, StepForm
from inquiries.ledger import Refused
from inquiries.models import AuditEntry, Channel, ContactMethod, Event, Inquiry
from inquiries.paging import Page
from inquiries.states import MAIN, NEXT, State, Step

VERBS: dict[Step, Callable[..., Inquiry]] = {
    Step.CLEAR: triage.clear,
    Step.DISCARD: triage.discard,
    Step.CLAIM: triage.claim,
    Step.RELEASE: triage.release,
    Step.REASSIGN: triage.reassign,
    Step.ATTEMPT: triage.attempt,
    Step.CONNECT: triage.connect,
    Step.WAIT: triage.wait,
    Step.WAKE: triage.wake,
    Step.REPLY: triage.reply,
    Step.LINK: triage.mail_link,
    Step.GRADE: triage.grade,
    Step.HANDOVER: triage.handover,
    Step.NOTE: triage.note,
    Step.LINK_DUPLICATE: triage.link_duplicate,
    Step.UNLINK_DUPLICATE: triage.unlink_duplicate,
    Step.CLOSE: triage.close,
    Step.REOPEN: triage.reopen,
    Step.ERASE: privacy.erase,
}


@admin.register(Inquiry)
class InquiryAdmin(ReportPages, CrisisPage):
    """Requests come in by `intake` and change by the verbs of VERBS."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.queue), name="inquiries_inquiry_changelist"),
            path("find/", wrap(self.find), name="inquiries_inquiry_find"),
            path("bulk/", wrap(self.bulk), name="inquiries_inquiry_bulk"),
            path("limbo/", wrap(self.limbo), name="inquiries_inquiry_limbo"),
            *self.report_urls(),
            path("crisis/", wrap(self.crisis), name="inquiries_inquiry_crisis"),
            path("enter/", wrap(self.enter), name="inquiries_inquiry_enter"),
            path("<uuid:pk>/change/", wrap(self.request_page), name="inquiries_inquiry_change"),
            path("<uuid:pk>/<slug:step>/", wrap(self.take_step), name="inquiries_inquiry_step"),
        ]

    # --- Pages ------------------------------------------------------------------------------------

    def queue(self, request: HttpRequest) -> HttpResponse:
        self.require_access(request)
        view = queue.VIEWS.get(request.GET.get("view", ""), queue.VIEWS["open"])
        if typed := _typed(request.GET):
            return self._found(request, typed, finding.by_reference(typed))
        mark = request.GET.get("after", "")
        page = view.page(_user(request), mark)
        return self._queue_page(request, page, view=view, is_first=not mark)

    def find(self, request: HttpRequest) -> HttpResponse:
        """By reference, e-mail, phone or part of a name: by POST, so that no name is in a URL."""
        self.require_access(request)
        typed = _typed(request.POST)
        if not typed:
            return redirect("admin:inquiries_inquiry_changelist")
        return self._found(request, typed, finding.find(typed))

    def enter(self, request: HttpRequest) -> HttpResponse:
        """A request that somebody makes on the phone or at the desk, by the same verb as hers."""
        if not request.user.has_perm(access.TRIAGE):
            raise PermissionDenied
        form = DeskForm(request.POST if request.method == "POST" else None)
        if request.method != "POST" or not form.is_valid():
            page = self.page(request, "enter", "Enter a request for a caller", form=form)
            page.status_code = 422 if form.is_bound else 200
            return page
        inquiry = intake.receive(
            form.submission(),
            key=form.cleaned_data["idempotency_key"],
            topic=Category.objects.filter(slug=form.cleaned_data["topic"]).first(),
            channel=Channel(form.cleaned_data["channel"]),
            by=_user(request),
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
        for inquiry, version in form.picked():
            try:
                VERBS[form.taken](inquiry, version=version, by=_user(request), **form.arguments())
            except Refused as refusal:
                messages.error(request, f"{inquiry.reference}: {refusal}")
            else:
                done += 1
        if done:
            messages.success(request, f"{form.taken.label}: {done} done.")
        return back

    def limbo(self, request: HttpRequest) -> HttpResponse:
        """The proof that nobody is forgotten: it is empty when all is well."""
        if not request.user.has_perm(access.LEAD_TRIAGE):
            raise PermissionDenied
        shown = {"limbo": rounds.limbo(), "recount": standing.last_recount(), **_standing()}
        return self.page(request, "limbo", "Is anybody forgotten?", now=timezone.now(), **shown)

    def request_page(
        self,
        request: HttpRequest,
        pk: UUID,
        refused: str = "",
        filled: dict[Step, StepForm] | None = None,
    ) -> HttpResponse:
        """One request: what she asked, how to reach her, what happened, what can be done now."""
        self.require_access(request)
        inquiry = get_object_or_404(Inquiry.objects.for_reading(), pk=pk)
        ledger.read(inquiry, by=_user(request))
        events = list(inquiry.events.select_related("by", "note", "addition", "message"))
        for event in events:
            event.inquiry = inquiry  # whose key opens what was written
        timeline = [event for event in events if event.kind != Event.Kind.READ]
        # Of an erased request, that something was added is all that is left of it.
        additions = [event.addition for event in timeline if hasattr(event, "addition")]
        addition = additions[-1] if additions else None
        steps = [
            step
            for step in NEXT[State(inquiry.state)]
            if request.user.has_perm(access.NEEDED[step])
            and step
            is not (Step.LINK_DUPLICATE if inquiry.duplicate_of_id else Step.UNLINK_DUPLICATE)
        ]
        sending = addition.sending if addition else inquiry
        filled = filled or {}
        context: dict[str, Any] = {
            "inquiry": inquiry,
            "timeline": timeline,
            "readings": [event for event in reversed(events) if event.kind == Event.Kind.READ],
            # What came last is what counts; what came before stands in the timeline.
            "addition": addition,
            "sending": sending,
            "duplicates": list(inquiry.duplicates.only("reference", "state")),
            "others": [] if inquiry.erased_at else finding.others_of(sending, but=inquiry),
            "topic": addition.submission.topic if addition else inquiry.topic,
            "main_step": _main_step(inquiry, sending),
            "steps": [
                (
                    step,
                    filled.get(step)
                    or FORMS[step](prefix=step.value, initial={"version": inquiry.version}),
                )
                for step in steps
            ],
            "clocks": list(inquiry.clocks.order_by("due_at", "id")),
            "now": timezone.now(),
            "deliveries": list(inquiry.deliveries.order_by("id")),
            "is_note_kept": bool(filled.keys() & {Step.NOTE, Step.REPLY}),
            "urgent_at": _urgent_at(timeline),
            "problem": next((form for form in filled.values() if form.errors), None),
            "refused": refused,
            "next_step": inquiry.next_step,
        }
        context |= about_contact(inquiry, sending, timeline, context["steps"], request.user)
        return self.page(request, "request", f"Request {inquiry.reference}", **context)

    def take_step(self, request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
        if step not in Step.values:
            raise Http404
        self.require_access(request)
        taken = Step(step)
        inquiry = get_object_or_404(Inquiry, pk=pk)
        if request.method != "POST":  # the address of a refused step, loaded again
            return redirect("admin:inquiries_inquiry_change", pk)
        form = FORMS[taken](request.POST, prefix=taken.value)
        refused = ""
        if form.is_valid():
            try:
                VERBS[taken](inquiry, by=_user(request), **form.arguments())
            except Refused as refusal:
                refused = str(refusal)
            else:
                messages.success(request, f"{inquiry.reference}: {taken.label.lower()} – done.")
                return redirect("admin:inquiries_inquiry_change", pk)
        elif "version" in form.errors:
            refused = "Nothing was saved, because the page did not arrive whole."
        if refused:
            # The page now shows how things stand: what was typed may be sent again from here.
            typed = request.POST.copy()
            typed[form.add_prefix("version")] = str(
                Inquiry.objects.values_list("version", flat=True).get(pk=pk)
            )
            form = FORMS[taken](typed, prefix=taken.value)
        response = self.request_page(request, pk, refused, {taken: form})
        response.status_code = 409 if refused else 422
        return response

    # --- Help -------------------------------------------------------------------------------------

    def _found(
        self, request: HttpRequest, typed: str, found: tuple[str, list[Inquiry]]
    ) -> HttpResponse:
        kind, rows = found
        audit.record(
            AuditEntry.Kind.SEARCHED,
            by=_user(request),
            by_what=kind,
            found=len(rows),
        )
        return self._queue_page(
            request,
            Page(rows),
            title="Requests found" if rows else "No request found",
            typed=typed,
            found_by=kind,
            limit=finding.LIMIT,
        )

    def _queue_page(self, request: HttpRequest, page: Page[Inquiry], **shown: Any) -> HttpResponse:
        counts = queue.counts(_user(request))
        context = {
            "title": "Requests",
            "views": [(each, counts.get(name, "")) for name, each in queue.VIEWS.items()],
            "may_enter": request.user.has_perm(access.TRIAGE),
            "may_report": request.user.has_perm(access.REPORT),
            "may_lead": request.user.has_perm(access.LEAD_TRIAGE),
            "bulk_form": BulkForm(),
            **(_standing() if request.user.has_perm(access.LEAD_TRIAGE) else {}),
            "page": page,
            "is_first": True,
            "now": timezone.now(),
            **shown,
        }
        return self.page(request, "queue", **context)


def _urgent_at(timeline: list[Event]) -> str:
    """Where on the page the last words stand that may mean danger."""
    later = [event.number for event in timeline if event.detail.get("urgent") and event.number > 1]
    return f"event-{later[-1]}" if later else "asked"


def _main_step(inquiry: Inquiry, sending: Inquiry) -> Step | None:
    """What usually comes next, shown first and large."""
    by_mail = sending.contact_method == ContactMethod.EMAIL
    if inquiry.state == State.CLAIMED and by_mail:
        return Step.REPLY
    return MAIN[State(inquiry.state)]


def _standing() -> dict[str, Any]:
    """What leads see beside the queue."""
    return {"standing": standing.ask(), "spooled": spool.waiting_since()}


def _typed(fields: QueryDict) -> str:
    return (fields.get("q") or "").strip()[: finding.LONGEST_TYPED]


def _user(request: HttpRequest) -> Any:
    """Who is signed in: staff, behind `admin_view`."""
    return request.user
