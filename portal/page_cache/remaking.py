"""After a change the worker makes the most read pages anew, so that no reader waits for it."""

import io
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from portal.models import CachedPage
from portal.page_cache.keys import Key, find_key
from portal.page_cache.making import make
from portal.page_cache.pages import SMALL
from portal.page_cache.versions import versions

#: At most so many at once: what is read less is made by its first reader.
_MOST = 200
#: Rows of pages that nobody asks for any more go.
_MOST_KEPT = 5_000


def remake_pages() -> bool:
    """What was made under another version, the most read first. Returns whether all is well."""
    number = versions.read().number or 0
    old = CachedPage.objects.exclude(version=number)
    addresses = list(old.order_by("-readers", "-made_at").values_list("address", flat=True)[:_MOST])
    if not addresses:
        return True
    django = WSGIHandler()
    for address in addresses:
        key = find_key(**address)
        page = make(django, key, _environ(key), quality=SMALL)[0] if key else None
        if page is None:  # it is gone, or the site has another address now
            old.filter(address=address).delete()
    # Made by an earlier release, or read by nobody but the first: their first reader makes them.
    kept = CachedPage.objects.filter(version=number).order_by("-readers", "-made_at")
    CachedPage.objects.exclude(pk__in=list(kept.values_list("pk", flat=True)[:_MOST_KEPT])).delete()
    return True


def _environ(key: Key) -> dict[str, Any]:
    """As a server that stands behind the proxy would give it (PEP 3333)."""
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
