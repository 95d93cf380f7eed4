"""After a change the worker makes the most read pages anew, so that no reader has to wait for it."""

import logging
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db.models import F

from portal.models import CachedPage
from portal.page_cache import layer
from portal.page_cache.keys import find_key
from portal.page_cache.pages import SMALL
from portal.page_cache.versions import versions

logger = logging.getLogger(__name__)

#: At most so many at once: what is read less is made by its first reader.
_MOST = 200
#: Rows of pages that nobody asks for any more go.
_MOST_KEPT = 5_000


def remake_pages() -> bool:
    """What was made under another version, the most read first."""
    version = versions.read().number
    if version is None:
        return False
    django = WSGIHandler()
    old = CachedPage.objects.exclude(version=version).order_by("-readers", "-made_at")
    for address in list(old.values_list("address", flat=True)[:_MOST]):
        if key := find_key(**address):
            page, _ = layer.make(django, key, _environ(address), quality=SMALL)
            if page:
                continue
        # It is gone, or was made by another release.
        CachedPage.objects.filter(address=address).exclude(version=version).delete()
    _forget_unread(version)
    return True


def count_readers(asked: dict[str, int]) -> None:
    """Of each page by its key, since this process last told."""
    for digest, count in asked.items():
        CachedPage.objects.filter(key=digest).update(readers=F("readers") + count)


def _forget_unread(version: int) -> None:
    kept = CachedPage.objects.order_by("-made_at").values("pk")[_MOST_KEPT:]
    CachedPage.objects.filter(pk__in=[row["pk"] for row in kept]).delete()


def _environ(address: dict[str, str]) -> dict[str, Any]:
    """As the proxy would ask for it."""
    import io

    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": address["path"],
        "QUERY_STRING": address["query"],
        "SERVER_NAME": address["host"].partition(":")[0],
        "SERVER_PORT": "443" if address["scheme"] == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": address["host"],
        "HTTP_X_FORWARDED_PROTO": address["scheme"],
        "wsgi.url_scheme": address["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
