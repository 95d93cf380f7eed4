"""The cookie of the confirmation, with which who has just sent a request gets to its page."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse


def name(request: HttpRequest) -> str:
    """With HTTPS one that a browser takes from this very host only, for all of its paths: from a
    neighbouring name nobody can plant a confirmation.
    """
    return "__Host-sent" if request.is_secure() else "sent"


def path(request: HttpRequest) -> str:
    return "/" if request.is_secure() else reverse("inquiries:sent")


def forget(request: HttpRequest, response: HttpResponse) -> None:
    # As it was set, or a browser would not take it for the same.
    response.set_cookie(
        name(request),
        max_age=0,
        expires="Thu, 01 Jan 1970 00:00:00 GMT",
        path=path(request),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
