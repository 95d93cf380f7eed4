"""The worker remakes the most read pages after a change, so that no reader waits for them."""

import io
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from portal.models import CachedPage
from portal.page_cache.build import build
from portal.page_cache.keys import Key, find_key
from portal.page_cache.making import make, share
from portal.page_cache.pages import SMALL
from portal.page_cache.versions import versions

#: Most pages to remake at once: those read less are made for their first reader.
_MOST = 200
#: Most rows to keep: pages that nobody asks for any more are deleted.
_MOST_KEPT = 5_000


def remake_pages() -> bool:
    """What was made under another version, the most read first. Returns whether all is well."""
    build()
    number = versions.read().number or 0
    old = list(
        CachedPage.objects.exclude(version=number)
        .order_by("-readers", "-made_at")
        .values_list("pk", "version", "address")
    )
    made = set()
    django = WSGIHandler() if old else None
    for _, _, address in old[:_MOST]:
        key = find_key(**address)
        page = make(django, key, _environ(key), quality=SMALL)[0] if django and key else None
        if key and page:
            share(key, page)
            made.add(key.digest)
    # What is gone, what an earlier release made, and what is read by few: as it was met, because
    # another change may have come meanwhile, and its first readers.
    for version in {version for _, version, _ in old}:
        met = [pk for pk, own, _ in old if own == version and pk not in made]
        CachedPage.objects.filter(pk__in=met, version=version).delete()
    most = CachedPage.objects.order_by("-readers", "-made_at").values_list("pk", flat=True)
    CachedPage.objects.filter(pk__in=list(most[_MOST_KEPT:])).delete()
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
