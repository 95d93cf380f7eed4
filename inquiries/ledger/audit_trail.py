"""The audit trail: what staff do outside a single request, and who may need to know about it."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import events
from inquiries.models import AuditEntry, AuditTrail

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def record_entry(
    kind: AuditEntry.Kind, *, by: "User | None" = None, about: "User | None" = None, **detail: Any
) -> AuditEntry:
    """Add an entry. `detail` holds only codes and numbers, nothing that anyone typed."""
    trail, _ = AuditTrail.objects.get_or_create(pk=1)
    entry = AuditEntry(kind=kind, at=timezone.now(), by=by, about=about, detail=detail)
    events.append_link(trail, entry)
    return entry
