"""Error pages: what did not work, and what to do now."""

import sys
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from articles.editing.addresses import find_moved
from inquiries.circuit_breaker import DATABASE_BREAKER, is_outage
from inquiries.views import inquiry_form
from inquiries.views.private_page import page
from portal import words
from portal.accounts import SignedOut
from portal.http.attempts import SignInUnavailable
from portal.http.limits import RequestRefused
from portal.http.logs import request_id

_RETRY_SECONDS = 30  # the database is retried every few seconds


def _error(
    request: HttpRequest,
    code: int,
    title: words.Words,
    message: words.Words,
    *,
    show_typed: bool = False,
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
    """What was typed into a form that could not be accepted, for copying from the page."""
    return [
        (name, value)
        for name, value in request.POST.items()
        if isinstance(value, str) and " " in value.strip() and "password" not in name
    ]


_REFUSALS = {
    HTTPStatus.METHOD_NOT_ALLOWED: words.NOT_HERE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: words.TOO_LARGE,
    HTTPStatus.REQUEST_TIMEOUT: words.CUT_OFF,
    HTTPStatus.SERVICE_UNAVAILABLE: words.BUSY,
    HTTPStatus.REQUEST_URI_TOO_LONG: words.LONG_ADDRESS,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: words.LARGE_HEADERS,
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST
    if isinstance(exception, RequestRefused):
        status = exception.status
    elif isinstance(exception, RequestDataTooBig):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    texts = _REFUSALS.get(status, words.UNREADABLE)
    if isinstance(exception, TooManyFilesSent):
        texts = words.A_FILE
    return _error(request, status.value, *texts)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SignedOut):
        return _error(request, 401, *words.SIGNED_OUT, show_typed=True)
    return _error(request, 403, *words.NO_ACCESS)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say so, unless an article that was imported from another site had this address there.

    It is looked up only here, so that no page of ours pays for it or is hidden by it.
    """
    if request.method in {"GET", "HEAD"} and (moved := _find_moved(request)):
        return redirect(moved, permanent=True)
    return _error(request, 404, *words.NOT_FOUND)


def _find_moved(request: HttpRequest) -> Any:
    try:
        return find_moved(request.path_info, request.META.get("QUERY_STRING", ""))
    except DatabaseError:
        return None


def too_many_requests(request: HttpRequest, wait: int = 300) -> HttpResponse:
    """`wait`: seconds before another try; django-allauth does not pass it."""
    response = _error(request, 429, *words.too_many_tries(wait))
    response["Retry-After"] = str(wait)
    return response


def sign_in_unavailable(request: HttpRequest, unavailable: SignInUnavailable) -> HttpResponse:
    """Let nobody sign in uncounted, and keep nobody waiting for long."""
    texts = words.sign_in_unavailable(unavailable.wait, is_busy=unavailable.is_busy)
    response = _error(request, 503, *texts)
    response["Retry-After"] = str(unavailable.wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Show the clinic's numbers and nothing else: don't use anything that may be broken.

    Answer 503 if the database cannot be reached: load balancers and search engines come back.
    """
    if is_away := is_outage(sys.exc_info()[1]):
        DATABASE_BREAKER.trip()
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    texts = words.AWAY if is_away else ("", "")
    context = {
        "clinic": settings.CLINIC.in_language_of_page(),
        "request_id": request_id.get(),
        "code": status.value,
        "title": texts[0],
        "message": texts[1],
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
    return _error(request, 403, *words.FORM_NOT_CHECKED, show_typed=True)
