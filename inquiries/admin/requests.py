"""The page of one request, inside the Django admin, and its steps."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.admin.contact import CrisisPage, contact_context
from inquiries.admin.queue import QueuePages
from inquiries.admin.readonly import current_user
from inquiries.admin.reports import ReportPages
from inquiries.admin.verbs import VERBS
from inquiries.admin.writing import WritingPages, rebind_to_current_version
from inquiries.contact import next_step
from inquiries.contact_details import email_typos
from inquiries.forms import STEP_FORMS, AcceptForm, StepForm
from inquiries.ledger import events as ledger
from inquiries.ledger.transitions import StepRefused
from inquiries.models import ContactMethod, Event, Inquiry
from inquiries.search import lookup
from inquiries.states import MAIN_STEP, NEXT, State, Step
from inquiries.team import permissions


@admin.register(Inquiry)
class InquiryAdmin(QueuePages, ReportPages, CrisisPage, WritingPages):
    """Requests come in by `intake` and change by the verbs of VERBS."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            *self.queue_urls(),
            *self.report_urls(),
            path("crisis/", wrap(self.crisis), name="inquiries_inquiry_crisis"),
            path("<uuid:pk>/change/", wrap(self.request_page), name="inquiries_inquiry_change"),
            *self.writing_urls(),
            path("<uuid:pk>/<slug:step>/", wrap(self.take_step), name="inquiries_inquiry_step"),
        ]

    def request_page(
        self,
        request: HttpRequest,
        pk: UUID,
        refused: str = "",
        filled: dict[Step, StepForm] | None = None,
        **shown: Any,
    ) -> HttpResponse:
        """One request: what she asked, how to reach her, what happened, what can be done now."""
        self.require_access(request)
        inquiry = get_object_or_404(Inquiry.objects.for_reading(), pk=pk)
        ledger.record_reading(inquiry, by=current_user(request))
        events = list(inquiry.events.select_related("by", "note", "addition", "message"))
        for event in events:
            event.inquiry = inquiry  # whose key opens what was written
        timeline = [event for event in events if event.kind != Event.Kind.READ]
        # Of an erased request, that something was added is all that is left of it.
        sent = [
            event
            for event in timeline
            if event.kind in submission_history.SUBMISSION_KINDS and event.has_submission
        ]
        counting = [event for event in sent if event.kind != Event.Kind.UNPROVEN]
        last = counting[-1] if counting[1:] else None
        addition = last.addition if last else None
        steps = [
            step
            for step in NEXT[State(inquiry.state)]
            if request.user.has_perm(permissions.STEP_PERMISSIONS[step])
            and step
            is not (Step.LINK_DUPLICATE if inquiry.duplicate_of_id else Step.UNLINK_DUPLICATE)
        ]
        sending = addition.sending if addition else inquiry
        filled = filled or {}
        forms = {
            step: filled.get(step)
            or STEP_FORMS[step](prefix=step.value, initial={"version": inquiry.version})
            for step in steps
        }
        for form in forms.values():
            form.adapt_to(inquiry, sending)
            if isinstance(form, AcceptForm):
                form.set_choices(sent, is_doubted=private_links.is_address_doubted(sending))
        context: dict[str, Any] = {
            "inquiry": inquiry,
            "timeline": timeline,
            "readings": [event for event in reversed(events) if event.kind == Event.Kind.READ],
            # What came last is what counts; what came before stands in the timeline.
            "addition": addition,
            "unproven": submission_history.unproven_events(timeline),
            "email_hint": email_typos.suggest_domain(sending.email)
            if private_links.is_address_doubted(sending)
            else None,
            # Who gave no phone number needs it for the private page, and may have lost it.
            "page_code": "" if private_links.asks_for_digits(sending) else inquiry.page_code,
            "sending": sending,
            "duplicates": list(inquiry.duplicates.only("reference", "state")),
            "others": []
            if inquiry.erased_at
            else lookup.find_with_same_contact(sending, exclude=inquiry),
            "topic": addition.submission.topic if addition else inquiry.topic,
            "main_step": _main_step(inquiry, sending),
            "steps": list(forms.items()),
            "clocks": list(inquiry.clocks.running().order_by("due_at", "id")),
            "now": timezone.now(),
            "deliveries": list(inquiry.deliveries.order_by("id")),
            "is_note_kept": bool(filled.keys() & {Step.NOTE, Step.REPLY}),
            **self.side_context(request, inquiry, filled, forms),
            "danger_anchor": _danger_anchor(timeline),
            "invalid_form": next((form for form in filled.values() if form.errors), None),
            "refused": refused,
            "next_step": next_step.next_step_without_plan(inquiry),
            "is_claimed_by_other": inquiry.owner is not None and inquiry.owner != request.user,
            **shown,
        }
        context |= contact_context(inquiry, sending, timeline, context["steps"], request.user)
        return self.render_page(request, "request/page", f"Request {inquiry.reference}", **context)

    def take_step(self, request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
        if step not in Step.values:
            raise Http404
        self.require_access(request)
        taken = Step(step)
        inquiry = get_object_or_404(Inquiry, pk=pk)
        if request.method != "POST":  # the address of a refused step, loaded again
            return redirect("admin:inquiries_inquiry_change", pk)
        form = STEP_FORMS[taken](request.POST, prefix=taken.value)
        refused = ""
        if form.is_valid():
            try:
                VERBS[taken](inquiry, by=current_user(request), **form.arguments())
            except StepRefused as refusal:
                refused = str(refusal)
            else:
                messages.success(request, f"{inquiry.reference}: saved ({taken.label.lower()}).")
                return redirect("admin:inquiries_inquiry_change", pk)
        elif "version" in form.errors:
            refused = "Nothing was saved, because the page did not arrive whole."
        if refused:
            form = rebind_to_current_version(form, inquiry)
        response = self.request_page(request, pk, refused, {taken: form})
        response.status_code = 409 if refused else 422
        return response


def _danger_anchor(timeline: list[Event]) -> str:
    """Where on the page the last words stand that may mean danger."""
    later = [event.number for event in timeline if event.detail.get("urgent") and event.number > 1]
    return f"event-{later[-1]}" if later else "asked"


def _main_step(inquiry: Inquiry, sending: Inquiry) -> Step | None:
    """What usually comes next, shown first and large."""
    by_mail = sending.contact_method == ContactMethod.EMAIL
    if inquiry.state == State.CLAIMED and by_mail:
        return Step.REPLY
    return MAIN_STEP[State(inquiry.state)]
