"""The worker remakes the most read pages after a change, so that no reader waits for them."""

import io
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from portal.models import CachedPage
from portal.page_cache.keys import Key, find_key
from portal.page_cache.making import make
from portal.page_cache.pages import SMALL
from portal.page_cache.versions import versions

#: Most pages to remake at once: those read less are made for their first reader.
_MOST = 200
#: Most rows to keep: pages that nobody asks for any more are deleted.
_MOST_KEPT = 5_000


def remake_pages() -> bool:
    """Remake pages of another version, the most read first. Return whether all is well."""
    number = versions.read().number or 0
    old = CachedPage.objects.exclude(version=number)
    addresses = list(old.order_by("-readers", "-made_at").values_list("address", flat=True)[:_MOST])
    if not addresses:
        return True
    django = WSGIHandler()
    for address in addresses:
        key = find_key(**address)
        page = make(django, key, _environ(key), quality=SMALL)[0] if key else None
        if page is None:  # the page is gone, or the site has another address now
            old.filter(address=address).delete()
    # Left from an earlier release, or read by hardly anyone: their next reader makes them again.
    kept = CachedPage.objects.filter(version=number).order_by("-readers", "-made_at")
    CachedPage.objects.exclude(pk__in=list(kept.values_list("pk", flat=True)[:_MOST_KEPT])).delete()
    return True


def _environ(key: Key) -> dict[str, Any]:
    """Return what a server behind the proxy would pass (PEP 3333)."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path,
        "QUERY_STRING": key.query,
        "SERVER_NAME": key.host.partition(":")[0],
        "SERVER_PORT": "443" if key.scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": key.host,
        "wsgi.url_scheme": key.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    if settings.SECURE_PROXY_SSL_HEADER:
        environ[settings.SECURE_PROXY_SSL_HEADER[0]] = key.scheme
    return environ
