"""What patients and families see when they ask for a Care Coordinator."""

import base64
import json
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Article
from articles.typed_text import clean_code
from inquiries import deliveries, hints, reception, sealing, suspicion
from inquiries.breaker import DATABASE
from inquiries.deadlines import next_answer_by
from inquiries.forms import AskForm
from inquiries.models import ContactMethod, Inquiry
from inquiries.states import Sign
from inquiries.submission import Submission
from inquiries.views import private
from inquiries.views.cookies import SENT

#: Her browser may keep the form, with its key, for its Back button; nobody else may.
FOR_THE_BACK_BUTTON = "private, no-cache"

#: The confirmation is for the one who just sent; a device may be shared.
_SENT_SECONDS = 60 * 60
_SENT_SALT = "inquiries.sent"


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def coordinator(request: HttpRequest) -> HttpResponse:
    return render(request, "inquiries/coordinator.html", {"answer_by": next_answer_by()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        article = _article(request.GET.get("article", ""))
        number = request.GET.get("revision", "")[:9]
        form = AskForm(initial={"article": article.slug, "revision": number} if article else None)
        response = _ask_page(request, form, article)
        response["Cache-Control"] = FOR_THE_BACK_BUTTON
        return response
    form = AskForm(request.POST)
    if not form.is_valid():
        return ask_again(request, form)
    cleaned, submission = form.cleaned_data, form.submission()
    try:
        taken = reception.accept(
            submission,
            key=cleaned["idempotency_key"],
            article=cleaned["article"],
            revision=cleaned["revision"],
            topic=cleaned["topic"],
            signs=_signs(request, form, submission),
        )
    except reception.NotTaken:
        return _not_taken(request, form)
    response = redirect("inquiries:sent")
    _remember_sent(request, response, taken, submission)
    return response


def _not_taken(request: HttpRequest, form: AskForm) -> HttpResponse:
    """Nothing could keep it: she has her words, and a phone number (503)."""
    response = render(request, "inquiries/ask.html", {"form": form, "not_taken": True}, status=503)
    response["Cache-Control"] = "private, no-store"
    return response


def _signs(request: HttpRequest, form: AskForm, submission: Submission) -> set[Sign]:
    """What speaks for a machine; the floods were counted by portal.limits on the way in."""
    cleaned = form.cleaned_data
    key = cleaned["idempotency_key"]
    found = suspicion.signs(submission, key=key, opened_at=form.opened_at)
    if cleaned["website"]:
        found.add(Sign.TRAP)
    return found | getattr(request, "flood_signs", set())


def ask_again(request: HttpRequest, form: AskForm) -> HttpResponse:
    """The form with all that was typed, and what is wrong with it (422)."""
    response = _ask_page(request, form, _article(form["article"].value() or ""))
    response.status_code = 422
    response["Cache-Control"] = "private, no-store"
    return response


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """The form could not prove that it is ours: cookies are blocked, or the page stood open long.

    Nothing is stored, nothing is lost: she sends once more, or calls.
    """
    form = AskForm(request.POST)
    form.add_error(
        None,
        "We could not check that this form came from our page, so it has not been sent yet. "
        "Please press “Send my request” once more. If this message comes back, your browser may "
        "block cookies: allow them for this site, or use another browser or the phone.",
    )
    return ask_again(request, form)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def sent(request: HttpRequest) -> HttpResponse:
    told = _told(request)
    if told is None:
        return render(request, "inquiries/sent.html", {"reference": ""})
    due_at = datetime.fromisoformat(told["due_at"])
    return render(
        request,
        "inquiries/sent.html",
        {
            **told,
            "due_at": due_at,
            "is_past": due_at < timezone.now(),
            "contact_method": ContactMethod(told["contact_method"]),
        },
    )


@login_not_required
@require_POST
@cache_control(private=True, no_store=True)
def open_from_confirmation(request: HttpRequest) -> HttpResponse:
    """Straight to the private page: who has the confirmation has just sent the request."""
    told = _told(request)
    if told is None or not told["may_open"]:
        return redirect("inquiries:sent")
    inquiry = Inquiry.objects.filter(reference=told["reference"]).first()
    if inquiry is None:
        return redirect("inquiries:sent")
    response = redirect("inquiries:private")
    if request.POST.get("to") == "reach":  # she sees that her address is mistyped
        response = redirect(f"{reverse('inquiries:private_reach')}#id_email")
    # As old as the confirmation: links taken back since then take this way back as well.
    began = datetime.fromisoformat(told["told_at"])
    private.admit(request, response, inquiry, began=began)
    return response


def _article(slug: str) -> Article | None:
    slug = clean_code(slug)  # PostgreSQL refuses to look for a NUL character
    if not slug or DATABASE.is_open:
        return None
    try:
        return Article.objects.published().filter(slug=slug).only("title", "slug").first()
    except Error:  # the form needs none
        return None


def _ask_page(request: HttpRequest, form: AskForm, article: Article | None) -> HttpResponse:
    return render(request, "inquiries/ask.html", {"form": form, "article": article})


def _remember_sent(
    request: HttpRequest, response: HttpResponse, taken: reception.Taken, submission: Submission
) -> None:
    told = {
        "reference": taken.reference,
        "due_at": taken.due_at.isoformat(),
        "contact_method": submission.contact_method,
        "urgent": taken.urgent,
        "is_spooled": taken.inquiry is None,
        "mail_to_come": deliveries.may_write_to(submission) and not taken.is_held,
        "link_to_come": deliveries.may_write_to(submission)
        and not taken.is_held
        and submission.contact_method == ContactMethod.EMAIL,
        "email_hint": hints.domain_hint(submission.email),
        "may_open": taken.is_hers or _was_told(request, taken.reference),
        "told_at": timezone.now().isoformat(),
    }
    signed = signing.dumps(_locked(told), salt=_SENT_SALT)
    SENT.put(request, response, signed, seconds=_SENT_SECONDS)


def _was_told(request: HttpRequest, reference: str) -> bool:
    """She who corrects what she sent has the confirmation of the first sending."""
    told = _told(request)
    return told is not None and told["reference"] == reference and told["may_open"]


def _told(request: HttpRequest) -> dict[str, Any] | None:
    """What the one who just sent a request was told; None for anybody else."""
    try:
        locked = signing.loads(SENT.value(request), salt=_SENT_SALT, max_age=_SENT_SECONDS)
        by, sealed = locked["by"], base64.b64decode(locked["sealed"])
        told: dict[str, Any] = json.loads(sealing.unwrap(sealed, by=by, context=_SENT_SALT))
    except (signing.BadSignature, sealing.KeyRefused, TypeError, KeyError, ValueError):
        return None  # or one that the portal made before it was renewed
    return told


def _locked(told: dict[str, Any]) -> dict[str, str]:
    """Sealed, because the browser shows its cookies to whoever holds the device."""
    sealed = sealing.wrap(json.dumps(told).encode(), context=_SENT_SALT)
    return {"by": sealing.newest_key_id(), "sealed": base64.b64encode(sealed).decode()}
