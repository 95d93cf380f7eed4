"""What the staff pages of every app need from a request and for a page."""

from typing import Any

from django.forms import Media, Script
from django.http import HttpRequest


def current_user(request: HttpRequest) -> Any:
    """Return the signed-in user, who is staff because `admin_view` has checked that."""
    return request.user


def script_media(*names: str) -> Media:
    """Return script tags for the head of a page; each page works without them."""
    files: Any = [Script(f"portal/js/{name}.js", defer=True) for name in names]
    return Media(js=files)
