"""A new source by its number: looked up, and filled in for the editor to check and save.

Imported with the first look-up, with all that reads its answers.
"""

import threading
import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.forms import LookupForm, ReferenceForm
from articles.library import words
from articles.library.lookup import Finding, LookupFailed, NotFound, look_up
from articles.models import Reference

#: Seconds that an editor waits; the worker has more patience.
_SECONDS = 8.0
#: One at a time in each process, so that the others still have its threads.
_one_at_a_time = threading.Lock()
#: Where the session keeps what was found, so that no address is as long as a title.
_FOUND = "articles.looked_up"


def look_up_number(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """Ask for a number, and lead to the form of a new source that is filled in from it."""
    form = LookupForm(request.POST or None)
    status, known = 200, None
    if request.method == "POST" and settings.SOURCE_LOOKUP:
        status = 422
        if form.is_valid():
            kind, number = form.cleaned_data["number"]
            known = Reference.objects.filter(**{kind: number}).first()
            if known is None and _fill_in(request, form, kind, number):
                return redirect(f"{reverse('admin:articles_reference_add')}?number={number}")
    context = {
        **frame,
        "title": words.LOOK_UP,
        "form": form,
        "known": known,
        "is_on": settings.SOURCE_LOOKUP,
    }
    return TemplateResponse(request, "admin/articles/reference/number.html", context, status=status)


def found_before(request: HttpRequest) -> dict[str, Any]:
    """Return the fields that were found for the number in the address; empty if there are none."""
    found = request.session.get(_FOUND) or {}
    is_same = found.get("number") == request.GET.get("number")
    return dict(found["fields"]) if found and is_same else {}


def _fill_in(request: HttpRequest, form: LookupForm, kind: str, number: str) -> bool:
    """Look it up and keep what was found in the session; say in the form why if that failed."""
    if not _one_at_a_time.acquire(blocking=False):
        form.add_error("number", words.BUSY)
        return False
    try:
        found = look_up(kind, number, until=time.monotonic() + _SECONDS)
    except NotFound:
        form.add_error("number", words.NOT_FOUND % {"number": number})
        return False
    except LookupFailed as failure:
        form.add_error("number", str(failure))
        return False
    finally:
        _one_at_a_time.release()
    # The key is made from the others when they are saved.
    fields = {name: getattr(found.source, name) for name in ReferenceForm.Meta.fields[1:]}
    request.session[_FOUND] = {"number": number, "fields": fields}
    _tell_found(request, found, {"service": words.SERVICES[kind], "number": number})
    return True


def _tell_found(request: HttpRequest, found: Finding, said: dict[str, str]) -> None:
    messages.info(request, words.FILLED_IN % said)
    for notice in found.notices:
        messages.warning(request, words.NOTICED % {"notice": notice.describe()})
    for problem in found.problems:
        messages.warning(request, problem)
