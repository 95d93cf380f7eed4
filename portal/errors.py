"""The pages that say that something did not work, and what to do now."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from inquiries.circuit_breaker import is_outage
from inquiries.views import inquiry_form
from inquiries.views.private_page import page
from portal.accounts import SignedOut
from portal.http.attempts import SignInUnavailable
from portal.http.limits import RequestRefused
from portal.http.logs import request_id

_MINUTES_FROM = 100  # seconds: below, “90 seconds” reads better than “2 minutes”
_RETRY_SECONDS = 30  # the database is asked again every few seconds


def _error(
    request: HttpRequest, code: int, title: str, message: str, *, show_typed: bool = False
) -> HttpResponse:
    context = {
        "code": code,
        "title": title,
        "message": message,
        "typed": _posted_text(request) if show_typed else (),
    }
    response = render(request, "portal/error.html", context, status=code)
    response["Cache-Control"] = "private, no-store"
    return response


def _posted_text(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody wrote into a form that could not be taken, to be copied from the page."""
    return [
        (name, value)
        for name, value in request.POST.items()
        if isinstance(value, str) and " " in value.strip() and "password" not in name
    ]


_REFUSALS = {
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "That does not work here",
        "This page can be read, but not used in the way that was tried. Nothing was changed.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "That is too much at once",
        "Nothing was saved. Go back: your browser may still hold what you typed. Then send less.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: (
        "That did not reach us whole",
        "Nothing was saved. Go back: your browser may still hold what you typed. Then send again.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Others are sending large files right now",
        "Nothing was saved. Wait a minute, go back, and send it again.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        "That address is too long",
        "Use a shorter one, or search with fewer words.",
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "Your browser sent too much with its question",
        "Delete the cookies of this site in your browser and load the page again.",
    ),
}


_UNREADABLE = (
    "We could not read that",
    "Your browser sent something that this site does not understand, or that is too large.",
)


_AWAY = (
    "This page will be back soon",
    (
        "We cannot show it right now. Please try again in a few minutes. You can still ask for a "
        "Care Coordinator: your request is kept safe."
    ),
)


_A_FILE = ("We cannot take files", "Nothing was saved. Go back and send it without the file.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST
    if isinstance(exception, RequestRefused):
        status = exception.status
    elif isinstance(exception, RequestDataTooBig):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    texts = _REFUSALS.get(status, _UNREADABLE)
    if isinstance(exception, TooManyFilesSent):
        texts = _A_FILE
    return _error(request, status.value, *texts)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SignedOut):
        return _error(
            request,
            401,
            "You are signed out",
            "Nothing was saved. Sign in again in a new tab, then bring over what you typed.",
            show_typed=True,
        )
    return _error(request, 403, "This page is not for you", "Your account has no access to it.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        404,
        "We could not find that page",
        "It may have moved, or the address may have a typing mistake.",
    )


def _wait_in_words(seconds: int) -> str:
    if seconds >= _MINUTES_FROM:
        return f"{-(-seconds // 60)} minutes"
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def too_many_requests(request: HttpRequest, wait: int = 300) -> HttpResponse:
    """`wait`: seconds until it may be tried again; django-allauth does not say."""
    response = _error(
        request,
        429,
        "That was too often",
        f"Somebody tried this many times in a short while. Wait {_wait_in_words(wait)} and try "
        "again. If you share your internet connection, it may have been somebody else.",
    )
    response["Retry-After"] = str(wait)
    return response


def sign_in_unavailable(request: HttpRequest, unavailable: SignInUnavailable) -> HttpResponse:
    """Nobody is let in uncounted, nor kept waiting for long."""
    after = f"Wait {_wait_in_words(unavailable.wait)} and try again."
    if unavailable.is_busy:
        title, why = "Many people are signing in right now", "What you typed was not looked at yet."
    else:
        title, why = "Nobody can sign in right now", "Nothing is wrong with what you typed."
    response = _error(request, 503, title, f"{why} {after}")
    response["Retry-After"] = str(unavailable.wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """With the clinic's numbers and nothing else: nothing that may be broken is asked.

    Where the database cannot be asked it is 503: load balancers and search engines come back.
    """
    is_away = is_outage(sys.exc_info()[1])
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    title, message = _AWAY if is_away else ("", "")
    context = {
        "clinic": settings.CLINIC.in_language_of_page(),
        "request_id": request_id.get(),
        "code": status.value,
        "title": title,
        "message": message,
    }
    response = HttpResponse(render_to_string("portal/error.html", context), status=status)
    if is_away:
        response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.resolver_match and request.resolver_match.view_name == "inquiries:ask":
        return inquiry_form.csrf_failure(request)
    if request.resolver_match and request.resolver_match.view_name.startswith("inquiries:private"):
        return page.csrf_failure(request)
    return _error(
        request,
        403,
        "We could not check that form",
        "Nothing was saved. Load the page again in a new tab and send it from there. Your browser "
        "has to allow cookies. If you signed in again meanwhile, that is the reason.",
        show_typed=True,
    )
