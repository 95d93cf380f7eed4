"""What every page may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from portal.http.headers import STAFF_PREFIXES
from portal.http.language import path_in
from portal.http.logs import request_id


def clinic(request: HttpRequest) -> dict[str, Any]:
    return {"clinic": settings.CLINIC.in_language_of_page()}


def languages(request: HttpRequest) -> dict[str, Any]:
    """This page in each language; none of a staff page, and none of the answer to a form.

    Another address would not show what was typed. A private link is named on no page: its secret
    stands in the sender’s mail alone.
    """
    if request.method == "POST" or request.path_info.startswith(STAFF_PREFIXES):
        return {}
    match = request.resolver_match
    path, full_path = request.path, request.get_full_path()
    if not match or match.view_name == "inquiries:private_link":
        private_page = reverse("inquiries:private")
        if path.startswith(private_page):  # also one with a slip behind it
            path = full_path = private_page
    return {
        "site_languages": [
            {
                "code": code,
                "name": name,
                "path": path_in(code, path),
                "full_path": path_in(code, full_path),
                "is_current": code == get_language(),
            }
            for code, name in settings.LANGUAGES
        ]
    }


def request_number(request: HttpRequest) -> dict[str, Any]:
    """By which a log knows the request: for a page that says that something went wrong."""
    return {"request_id": request_id.get()}
