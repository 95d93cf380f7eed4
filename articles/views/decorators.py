"""What all pages for readers have in common."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# A minute: a withdrawn article has to be gone soon.
_cached_for_a_minute = cache_control(public=True, max_age=60)


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everyone, only to be read, and kept by browsers and caches for a minute."""
    return login_not_required(require_safe(_cached_for_a_minute(view)))


def end_page(response: HttpResponseBase, at: datetime) -> None:
    """Say when what the page says stops being true (aware); no copy of ours goes out after it."""
    response["Expires"] = http_date(at.timestamp())
