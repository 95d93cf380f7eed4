"""The portal with two faults to trigger, full of text that must not appear in the log."""

import logging
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from portal import rsgi, wsgi
from tests.portal.real_site import SECRET

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Imported here because models cannot load until the portal is set up.
from articles.search import finder

_find = finder.find


def _fail(typed: str, *, exactly: bool = False, topic: str = "") -> finder.Found:
    """Log everything that a careless colleague might, if the query starts with “fault”."""
    if not typed.startswith("fault"):
        return _find(typed, exactly=exactly, topic=topic)
    logging.getLogger("of.a.library").warning("Says %s", SECRET)
    logging.getLogger("portal.faulty").warning(
        "A sentence of ours about %s",
        SECRET,
        extra={"kind": SECRET, "route": SECRET, "count": 4155550134, "reader": SECRET},
    )
    warnings.warn(SECRET, stacklevel=1)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table WHERE name = %s", [SECRET])
    except DatabaseError as error:
        error.add_note(SECRET)
        raise RuntimeError(SECRET) from error
    return _find(typed, exactly=exactly, topic=topic)


finder.find = _fail


_portal = wsgi.application


def _answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/outside-of-django":
        raise RuntimeError(SECRET)
    return _portal(environ, start_response)


wsgi.application = _answer
application = rsgi.application
