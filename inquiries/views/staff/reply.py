"""Help with a reply before it is sent. Nothing is saved here, and nothing is sent."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from articles.staff_pages import current_user
from inquiries import submission_history
from inquiries.forms import InsertArticleForm, InsertReplyForm, ReplyForm
from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.team import permissions
from inquiries.triage import article_links, canned_replies
from inquiries.views.private_page.history import HistoryMessage, display_name
from inquiries.views.staff.draft import Draft, refuse_draft
from inquiries.views.staff.layout import staff_page
from inquiries.views.staff.request import render_request

_PERMISSION = permissions.STEP_PERMISSIONS[Step.REPLY]


@staff_page(_PERMISSION)
def fill_reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the page again, with a canned reply or an article's address below what was typed."""
    inquiry = get_object_or_404(Inquiry.objects.for_reading(), pk=pk)
    if request.method != "POST":
        return redirect("admin:inquiries_inquiry_change", pk)
    is_article = "insert-article" in request.POST
    form: ReplyForm = (InsertArticleForm if is_article else InsertReplyForm)(
        request.POST, prefix=Step.REPLY.value
    )
    if not form.is_valid():
        return _render_draft(request, inquiry, form)
    if is_article:
        link = article_links.link_to(form.chosen_article)
        form = _insert_text(request, form, "article", link)
        return _render_draft(request, inquiry, form)
    form, english = _insert_canned_reply(request, inquiry, form)
    return _render_draft(request, inquiry, form, english=english)


@staff_page(_PERMISSION)
def preview_reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the page again, with the message as the sender will see it."""
    inquiry = get_object_or_404(Inquiry.objects.for_reading(), pk=pk)
    if request.method != "POST":
        return redirect("admin:inquiries_inquiry_change", pk)
    form = ReplyForm(request.POST, prefix=Step.REPLY.value)
    if not form.is_valid():
        return _render_draft(request, inquiry, form)
    form.needs_confirmation(inquiry)  # show warnings with the preview already
    language = submission_history.current_sending(inquiry).language
    with translation.override(language or settings.LANGUAGE_CODE):
        who = display_name(current_user(request))
    text = form.cleaned_data["text"]
    preview = HistoryMessage(timezone.now(), is_from_sender=False, who=who, text=text)
    return _render_draft(request, inquiry, form, preview=preview)


def _insert_canned_reply(
    request: HttpRequest, inquiry: Inquiry, form: ReplyForm
) -> tuple[ReplyForm, str]:
    """Return the form with the reply, and the English original if the reply is a translation."""
    chosen = form.chosen_reply
    sending, by = submission_history.current_sending(inquiry), current_user(request)
    reply = canned_replies.fill_reply(chosen, inquiry, sending, by)
    original = chosen.english_original
    english = canned_replies.fill_reply(original, inquiry, sending, by) if original else ""
    return _insert_text(request, form, "begin", reply), english


def _insert_text(request: HttpRequest, form: ReplyForm, chosen_in: str, text: str) -> ReplyForm:
    """Return the form with `text` below what was written, and the choice that gave it undone."""
    written = form.cleaned_data["text"]
    typed = request.POST.copy()
    typed[form.add_prefix("text")] = f"{written}\n\n{text}" if written else text
    typed[form.add_prefix(chosen_in)] = ""
    filled = ReplyForm(typed, prefix=form.prefix)
    if filled.is_valid():
        filled.fields["text"].widget.attrs["autofocus"] = True
    return filled


def _render_draft(
    request: HttpRequest,
    inquiry: Inquiry,
    form: ReplyForm,
    *,
    preview: HistoryMessage | None = None,
    english: str = "",
) -> HttpResponse:
    draft = Draft(Step.REPLY, form, preview=preview, english=english)
    if why := _why_refused(request, inquiry, form):
        draft = refuse_draft(inquiry, Step.REPLY, form, why, preview)
    return render_request(request, inquiry.pk, draft)


def _why_refused(request: HttpRequest, inquiry: Inquiry, form: ReplyForm) -> str:
    """Return why it could not be sent from here; empty if it could."""
    if "version" in form.errors:
        return _("The page did not arrive whole. Nothing was sent.")
    version = form.cleaned_data["version"]
    try:
        transitions.check_transition(inquiry, Step.REPLY, version=version, by=current_user(request))
    except StepRefused as refusal:
        return str(refusal)
    return ""
