"""What every page may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.http.logs import request_id


def clinic(request: HttpRequest) -> dict[str, Any]:
    return {"clinic": settings.CLINIC}


def request_number(request: HttpRequest) -> dict[str, Any]:
    """By which a log knows the request: for a page that says that something went wrong."""
    return {"request_id": request_id.get()}
