"""Search across all requests. What was typed stays sealed in the session for a while.

The results have an address of their own without any name in it, so that Back works.
"""

import hashlib
import hmac
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from articles.staff_pages import current_user
from articles.text_cleaning import clean_line
from inquiries import encryption
from inquiries.encryption import SealBroken
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import audit_trail
from inquiries.ledger.events import record_reading
from inquiries.models import AuditEntry, Inquiry
from inquiries.search import lookup
from inquiries.states import State
from inquiries.team import permissions
from inquiries.views.staff.layout import staff_page

#: The session keeps this many searches, each for this long.
_MOST, _SECONDS = 10, 60 * 60
_KEPT = "searches"
#: This many of the results show a name, and each of these counts as a reading.
NAMES_SHOWN = 5
#: Whoever has a reference need not tell people apart.
_WITHOUT_NAMES = frozenset({"reference", "beginning"})


@staff_page(permissions.VIEW)
def find_inquiries(request: HttpRequest) -> HttpResponse:
    """Search by POST, so that no name is in an address, and go to the page of results."""
    queue = reverse("admin:inquiries_inquiry_changelist")
    typed = read_search(request.POST)
    if not typed:
        return redirect(queue)
    found = lookup.find_inquiries(typed)
    record_search(request, found)
    whose = [] if found.kind in _WITHOUT_NAMES else found.inquiries
    named = [each for each in whose if each.state != State.ERASED][:NAMES_SHOWN]
    for inquiry in named:
        record_reading(inquiry, by=current_user(request), is_result=True)
    return redirect(f"{queue}?found={_keep(request, typed, named)}")


def record_search(request: HttpRequest, found: lookup.Found) -> None:
    audit_trail.record_entry(
        AuditEntry.Kind.SEARCHED,
        by=current_user(request),
        by_what=found.kind,
        found=len(found.inquiries),
    )


def read_search(fields: QueryDict) -> str:
    """Return the search text. If it is invisible characters only, keep them; they find nothing."""
    typed = fields.get("q") or ""
    return (clean_line(typed) or typed.strip())[: lookup.LONGEST_TYPED].replace("\x00", "")


def _keep(request: HttpRequest, typed: str, named: list[Inquiry]) -> str:
    """Keep it in the session, and return the key by which the page of results finds it."""
    key, now = secrets.token_urlsafe(12), timezone.now().timestamp()
    sealed = encryption.seal(typed, key=_session_key(), context=_context(request, key))
    entry = {"typed": sealed.hex(), "named": [str(each.pk) for each in named], "at": now}
    others = [*_unexpired(request).items()][-_MOST + 1 :]
    request.session[_KEPT] = {**dict(others), key: entry}
    return key


def kept_search(request: HttpRequest, key: str) -> tuple[str, frozenset[str]] | None:
    """Return what was typed, and the keys of those whose names may be shown; None if it is over."""
    entry = _unexpired(request).get(key)
    if entry is None:
        return None
    try:
        sealed = bytes.fromhex(entry["typed"])
        typed = encryption.unseal(sealed, key=_session_key(), context=_context(request, key))
    except SealBroken:
        return None
    return typed, frozenset(entry["named"])


def _unexpired(request: HttpRequest) -> dict[str, Any]:
    since = timezone.now().timestamp() - _SECONDS
    kept: dict[str, Any] = request.session.get(_KEPT, {})
    return {key: entry for key, entry in kept.items() if entry["at"] > since}


def _session_key() -> bytes:
    return hmac.new(purpose_key(Purpose.INDEX), b"searches in sessions", hashlib.sha256).digest()


def _context(request: HttpRequest, key: str) -> str:
    return f"search:{current_user(request).pk}:{key}"
