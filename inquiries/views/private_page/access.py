"""How senders get to the private page of their request, without losing anything they typed."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
from inquiries.ledger import transitions
from inquiries.models import Inquiry
from inquiries.private_page import correspondence
from inquiries.views.private_page import visits, words

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
_is_unchecked: ContextVar[bool] = ContextVar("is_unchecked", default=False)


def private_page_view(*methods: str) -> Callable[[View], View]:
    """Keep the page out of caches; whatever goes wrong, return what was typed."""

    def decorate(page: View) -> View:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"] if not methods else [*methods])
        @wraps(page)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = page(request, *args, **kwargs)
            except transitions.StepRefused:  # erased while the page was open
                response = render_closed(request, "gone")
                visits.end_visit(request, response)
            except (DatabaseFault, KeyRefused, SealBroken):
                logger.exception("The private page of a request could not be shown.")
                response = render_page(
                    request, "unavailable", {"typed": collect_typed_text(request)}, status=503
                )
            response["Cache-Control"] = "private, no-store"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
            return response

        return answer

    return decorate


def proven_visit_required(*methods: str) -> Callable[[View], View]:
    """Show the page only to those who gave a detail, and extend the visit; ask others for it."""

    def decorate(page: View) -> View:
        @private_page_view(*methods)
        @wraps(page)
        def answer(request: HttpRequest) -> HttpResponse:
            visit = visits.current_visit(request)
            inquiry = visit.inquiry() if visit else None
            if visit is None or inquiry is None:
                return render_closed(request, "no visit")
            if not visits.has_page_token(request, visit):
                return render_other_request(request)
            if not visit.is_proven:
                return render_proof_form(request, inquiry)
            response = page(request, inquiry)
            if not response.cookies:  # the page may have ended the visit
                visits.save_visit(request, response, visit)
            return response

        return answer

    return decorate


def render_page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context["page_token"] = visits.page_token(request)
    return render(request, f"inquiries/private_page/{name}.html", context, status=status)


def render_closed(request: HttpRequest, why: str) -> HttpResponse:
    return render_page(
        request, "closed", {"why": why, "typed": collect_typed_text(request)}, status=404
    )


def render_other_request(request: HttpRequest) -> HttpResponse:
    """Refuse a form from this tab, because another tab has opened a different request since."""
    return render_page(request, "other_request", {"typed": collect_typed_text(request)}, status=422)


def collect_typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    given = ((str(label), request.POST.get(name, "")) for name, label in words.TYPED.items())
    return [(label, typed) for label, typed in given if typed.strip()]


def post_data(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@contextmanager
def unchecked_form() -> Iterator[None]:
    """Mark that the form handled meanwhile has failed the CSRF check."""
    token = _is_unchecked.set(True)
    try:
        yield
    finally:
        _is_unchecked.reset(token)


def add_request_errors(
    form: forms.PrivatePageForm, *, adds_to: Inquiry | None = None
) -> forms.PrivatePageForm:
    """Return the form, with an error if it failed the CSRF check or adds too much.

    `adds_to`: the request that it adds to.
    """
    if _is_unchecked.get():
        form.add_error(None, words.UNCHECKED)
    elif adds_to and form.is_bound and correspondence.is_inbox_full(adds_to):
        form.add_error(None, words.TOO_MANY_UNREAD)
    return form


def build_proof_form(inquiry: Inquiry, *args: Any, **kwargs: Any) -> forms.ProofForm:
    """Build a form that asks for a detail: a phone's last digits, or the code of the page."""
    asks_for_digits = private_links.asks_for_digits(submission_history.current_sending(inquiry))
    return forms.ProofForm(*args, asks_for_digits=asks_for_digits, **kwargs)


def render_proof_form(
    request: HttpRequest,
    inquiry: Inquiry,
    form: forms.PrivatePageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Ask for the detail. Without `form`, carry along what was being sent."""
    typed = dict(collect_typed_text(request))
    text = typed.pop(str(words.TYPED["text"]), "")
    closed_while_writing = form is None and request.method == "POST"
    said = {
        "form": form or build_proof_form(inquiry, initial={"text": text}),
        "closed_while_writing": closed_while_writing,
        "typed": typed.items(),
    }
    return render_page(request, "proof", said, 422 if closed_while_writing else status)
