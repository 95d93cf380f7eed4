"""How the sender gets to the private page of her request, and how nothing she typed gets lost."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from inquiries import private_links, submission_history
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.forms import private_page as forms
from inquiries.ledger import events
from inquiries.models import Inquiry
from inquiries.private_page import correspondence
from inquiries.views.private_page import visits

logger = logging.getLogger(__name__)

_UNCHECKED = (
    "We could not check that this came from our page, so nothing has been sent or changed yet. "
    "Please press the button once more. If this message comes back, your browser may block "
    "cookies: allow them for this site, or call us."
)
_FULL = (
    "You have sent us a lot, and nobody has read it yet. We have all of it, but not what you sent "
    "just now. Please send it when a Care Coordinator has read the rest, or call us."
)
#: What she may have typed, by the name of its field, to be shown again where it could not be taken.
_TYPED = {
    "text": "Your message",
    "phone": "Phone number",
    "email": "Email address",
    "never_contact": "When or how we must never contact you",
    "interpreter_language": "Language of the interpreter",
}

Page = Callable[..., HttpResponse]


def personal(*methods: str) -> Callable[[Page], Page]:
    """Stored nowhere; and whatever goes wrong, her words come back."""

    def decorate(page: Page) -> Page:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"] if not methods else [*methods])
        @wraps(page)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = page(request, *args, **kwargs)
            except events.StepRefused:  # erased while the page stood open
                response = closed(request, "gone")
                visits.end(request, response)
            except (DatabaseFault, KeyRefused, SealBroken):
                logger.exception("The private page of a request could not be shown.")
                response = show(request, "unavailable", {"typed": typed(request)}, status=503)
            response["Cache-Control"] = "private, no-store"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
            return response

        return answer

    return decorate


def hers(*methods: str) -> Callable[[Page], Page]:
    """For who gave a detail; all others get the door. Each visit makes it last a while longer."""

    def decorate(page: Page) -> Page:
        @personal(*methods)
        @wraps(page)
        def answer(request: HttpRequest) -> HttpResponse:
            visit = visits.of(request)
            inquiry = visit.inquiry() if visit else None
            if visit is None or inquiry is None:
                return closed(request, "no visit")
            if not visits.is_of_its_page(request, visit):
                return other(request)
            if not visit.is_proven:
                return door(request, inquiry)
            response = page(request, inquiry)
            if not response.cookies:  # the page may have ended the visit
                visits.keep(request, response, visit)
            return response

        return answer

    return decorate


def show(request: HttpRequest, name: str, said: dict[str, Any], status: int = 200) -> HttpResponse:
    said["of"] = visits.page_mark(request)
    return render(request, f"inquiries/private_page/{name}.html", said, status=status)


def closed(request: HttpRequest, why: str) -> HttpResponse:
    return show(request, "closed", {"why": why, "typed": typed(request)}, status=404)


def other(request: HttpRequest) -> HttpResponse:
    """Another request was opened in another tab: what she meant for this one is not done there."""
    return show(request, "other", {"typed": typed(request)}, status=422)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    given = ((label, request.POST.get(name, "")) for name, label in _TYPED.items())
    return [(label, words) for label, words in given if words.strip()]


def post(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def as_sent(
    request: HttpRequest, form: forms.PrivateForm, *, adds_to: Inquiry | None = None
) -> forms.PrivateForm:
    """A form as it came; with a fault where it could not prove that it is ours, or adds too much.

    `adds_to`: the request that gets longer by it.
    """
    if getattr(request, "is_unchecked", False):
        form.add_error(None, _UNCHECKED)
    elif adds_to and form.is_bound and correspondence.is_inbox_full(adds_to):
        form.add_error(None, _FULL)
    return form


def proof_form(inquiry: Inquiry, *args: Any, **kwargs: Any) -> forms.ProofForm:
    """It asks for what was given: a phone's last digits, or the code of the page."""
    asks_for_digits = private_links.asks_for_digits(submission_history.current_sending(inquiry))
    return forms.ProofForm(*args, asks_for_digits=asks_for_digits, **kwargs)


def door(
    request: HttpRequest,
    inquiry: Inquiry,
    form: forms.PrivateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Asks for the detail. With no form of its own, what was being sent comes along."""
    words = dict(typed(request))
    text = words.pop(_TYPED["text"], "")
    is_late = form is None and request.method == "POST"
    said = {
        "form": form or proof_form(inquiry, initial={"text": text}),
        "is_late": is_late,
        "typed": words.items(),
    }
    return show(request, "door", said, 422 if is_late else status)
