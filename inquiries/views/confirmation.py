"""The confirmation: what the sender of a new request sees, in the same browser, for an hour."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
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
from django.views.decorators.http import require_POST, require_safe

from inquiries import encryption, private_links
from inquiries.contact_details import email_typos
from inquiries.contact_details.email_addresses import needs_smtputf8
from inquiries.danger import phrases
from inquiries.intake import corrections, front_desk, proof
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import patient_mail
from inquiries.models import ContactMethod, Inquiry
from inquiries.states import Proof
from inquiries.submission import Submission, prose_of
from inquiries.views import emergency_card
from inquiries.views.cookies import CONFIRMATION
from inquiries.views.private_page import visits

#: Only the sender should see the confirmation, and devices may be shared.
_SECONDS = 60 * 60
_SALT = "inquiries.sent"

Confirmation = dict[str, Any]


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def show_confirmation(request: HttpRequest) -> HttpResponse:
    said = read_confirmation(request)
    if said is None or _is_left(said):
        return render(request, "inquiries/confirmation/page.html", {"reference": ""})
    due_at = datetime.fromisoformat(said["due_at"])
    # Not passed to the template under this name: its header uses it for the languages of the site.
    spoken = said.pop("languages")
    return render(
        request,
        "inquiries/confirmation/page.html",
        {
            **said,
            "card_languages": emergency_card.list_card_languages(spoken),
            "due_at": due_at,
            "is_past": due_at < timezone.now(),
            "contact_method": ContactMethod(said["contact_method"]),
            "is_too_soon": "too-soon" in request.GET,
        },
    )


@login_not_required
@require_POST
@cache_control(private=True, no_store=True)
def open_from_confirmation(request: HttpRequest) -> HttpResponse:
    """Open the private page, or do what the sender chose when we doubted their address."""
    said = read_confirmation(request)
    if said is None or not said["ticket"]:
        return redirect("inquiries:sent")
    with suppress(Error, StepRefused):  # database down, or request just erased
        inquiry = Inquiry.objects.filter(reference=said["reference"]).first()
        if inquiry and proof.has_ticket(inquiry, said["ticket"]):
            return _ACTIONS.get(request.POST.get("to", ""), _open_private_page)(
                request, inquiry, said
            )
    # It is still in the spool, all links were turned off, or another browser sent the form.
    return redirect(f"{reverse('inquiries:sent')}?too-soon")


def _open_private_page(request: HttpRequest, inquiry: Inquiry, said: Confirmation) -> HttpResponse:
    return _start_visit(request, redirect("inquiries:private"), inquiry, said)


def _correct_address(request: HttpRequest, inquiry: Inquiry, said: Confirmation) -> HttpResponse:
    """The sender sees that the address is mistyped and wants to correct it."""
    response = redirect(f"{reverse('inquiries:private_reach')}#id_email")
    return _start_visit(request, response, inquiry, said)


def _add_phone(request: HttpRequest, inquiry: Inquiry, said: Confirmation) -> HttpResponse:
    """Mail may not reach the sender, and they have not given a phone number yet."""
    response = redirect(f"{reverse('inquiries:private_reach')}#id_phone")
    return _start_visit(request, response, inquiry, said)


def _confirm_address(request: HttpRequest, inquiry: Inquiry, said: Confirmation) -> HttpResponse:
    """The sender says that the address is right, although it looks mistyped."""
    corrections.confirm_email(inquiry, proven=Proof.CONFIRMATION)
    response = redirect("inquiries:sent")
    by_mail = said["contact_method"] == ContactMethod.EMAIL and not said["is_shared"]
    link_to_come = said["mail_to_come"] and by_mail
    _set_cookie(request, response, {**said, "email_hint": None, "link_to_come": link_to_come})
    return response


_ACTIONS: dict[str, Callable[[HttpRequest, Inquiry, Confirmation], HttpResponse]] = {
    "reach": _correct_address,
    "phone": _add_phone,
    "right": _confirm_address,
}


def _start_visit(
    request: HttpRequest, response: HttpResponse, inquiry: Inquiry, said: Confirmation
) -> HttpResponse:
    # Dated like the confirmation, so that turning off all links since then closes this way in, too.
    began = datetime.fromisoformat(said["told_at"])
    visits.start_proven_visit(request, response, inquiry, started_at=began)
    return response


# --- What it remembers ----------------------------------------------------------------------------


def save_confirmation(
    request: HttpRequest,
    response: HttpResponse,
    taken: front_desk.Acceptance,
    submission: Submission,
) -> None:
    """Tell this browser, and nobody else, what happened to its submission."""
    hint = email_typos.suggest_domain(submission.email)
    mail = patient_mail.may_email(submission) and taken.may_mail and taken.counts
    before = read_confirmation(request)
    is_same = before is not None and bool(taken.ticket) and before["ticket"] == taken.ticket
    by_mail = submission.contact_method == ContactMethod.EMAIL and not submission.shared_email
    said = {
        "reference": taken.reference,
        "due_at": taken.due_at.isoformat(),
        "contact_method": submission.contact_method,
        "urgent": taken.urgent,
        "languages": [*phrases.languages_in(prose_of(submission)), submission.language],
        "is_spooled": taken.inquiry is None,
        "is_change": taken.is_change,
        "is_unproven": not taken.counts,
        "mail_to_come": mail,
        # No link goes to an address that looks mistyped until the sender confirms it.
        "link_to_come": mail and by_mail and hint is None,
        # Mail reaches such an address only if every server on the way supports SMTPUTF8.
        "needs_phone": needs_smtputf8(submission.email) and not submission.phone_e164,
        "is_shared": submission.shared_email,
        "email_hint": hint,
        "ticket": taken.ticket,
        # Senders who gave a phone number are asked for its last digits instead.
        "page_code": "" if submission.phone_e164 else taken.page_code,
        # Sending the form again does not start another hour.
        "told_at": before["told_at"] if before and is_same else timezone.now().isoformat(),
    }
    _set_cookie(request, response, said)


def _set_cookie(request: HttpRequest, response: HttpResponse, said: Confirmation) -> None:
    CONFIRMATION.set(request, response, signing.dumps(_seal(said), salt=_SALT), seconds=_SECONDS)


def read_confirmation(request: HttpRequest) -> Confirmation | None:
    """Return what the sender of a new request was told; None for anyone else."""
    try:
        locked = signing.loads(CONFIRMATION.value(request), salt=_SALT, max_age=_SECONDS)
        by, sealed = locked["by"], base64.b64decode(locked["sealed"])
        said: Confirmation = json.loads(encryption.unwrap(sealed, by=by, context=_SALT))
        # Saving it again in the meantime does not extend its life.
        age = timezone.now() - datetime.fromisoformat(said["told_at"])
        is_ours = {"ticket", "languages"} <= said.keys()
    except (signing.BadSignature, encryption.KeyRefused, TypeError, KeyError, ValueError):
        return None
    # A confirmation from an older release lacks some fields and is no longer shown.
    return said if is_ours and age.total_seconds() <= _SECONDS else None


def end_confirmation(request: HttpRequest, response: HttpResponse) -> None:
    """End it in the browser, and for anyone with a copy of its cookie."""
    said = read_confirmation(request)
    visits.end_for_copies(said["ticket"] if said else "")
    CONFIRMATION.delete(request, response)


def _is_left(said: Confirmation) -> bool:
    """Whether the sender has left it. While the database is down, it is still shown."""
    with suppress(Error):
        return private_links.is_visit_ended(said["ticket"])
    return False


def _seal(said: Confirmation) -> dict[str, str]:
    """Encrypt it, because the browser shows its cookies to whoever has the device."""
    sealed = encryption.wrap(json.dumps(said).encode(), context=_SALT)
    return {"by": encryption.newest_key_id(), "sealed": base64.b64encode(sealed).decode()}
