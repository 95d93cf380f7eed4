"""Recounting the ledger: is every request there, and every chain as it was written?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from inquiries import anchors
from inquiries.keys import Purpose, purpose_key
from inquiries.models import AuditEntry, AuditTrail, Chain, Event, Inquiry, Receipt
from inquiries.states import OPEN, State

_BATCH = 1000


@dataclass
class Findings:
    requests: int = 0
    events: int = 0
    #: One sentence for each thing that is not as it should be.
    faults: list[str] = field(default_factory=list)
    #: How many requests are in each state.
    states: dict[str, int] = field(default_factory=dict)

    @property
    def conservation(self) -> str:
        """That every request that was accepted is somewhere: receipts = open + closed + erased."""
        opened = sum(self.states.get(state, 0) for state in OPEN)
        rest = {state: self.states.get(state, 0) for state in State if state not in OPEN}
        terms = [f"{opened:,} open", *(f"{count:,} {state}" for state, count in rest.items())]
        return f"{self.requests:,} receipts = {' + '.join(terms)}"


@dataclass(frozen=True)
class _Checked:
    inquiry: Inquiry
    faults: list[str]
    events: int


def verify(*, tell: Callable[[int], None] = lambda count: None) -> Findings:
    """Read everything once, while the portal goes on working; `tell` hears how many requests."""
    findings = Findings()
    key = purpose_key(Purpose.CHAIN)
    for batch in _batches():
        for checked in _check_requests(batch, key):
            # Perhaps something was written between two queries: then once more, by itself.
            certain = _check_alone(checked.inquiry, key) if checked.faults else checked
            findings.requests += 1
            findings.events += certain.events
            findings.faults += certain.faults
        tell(findings.requests)
    findings.faults += [*_vanished(), *_check_audit(key), *_check_anchors()]
    counted = Inquiry.objects.order_by().values_list("state").annotate(Count("pk"))
    findings.states = dict(counted)
    return findings


def _batches() -> Iterator[list[Inquiry]]:
    last = UUID(int=0)
    while batch := list(_rows().filter(pk__gt=last).order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _rows() -> QuerySet[Inquiry]:
    return Inquiry.objects.only("reference", "version", "state", "chain_length", "chain_head")


def _check_requests(inquiries: list[Inquiry], key: bytes) -> Iterator[_Checked]:
    keys = [inquiry.pk for inquiry in inquiries]
    receipts = {
        receipt.inquiry_id: receipt for receipt in Receipt.objects.filter(inquiry_id__in=keys)
    }
    events = Event.objects.filter(inquiry__in=keys).order_by("inquiry", "number")
    chains = {
        inquiry_id: list(links)
        for inquiry_id, links in groupby(events, lambda each: each.inquiry_id)
    }
    for inquiry in inquiries:
        chain = chains.get(inquiry.pk, [])
        faults = _check_receipt(inquiry, receipts.get(inquiry.pk), key)
        faults += [f"{inquiry.reference}: {fault}" for fault in _check_chain(inquiry, chain, key)]
        if chain and chain[-1].version != inquiry.version:
            faults.append(f"{inquiry.reference}: was changed without an event.")
        if chain and _ends_as(chain) != inquiry.state:
            faults.append(f"{inquiry.reference}: its events do not lead to “{inquiry.state}”.")
        yield _Checked(inquiry, faults, len(chain))


@transaction.atomic
def _check_alone(inquiry: Inquiry, key: bytes) -> _Checked:
    current = _rows().select_for_update().get(pk=inquiry.pk)
    return next(_check_requests([current], key))


def _check_receipt(inquiry: Inquiry, receipt: Receipt | None, key: bytes) -> list[str]:
    if receipt is None:
        return [f"{inquiry.reference}: has no receipt."]
    if receipt.reference != inquiry.reference or receipt.mac != receipt.expected_mac(key):
        return [f"{inquiry.reference}: its receipt was changed."]
    return []


def _check_chain(
    chain: Chain, links: "list[Event] | list[AuditEntry]", key: bytes
) -> Iterator[str]:
    previous = ""
    for number, link in enumerate(links, start=1):
        if link.number != number:
            yield f"event {number} is missing."
            return
        if link.mac != link.expected_mac(key, previous):
            yield f"event {number} was changed."
            return
        previous = link.mac
    if (chain.chain_length, chain.chain_head) != (len(links), previous):
        yield f"has {chain.chain_length} events on its count, and {len(links)} are there."


#: Where each event leads; the others leave a request where it is.
_LEADS_TO = {
    Event.Kind.RECEIVED: State.NEW,
    Event.Kind.CLAIMED: State.CLAIMED,
    Event.Kind.RELEASED: State.NEW,
    Event.Kind.CLOSED: State.CLOSED,
    Event.Kind.REOPENED: State.NEW,
    Event.Kind.ERASED: State.ERASED,
}


def _ends_as(events: list[Event]) -> str:
    led = [_LEADS_TO[Event.Kind(event.kind)] for event in events if event.kind in _LEADS_TO]
    return led[-1] if led else ""


def _vanished() -> Iterator[str]:
    there = Inquiry.objects.filter(pk=OuterRef("inquiry_id"))
    for receipt in Receipt.objects.filter(~Exists(there)).order_by("id").iterator():
        yield f"{receipt.reference}: accepted on {receipt.at:%Y-%m-%d %H:%M} UTC, and gone."


def _check_audit(key: bytes) -> Iterator[str]:
    with transaction.atomic():
        trail = AuditTrail.objects.select_for_update().filter(pk=1).first()
        last = trail.chain_length if trail else 0
        head = trail.chain_head if trail else ""
    previous, number = "", 0
    for entry in AuditEntry.objects.order_by("number").filter(number__lte=last).iterator():
        number += 1
        if entry.number != number or entry.mac != entry.expected_mac(key, previous):
            yield f"The audit trail was changed at entry {number}."
            return
        previous = entry.mac
    if (number, previous) != (last, head):
        yield f"The audit trail has {last} entries on its count, and {number} are there."


def _check_anchors() -> Iterator[str]:
    try:
        kept = anchors.kept()
    except ValueError:
        yield f"The anchors in {anchors.path().name} cannot be read."
        return
    previous = ""
    for anchor in kept:
        if anchor.mac != anchor.expected_mac(previous):
            yield f"The anchor of {anchor.at} was changed, or one before it was left out."
            return
        previous = anchor.mac
    for name in anchors.ANCHORED:
        tally = anchors.Tally()
        for anchor in kept:
            held = anchor.tallies[name]
            tally = tally.plus(anchors.macs(name, after=tally.last, until=held.last))
            if (tally.count, tally.total) != (held.count, held.total):
                yield (
                    f"On {anchor.at} there were {held.count:,} {name}; of these, "
                    f"{tally.count:,} are there as they were."
                )
                break
