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
import articles.search
from articles.models import Article

_find = articles.search.search_articles


def _fail(query: str) -> list[Article]:
    """Log everything that a careless colleague might, if the query starts with “fault”."""
    if not query.startswith("fault"):
        return _find(query)
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
    return []


articles.search.search_articles = _fail


_portal = wsgi.application


def _answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/outside-of-django":
        raise RuntimeError(SECRET)
    return _portal(environ, start_response)


wsgi.application = _answer
application = rsgi.application
