"""Bind what an earlier release wrote: once, as it is now, with an event in the request's chain.

Changes made earlier without a verb are accepted as they are: no one can detect them anymore.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import bindings, checks
from inquiries.ledger.checks import Kept
from inquiries.ledger.verification import load_kept
from inquiries.models import Event, Inquiry

_BATCH = 200


def bind_requests(ids: list[UUID]) -> int:
    """Add to each intact request an event that binds all of it; return how many were added.

    Each batch is a transaction: if this stops anywhere, the next verification lists the rest again.
    """
    return sum(_bind_batch(ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH))


@transaction.atomic
def _bind_batch(ids: list[UUID]) -> int:
    key = purpose_key(Purpose.CHAIN)
    list(Inquiry.objects.filter(pk__in=ids).select_for_update(of=("self",)).values_list("pk"))
    events = []
    for kept in load_kept(ids):
        bound = checks.collect_bound(kept.events)
        if not bound.is_whole and not list(checks.check_request(kept, key, bound)):
            events.append(binding_event(kept, key))
    Event.objects.bulk_create(events)
    Inquiry.objects.bulk_update([event.inquiry for event in events], ["chain_length", "chain_head"])
    return len(events)


def binding_event(kept: Kept, key: bytes) -> Event:
    """Return an event that binds all of a request as it is, and make it the head of its chain."""
    inquiry = kept.inquiry
    event = Event(
        inquiry=inquiry,
        kind=Event.Kind.BOUND,
        number=inquiry.chain_length + 1,
        at=timezone.now(),
        version=inquiry.version,
        bound=_bind_all(kept),
    )
    event.mac = event.expected_mac(key, inquiry.chain_head)
    inquiry.chain_length, inquiry.chain_head = event.number, event.mac
    return event


def _bind_all(kept: Kept) -> dict[str, Any]:
    entries = bindings.digest_entries(kept.entries, kept.key) if kept.key else None
    macs = [(each, bindings.delivery_mac(each, kept.key)) for each in kept.deliveries if kept.key]
    return {
        "row": bindings.digest_row(kept.inquiry),
        "entries": entries,
        "clocks": {str(clock.pk): bindings.bind_clock(clock) for clock in kept.clocks},
        "all_words": {str(number): bindings.digest_row(words) for number, words in kept.words},
        "rows": bindings.digest_rows(kept.rows),
        "links": {str(link.pk): bindings.digest_row(link) for link in kept.links},
        "ended": [link.pk for link in kept.links if link.revoked_at],
        "deliveries": {str(each.pk): mac for each, mac in macs if not each.mac},
    }
