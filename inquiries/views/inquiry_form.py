"""What patients and families see when they ask for a Care Coordinator."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.models import Article
from articles.text_cleaning import clean_code
from articles.views.decorators import end_page, public_page
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.deadlines.service_levels import promise_now
from inquiries.forms import InquiryForm
from inquiries.forms.inquiry import new_idempotency_key
from inquiries.intake import bursts, front_desk, spam_signals
from inquiries.intake.spool import SpoolEntry
from inquiries.reference import reference_for
from inquiries.states import SpamSignal
from inquiries.submission import Sender, Submission
from inquiries.views import confirmation
from inquiries.views.cookies import QUICK_EXIT
from inquiries.views.private_page import visits

#: The browser that filled in the form may store it, with its key, for the Back button. Other caches
#: may not, nor may the browser after somebody has left in a hurry.
CACHE_FOR_BACK_BUTTON = "private, no-cache"


@public_page
def coordinator(request: HttpRequest) -> HttpResponse:
    answer_by, until = promise_now()
    response = render(request, "inquiries/coordinator.html", {"answer_by": answer_by})
    end_page(response, until)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit_inquiry(
    request: HttpRequest, flood_signs: frozenset[SpamSignal] = frozenset(), network: str = ""
) -> HttpResponse:
    """Show or accept the form.

    `flood_signs`: what `portal.http.limits` counted for this request, coming from `network`.
    """
    if request.method != "POST":
        article = _find_article(request.GET.get("article", ""))
        number = request.GET.get("revision", "")[:9]
        form = InquiryForm(
            initial={"article": article.slug, "revision": number} if article else None
        )
        has_left = bool(QUICK_EXIT.value(request))
        response = _render_form(request, form, article, allows_autofill=not has_left)
        response["Cache-Control"] = "private, no-store" if has_left else CACHE_FOR_BACK_BUTTON
        return response
    form = InquiryForm(request.POST)
    if not form.is_valid():
        return render_invalid_form(request, form)
    cleaned, submission = form.cleaned_data, form.submission()
    network = bursts.hash_network(network)
    signals = _collect_spam_signs(form, submission, network) | flood_signs
    try:
        taken = front_desk.accept_submission(
            SpoolEntry(
                submission=submission,
                key=cleaned["idempotency_key"],
                sender=_read_sender(request, cleaned["idempotency_key"]),
                article=cleaned["article"],
                revision=cleaned["revision"],
                topic=cleaned["topic"],
                suspicion=spam_signals.join_signals(signals),
                network=network,
            )
        )
    except front_desk.NotAccepted:
        return _render_not_saved(request, form)
    response = redirect("inquiries:sent")
    confirmation.save_confirmation(request, response, taken, submission)
    if QUICK_EXIT.value(request):
        QUICK_EXIT.delete(request, response)
    return response


def _read_sender(request: HttpRequest, key: str) -> Sender:
    """Return what the browser can show for the sender: this form's confirmation, a private page."""
    told, visit = confirmation.read_confirmation(request), visits.current_visit(request)
    is_of_form = told is not None and told["reference"] == reference_for(key)
    page = (
        (visit.inquiry_id, visit.link_id, visit.started_at, visit.secret)
        if visit and visit.is_proven
        else None
    )
    return Sender(shown=told["ticket"] if told and is_of_form else "", page=page)


def _render_not_saved(request: HttpRequest, form: InquiryForm) -> HttpResponse:
    """Nothing could be stored: give the sender their text back, and a phone number (503)."""
    response = render(
        request, "inquiries/inquiry_form/page.html", {"form": form, "not_saved": True}, status=503
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _collect_spam_signs(form: InquiryForm, submission: Submission, network: str) -> set[SpamSignal]:
    """Return the spam signals in the form itself."""
    cleaned = form.cleaned_data
    key = cleaned["idempotency_key"]
    found = spam_signals.detect_signals(
        submission, key=key, opened_at=form.opened_at, network=network
    )
    if cleaned["website"]:
        found.add(SpamSignal.TRAP)
    return found


def render_invalid_form(request: HttpRequest, form: InquiryForm) -> HttpResponse:
    """Render the form with everything that was typed, and the errors (422)."""
    response = _render_form(request, form, _find_article(form["article"].value() or ""))
    response.status_code = 422
    response["Cache-Control"] = "private, no-store"
    return response


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """Handle a form that failed the CSRF check: cookies are blocked, or it was open for too long.

    Nothing is stored and nothing is lost: the sender presses the button again, or calls.
    """
    typed = request.POST.copy()
    # A forged form may carry a key that somebody else knows.
    typed["idempotency_key"] = new_idempotency_key()
    form = InquiryForm(typed)
    form.add_error(
        None,
        _(
            "We couldn’t check that this form came from our site, so your request hasn’t "
            "been sent yet. Please press “Send my request” again. If you still see this "
            "message, your browser may be blocking cookies. Allow cookies for this site, "
            "try another browser, or call us."
        )
        if settings.CLINIC.phone
        else _(
            "We couldn’t check that this form came from our site, so your request hasn’t "
            "been sent yet. Please press “Send my request” again. If you still see this "
            "message, your browser may be blocking cookies. Allow cookies for this site, "
            "or try another browser."
        ),
    )
    return render_invalid_form(request, form)


def _find_article(slug: str) -> Article | None:
    slug = clean_code(slug)  # PostgreSQL rejects a query with a NUL character
    if not slug or DATABASE_BREAKER.is_open:
        return None
    try:
        return (
            Article.objects.published()
            .filter(slug=slug)
            .only("title", "slug", "language", "translation_of")
            .first()
        )
    except Error:  # the form works without an article
        return None


def _render_form(
    request: HttpRequest,
    form: InquiryForm,
    article: Article | None,
    *,
    allows_autofill: bool = True,
) -> HttpResponse:
    """Render the form. `allows_autofill`: whether browsers may refill it for the Back button."""
    form.allows_autofill = allows_autofill
    return render(request, "inquiries/inquiry_form/page.html", {"form": form, "article": article})
