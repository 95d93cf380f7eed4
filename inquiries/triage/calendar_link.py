"""Calendar links: made and turned off by their owner, and ended with the account or the role.

Whoever has the address sees reference numbers and times, so a token has 256 random bits, exists
only in the address, and is stored as a hash.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, CalendarLink
from inquiries.team import permissions

if TYPE_CHECKING:
    from portal.models import User

_TOKEN_BYTES = 32
#: How exactly the last reading is noted: a calendar may read every few minutes.
_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def create_link(user: "User") -> str:
    """Return a new token for their calendar; an older one stops working."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = {"token_digest": _digest(token), "made_at": timezone.now(), "read_at": None}
    CalendarLink.objects.update_or_create(user=user, defaults=made)
    audit_trail.record_entry(AuditEntry.Kind.CALENDAR_LINKED, by=user, change="made")
    return token


@transaction.atomic
def end_link(user: "User", *, by: "User | None", why: str) -> bool:
    """Turn off their link; return whether there was one."""
    ended = bool(CalendarLink.objects.filter(user=user).delete()[0])
    if ended:
        audit_trail.record_entry(
            AuditEntry.Kind.CALENDAR_LINKED, by=by, about=user, change="ended", why=why
        )
    return ended


def may_have_link(user: "User") -> bool:
    return user.is_active and user.has_perm(permissions.TRIAGE)


def find_link(token: str) -> CalendarLink | None:
    """Return the link with this token, if its owner still handles requests; note the reading."""
    link = CalendarLink.objects.select_related("user").filter(token_digest=_digest(token)).first()
    if link is None or not may_have_link(link.user):
        return None
    now = timezone.now()
    if link.read_at is None or now - link.read_at >= _NOTED_EVERY:
        CalendarLink.objects.filter(pk=link.pk).update(read_at=now)
    return link


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
