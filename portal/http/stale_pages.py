"""What was read lately stays readable while the database cannot be asked.

A copy of each public page is kept in the shared cache as it goes out, and goes out again where its
view meets a database that is down.
"""

import hashlib
import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.connection import ConnectionProxy

from articles.models import Article, LivePage
from inquiries.circuit_breaker import DATABASE_BREAKER, is_outage

logger = logging.getLogger(__name__)

#: Seconds between two copies of a page by one process, and for which a copy may go out.
COPY_INTERVAL = 60
COPY_LIFETIME = 7 * 24 * 60 * 60
#: What is kept, and with which query. What readers look for stands in others, and what we promise
#: by a day would not be true for long.
_COPIED_VIEWS = {
    **dict.fromkeys(("home", "articles:article", "articles:categories"), re.compile("")),
    **dict.fromkeys(("articles:list", "articles:category"), re.compile(r"(page=[1-9]\d{0,2})?")),
}
# Apart from counters, which must not be pushed out by pages.
cache: Any = ConnectionProxy(caches, "pages")
_MOST_KNOWN = 2000


# No copy from before counts: an article that was withdrawn must not come back by one.
_CHANGED_AT = "lately:changed_at"


@receiver(post_save, sender=Article)
@receiver(post_save, sender=LivePage)
@receiver(post_delete, sender=Article)
def _article_changed(**kwargs: Any) -> None:
    transaction.on_commit(lambda: cache.set(_CHANGED_AT, time.time(), COPY_LIFETIME))


class StalePageMiddleware:
    """Inside of compression and conditional answers, so that copies get both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._copied_at: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if DATABASE_BREAKER.is_open and (copy := _copy_of(request)):
            return copy
        began = time.time()
        response = self.get_response(request)
        if _may_be_copied(request, response):
            self._keep(request, response, began)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_outage(exception):
            return None
        DATABASE_BREAKER.trip()
        copy = _copy_of(request)
        if copy:
            logger.warning("the database cannot be asked; a page that was kept goes out")
        return copy

    def _keep(self, request: HttpRequest, response: HttpResponse, began: float) -> None:
        key, now = _key(request), time.monotonic()
        if now - self._copied_at.get(key, -COPY_INTERVAL) < COPY_INTERVAL:
            return
        if len(self._copied_at) > _MOST_KNOWN:
            self._copied_at.clear()
        self._copied_at[key] = now
        # Without it no copy counts; those from before it was lost do not either.
        cache.add(_CHANGED_AT, began - 0.001, COPY_LIFETIME)
        cache.set(key, (began, response.content, response["Content-Type"]), COPY_LIFETIME)


def _may_be_copied(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200  # noqa: PLR2004
        and not response.streaming
        and not response.cookies
        and "public" in response.get("Cache-Control", "")
        and _is_copied_view(request)
    )


def _is_copied_view(request: HttpRequest) -> bool:
    query = _COPIED_VIEWS.get(request.resolver_match.view_name if request.resolver_match else "")
    return query is not None and query.fullmatch(request.META.get("QUERY_STRING", "")) is not None


def _copy_of(request: HttpRequest) -> HttpResponse | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    kept, changed_at = cache.get(_key(request)), cache.get(_CHANGED_AT)
    if kept is None or changed_at is None or kept[0] <= changed_at:
        return None
    _, content, content_type = kept
    copy = HttpResponse(content, content_type=content_type)
    copy["Cache-Control"] = "public, max-age=60"
    return copy


def _key(request: HttpRequest) -> str:
    """By host too, because pages name their own address."""
    place = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    return f"lately:{hashlib.sha256(place.encode()).hexdigest()}"
