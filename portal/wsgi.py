"""Entry point for a WSGI server: `granian --interface wsgi portal.wsgi:application`."""

import gc
import io
import logging
import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from portal.config import troubles

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

logger = logging.getLogger(__name__)

# Everything loaded now stays: the garbage collector would scan it again and again for nothing.
gc.disable()
try:
    _django = get_wsgi_application()
    from portal.config import startup  # its models can load only after Django is set up

    startup.guard_database()
    startup.check_startup()
    startup.load_rest()
    if settings.IS_WATCHED:
        from portal.watch import start_watching

        start_watching("site")
    from portal.page_cache import layer
    from portal.page_cache.build import build

    build()
except ImproperlyConfigured as error:
    raise SystemExit(f"The settings are not complete: {error}") from None
except OSError as error:
    raise SystemExit(troubles.describe(error) or str(error)) from None
# Nor does it scan that while requests are served.
gc.freeze()
gc.enable()

#: The parameter of a content type that a form with files needs.
_BOUNDARY = re.compile(r";\s*boundary=(?:\"[^\"]*\"|[^;\"]*)", re.IGNORECASE)
#: What makes up a request (RFC 3875), besides its headers, HTTP_…, and what the server offers.
_REQUEST = frozenset(
    {
        *("CONTENT_LENGTH", "CONTENT_TYPE", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR"),
        *("REQUEST_METHOD", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"),
    }
)


#: Load balancers call these by address, as in “Host: 10.0.0.5:8000”, or name no host at all.
_HEALTH = frozenset({"/healthz/live", "/healthz/ready"})


def _own_host() -> str:
    return settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Run Django with the request and nothing else, in the one form that it reads."""
    # The server mixes in its process's environment: our secrets would be in `request.META`,
    # which a debugger shows and django-allauth keeps in the session while someone signs in again.
    request = {
        name: value
        for name, value in environ.items()
        if name in _REQUEST or name.startswith(("HTTP_", "wsgi."))
    }
    request["CONTENT_TYPE"] = _content_type(request.get("CONTENT_TYPE", ""))
    if request["PATH_INFO"] in _HEALTH:
        request["HTTP_HOST"] = _own_host()
    if not request.get("CONTENT_LENGTH") and request.get("wsgi.input_terminated"):
        _measure_body(request)
    try:
        return layer.respond(_django, request, start_response)
    except Exception:
        # The server's own words would include the exception's message. Django answers for all
        # that is behind it; only an error in its error page gets here.
        logger.exception("no page for a fault")
        headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]
        start_response("500 Internal Server Error", headers)
        return [b"Something went wrong on our side. Please try again in a minute.\n"]


def _content_type(said: str) -> str:
    """Return the type and the boundary that a visitor names, without any other parameter.

    Django looks up their codecs while it builds the request, before any middleware, and fails
    with what is none, or none for text, such as “zlib”. Everything is read as UTF-8.
    """
    boundary = _BOUNDARY.search(said)
    return said.partition(";")[0].strip() + (boundary.group() if boundary else "")


def _measure_body(request: "WSGIEnvironment") -> None:
    """Read a body sent without its length, as a proxy may pass it on; to Django it would be empty.

    One byte more than the limit is enough to know that it is too long.
    """
    from portal.http.limits import max_body  # it needs settings, which are ready only now

    most = max_body(request["PATH_INFO"])
    body = io.BytesIO()
    while part := request["wsgi.input"].read(most + 1 - body.tell()):
        body.write(part)
    request["CONTENT_LENGTH"] = str(body.tell())
    body.seek(0)
    request["wsgi.input"] = body
