"""The door for a WSGI server: `granian --interface wsgi portal.wsgi:application`."""

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

_django = get_wsgi_application()
_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Django, with everything read as UTF-8, which is what browsers send.

    Left to itself, Django looks for the codec that a visitor names while it makes the request,
    before any middleware: “zlib” is one, and not for text, and ends in a fault.
    """
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return _django(environ, start_response)
