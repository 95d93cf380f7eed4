"""The queue and the request page, inside the Django admin."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from inquiries import access, queue, triage
from inquiries.forms import FORMS, StepForm
from inquiries.models import Event, Inquiry
from inquiries.reference import parse_reference
from inquiries.states import NEXT, State, Step

VERBS: dict[Step, Callable[..., Inquiry]] = {
    Step.CLAIM: triage.claim,
    Step.RELEASE: triage.release,
    Step.NOTE: triage.note,
    Step.CLOSE: triage.close,
    Step.REOPEN: triage.reopen,
}


@admin.register(Inquiry)
class InquiryAdmin(admin.ModelAdmin[Inquiry]):
    """Requests come in by `intake` and change by `triage`: nothing is added, edited or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.queue), name="inquiries_inquiry_changelist"),
            path("<uuid:pk>/change/", wrap(self.request_page), name="inquiries_inquiry_change"),
            path("<uuid:pk>/<slug:step>/", wrap(self.take_step), name="inquiries_inquiry_step"),
        ]

    # --- Pages ------------------------------------------------------------------------------------

    def queue(self, request: HttpRequest) -> HttpResponse:
        self._require_access(request)
        user: Any = request.user
        typed = request.GET.get("q", "").strip()
        view = queue.VIEWS.get(request.GET.get("view", ""), queue.VIEWS["open"])
        if typed:
            page = queue.QueuePage(self._find(typed), "")
        else:
            page = queue.page(view, user, request.GET.get("after", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": "Requests",
            "opts": self.opts,
            "typed": typed,
            "typed_is_reference": parse_reference(typed) is not None,
            "view": view,
            "views": [
                (each, each.count(user) if each.counted else "") for each in queue.VIEWS.values()
            ],
            "page": page,
            "is_first": "after" not in request.GET,
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/inquiries/queue.html", context)

    def request_page(
        self,
        request: HttpRequest,
        pk: UUID,
        refused: str = "",
        filled: dict[Step, StepForm] | None = None,
    ) -> HttpResponse:
        """One request: what she asked, how to reach her, what happened, what can be done now."""
        self._require_access(request)
        inquiry = get_object_or_404(Inquiry.objects.for_reading(), pk=pk)
        timeline = list(inquiry.events.select_related("by", "note", "addition"))
        additions = [event.addition for event in timeline if event.kind == Event.Kind.ADDED]
        addition = additions[-1] if additions else None
        may_triage = request.user.has_perm(access.TRIAGE)
        steps = list(NEXT[State(inquiry.state)]) if may_triage else []
        filled = filled or {}
        context = {
            **self.admin_site.each_context(request),
            "title": f"Request {inquiry.reference}",
            "opts": self.opts,
            "inquiry": inquiry,
            "timeline": timeline,
            # What came last is what counts; what came before stands in the timeline.
            "addition": addition,
            "sending": addition.sending if addition else inquiry,
            "topic": addition.content["topic"] if addition else inquiry.topic,
            "forms": {
                step.value: filled.get(step)
                or FORMS[step](prefix=step.value, initial={"version": inquiry.version})
                for step in steps
            },
            "refused": refused,
        }
        return TemplateResponse(request, "admin/inquiries/request.html", context)

    def take_step(self, request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
        if step not in Step.values:
            raise Http404
        self._require_access(request)
        taken = Step(step)
        inquiry = get_object_or_404(Inquiry, pk=pk)
        if request.method != "POST":  # the address of a refused step, loaded again
            return redirect("admin:inquiries_inquiry_change", pk)
        form = FORMS[taken](request.POST, prefix=taken.value)
        refused = ""
        if form.is_valid():
            try:
                VERBS[taken](inquiry, by=request.user, **form.arguments())
            except triage.Refused as refusal:
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

    def _require_access(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _find(self, typed: str) -> list[Inquiry]:
        """The request with this reference, in any state."""
        reference = parse_reference(typed)
        return list(Inquiry.objects.for_queue().filter(reference=reference)) if reference else []
