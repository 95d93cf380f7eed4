"""Template context for every page."""

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
    """Links to this page in each language; none on staff pages or in answers to a form.

    Another address would not show what was typed. No page contains a private link: its secret
    is only in the sender’s mail.
    """
    if request.method == "POST" or request.path_info.startswith(STAFF_PREFIXES):
        return {}
    match = request.resolver_match
    path, full_path = request.path, request.get_full_path()
    if not match or match.view_name == "inquiries:private_link":
        private_page = reverse("inquiries:private")
        if path.startswith(private_page):  # also with a mistyped link after it
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
    """The id that the request has in the log, for pages that say that something went wrong."""
    return {"request_id": request_id.get()}
