"""What all pages for readers have in common."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# One minute, because a withdrawn article has to be gone soon.
_cached_for_a_minute = cache_control(public=True, max_age=60)


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everyone, read-only, and kept by browsers and caches for a minute."""
    return login_not_required(require_safe(_cached_for_a_minute(view)))


def end_page(response: HttpResponseBase, at: datetime) -> None:
    """Set the time (aware) at which the page goes out of date. We serve no copy after that."""
    response["Expires"] = http_date(at.timestamp())
