"""What the staff pages of every app need of a request and of a page."""

from typing import Any

from django.forms import Media, Script
from django.http import HttpRequest


def current_user(request: HttpRequest) -> Any:
    """Who is signed in: staff, behind `admin_view`."""
    return request.user


def script_media(*names: str) -> Media:
    """As tags for the head of a page; each page works without them."""
    files: Any = [Script(f"portal/js/{name}.js", defer=True) for name in names]
    return Media(js=files)
