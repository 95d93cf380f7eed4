"""What helps with a request page before anything is sent: replies to begin from, who else looks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Media, Script
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone

from inquiries import submission_history
from inquiries.admin.readonly import ReadOnlyAdmin
from inquiries.forms import InsertReplyForm, ReplyForm, StepForm
from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.team import permissions, viewers
from inquiries.triage import canned_replies
from inquiries.views.private_page.history import HistoryMessage, display_name

#: Seconds between two looks of an open page, well within what `looking` keeps.
PULSE_SECONDS = 20.0


class WritingPages(ReadOnlyAdmin[Inquiry]):
    """Nothing is saved here, and nothing sent."""

    #: Of InquiryAdmin: what all of these show.
    request_page: Callable[..., HttpResponse]

    def writing_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/reply/fill/", wrap(self.fill), name="inquiries_inquiry_fill"),
            path("<uuid:pk>/reply/preview/", wrap(self.preview), name="inquiries_inquiry_preview"),
            path("<uuid:pk>/pulse/", wrap(self.pulse), name="inquiries_inquiry_pulse"),
        ]

    def fill(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The page again, with a canned reply below what was typed."""
        inquiry = self._get_for_reply(request, pk)
        if request.method != "POST":
            return redirect("admin:inquiries_inquiry_change", pk)
        by: Any = request.user
        form: ReplyForm = InsertReplyForm(request.POST, prefix=Step.REPLY.value)
        if form.is_valid():
            chosen = form.replies[form.cleaned_data["begin"]]
            reply = canned_replies.fill_reply(
                chosen, inquiry, submission_history.current_sending(inquiry), by
            )
            typed = request.POST.copy()
            written = form.cleaned_data["text"]
            typed[form.add_prefix("text")] = f"{written}\n\n{reply}" if written else reply
            typed[form.add_prefix("begin")] = ""
            form = ReplyForm(typed, prefix=form.prefix)
        if form.is_valid():
            form.fields["text"].widget.attrs["autofocus"] = True
        return self._draft(request, inquiry, form)

    def preview(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The page again, with the message as she will read it."""
        inquiry = self._get_for_reply(request, pk)
        if request.method != "POST":
            return redirect("admin:inquiries_inquiry_change", pk)
        by: Any = request.user
        form = ReplyForm(request.POST, prefix=Step.REPLY.value)
        shown: dict[str, HistoryMessage] = {}
        if form.is_valid():
            text = form.cleaned_data["text"]
            shown["preview"] = HistoryMessage(
                timezone.now(), is_from_sender=False, who=display_name(by), text=text
            )
        return self._draft(request, inquiry, form, **shown)

    def pulse(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """What an open page asks every few seconds. It puts no reading on record."""
        self.require_access(request)
        inquiry = get_object_or_404(Inquiry.objects.for_queue(), pk=pk)
        by: Any = request.user
        viewers.note_viewer(inquiry, by=by)
        is_older = request.GET.get("version") != str(inquiry.version)
        shown = {
            "inquiry": inquiry,
            "viewers": viewers.other_viewers(inquiry, by=by),
            "changed": transitions.describe_last_change(inquiry, by) if is_older else "",
        }
        return self.render_page(request, "request/_viewers", "", **shown)

    def side_context(
        self,
        request: HttpRequest,
        inquiry: Inquiry,
        filled: dict[Step, StepForm],
        offered: dict[Step, StepForm],
    ) -> dict[str, Any]:
        """What a request page says about others, and what was typed for a step that is gone."""
        by: Any = request.user
        return {
            "viewers": viewers.other_viewers(inquiry, by=by),
            "unsent": [
                form["text"]
                for step, form in filled.items()
                if step not in offered and "text" in form.fields
            ],
            "media": script_media("request"),
            "pulse_every": PULSE_SECONDS,
        }

    def _get_for_reply(self, request: HttpRequest, pk: UUID) -> Inquiry:
        if not request.user.has_perm(permissions.STEP_PERMISSIONS[Step.REPLY]):
            raise PermissionDenied
        return get_object_or_404(Inquiry.objects.for_reading(), pk=pk)

    def _draft(
        self, request: HttpRequest, inquiry: Inquiry, form: ReplyForm, **shown: Any
    ) -> HttpResponse:
        by: Any = request.user
        refused = ""
        if "version" in form.errors:
            refused = "The page did not arrive whole. Nothing was sent."
        else:
            try:
                version = form.cleaned_data["version"]
                transitions.check_transition(inquiry, Step.REPLY, version=version, by=by)
            except StepRefused as refusal:
                refused = str(refusal)
        if refused:
            form = rebind_to_current_version(form, inquiry)
        page = self.request_page(request, inquiry.pk, refused, {Step.REPLY: form}, **shown)
        page.status_code = 409 if refused else 422 if form.errors else 200
        return page


def rebind_to_current_version(form: StepForm, inquiry: Inquiry) -> Any:
    """What was typed on a page that now shows how things stand: it may be sent again from here."""
    typed: QueryDict = form.data.copy()  # type: ignore[attr-defined]
    version = Inquiry.objects.values_list("version", flat=True).get(pk=inquiry.pk)
    typed[form.add_prefix("version")] = str(version)
    return type(form)(typed, prefix=form.prefix)


def script_media(*names: str) -> Media:
    """As tags for the head of a page; each page works without them."""
    files: Any = [Script(f"portal/js/{name}.js", defer=True) for name in names]
    return Media(js=files)
