"""Recounting the ledger: is every request there, and every chain as it was written?"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, Max, Model, OuterRef, QuerySet, Value

from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import anchors
from inquiries.models import (
    Addition,
    AuditEntry,
    AuditTrail,
    Chain,
    DataKey,
    Event,
    Inquiry,
    Message,
    Note,
    Receipt,
)
from inquiries.states import OPEN, UNOWNED, OwnerAfter, State, Step, Urgency, leads_to

_BATCH = 1000
_RECEIPTS = "receipts"


@dataclass
class Findings:
    requests: int = 0
    receipts: int = 0
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
        return f"{self.receipts:,} receipts = {' + '.join(terms)}"


#: Whose a request is after an event of one of these kinds; all others leave that as it is.
_OWNER_AFTER = {
    step.effect.writes: step.effect.owner for step in Step if step.effect.owner != OwnerAfter.SAME
}
#: Words, and the events that each of them comes with.
_TEXT_EVENTS: dict[type[Model], set[str]] = {
    Note: {Event.Kind.NOTED},
    Addition: {Event.Kind.ADDED, Event.Kind.UNPROVEN},
    Message: {Event.Kind.WROTE, Event.Kind.REPLIED},
}
#: What Django raises for values that are none of their column's.
_UNREADABLE = (ValueError, TypeError, AttributeError, ValidationError)


@dataclass(frozen=True)
class _CheckedInquiry:
    inquiry: Inquiry
    faults: list[str]
    events: int


def verify_ledger(*, on_progress: Callable[[int], None] = lambda count: None) -> Findings:
    """Read everything once, while the portal goes on working; `tell` hears how many requests."""
    findings = Findings()
    key = purpose_key(Purpose.CHAIN)
    for batch in _batches():
        for checked in _check_batch(batch, key):
            # Perhaps something was written between two queries: then once more, by itself.
            certain = _check_alone(checked.inquiry, key) if checked.faults else checked
            findings.requests += 1
            findings.events += certain.events
            findings.faults += certain.faults
        on_progress(findings.requests)
    findings.faults += [*_check_vanished(), *_check_audit(key), *_check_anchors()]
    findings.states = _count_states()
    findings.receipts = findings.states.pop(_RECEIPTS, 0)
    return findings


def _count_states() -> dict[str, int]:
    """Receipts, and requests by state: in one statement, or what came in between its two halves
    would not add up.
    """
    receipts = Receipt.objects.order_by().annotate(state=Value(_RECEIPTS))
    states = Inquiry.objects.order_by().values_list("state").annotate(Count("pk"))
    return dict(states.union(receipts.values_list("state").annotate(Count("pk")), all=True))


def _batches() -> Iterator[list[Inquiry]]:
    last = UUID(int=0)
    while batch := list(_rows().filter(pk__gt=last).order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _rows() -> QuerySet[Inquiry]:
    return Inquiry.objects.only(
        *("reference", "version", "state", "owner", "outcome", "urgency"),
        *("chain_length", "chain_head"),
    )


def _check_batch(inquiries: list[Inquiry], key: bytes) -> list[_CheckedInquiry]:
    """Each of them alone where one of their events cannot be read at all."""
    try:
        return list(_check_requests(inquiries, key))
    except _UNREADABLE:
        return [_check_alone(inquiry, key) for inquiry in inquiries]


@transaction.atomic
def _check_alone(inquiry: Inquiry, key: bytes) -> _CheckedInquiry:
    current = _rows().select_for_update(of=("self",)).get(pk=inquiry.pk)
    try:
        return next(_check_requests([current], key))
    except _UNREADABLE:
        return _CheckedInquiry(inquiry, [f"{inquiry.reference}: its events cannot be read."], 0)


def _check_requests(inquiries: list[Inquiry], key: bytes) -> Iterator[_CheckedInquiry]:
    ids = [inquiry.pk for inquiry in inquiries]
    receipts = {each.inquiry_id: each for each in Receipt.objects.filter(inquiry_id__in=ids)}
    events = Event.objects.filter(inquiry__in=ids).order_by("inquiry", "number")
    chains = {id_: list(links) for id_, links in groupby(events, lambda each: each.inquiry_id)}
    sealed = set(DataKey.objects.filter(inquiry__in=ids).values_list("pk", flat=True))
    words = {
        model: Counter(
            model._default_manager.filter(event__inquiry__in=ids).values_list(
                "event__inquiry", flat=True
            )
        )
        for model in _TEXT_EVENTS
    }
    for inquiry in inquiries:
        chain = chains.get(inquiry.pk, [])
        faults = [
            *_check_receipt(inquiry, receipts.get(inquiry.pk), key),
            *(list(_check_chain(inquiry, chain, key)) or _check_state(inquiry, chain)),
        ]
        if inquiry.state != State.ERASED:
            if inquiry.pk not in sealed:
                faults.append("its key is gone, and nobody erased it.")
            faults += [
                f"{model._meta.verbose_name}: words are gone, and nobody erased them."
                for model, there in words.items()
                if there[inquiry.pk] != sum(event.kind in _TEXT_EVENTS[model] for event in chain)
            ]
        faults = [f"{inquiry.reference}: {fault}" for fault in faults]
        yield _CheckedInquiry(inquiry, faults, len(chain))


def _check_receipt(inquiry: Inquiry, receipt: Receipt | None, key: bytes) -> Iterator[str]:
    if receipt is None:
        yield "has no receipt."
    elif receipt.reference != inquiry.reference or receipt.mac != receipt.expected_mac(key):
        yield "its receipt was changed."


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


def _check_state(inquiry: Inquiry, chain: list[Event]) -> Iterator[str]:
    """That a request stands as its events, one after the other, leave it."""
    state, owner, outcome, version = "", None, "", 0
    urgency: str = Urgency.ROUTINE
    for event in chain:
        if event.kind not in Event.CHANGE_NOTHING:
            version = event.version
        state = _state_after(event, state)
        owner = _owner_after(event, state, owner)
        urgency = _urgency_after(event) or urgency
        if event.kind in {Event.Kind.CLOSED, Event.Kind.REOPENED}:
            outcome = str(event.detail.get("outcome", ""))
    if chain and version != inquiry.version:
        yield "was changed without an event."
    elif chain and state != inquiry.state:
        yield f"its events do not lead to “{inquiry.state}”."
    elif chain and (owner, outcome) != (inquiry.owner_id, inquiry.outcome):
        yield "its owner or its outcome is not what its events say."
    elif chain and urgency != inquiry.urgency:
        yield "its urgency is not what its events say."


def _urgency_after(event: Event) -> str:
    if event.kind == Event.Kind.HANDED_OVER or event.detail.get("urgent"):
        return Urgency.URGENT
    return str(event.detail.get("urgency", ""))


def _state_after(event: Event, state: str) -> str:
    """By the one table of transitions. Only the first event chooses for itself."""
    if event.kind == Event.Kind.RECEIVED:
        return str(event.detail.get("state", State.NEW))
    return leads_to(event.kind, state)


def _owner_after(event: Event, state: str, owner: UUID | None) -> UUID | None:
    match _OWNER_AFTER.get(event.kind):
        case _ if state in UNOWNED:
            return None
        case OwnerAfter.ACTOR:
            return event.by_id
        case OwnerAfter.NAMED:
            return UUID(event.detail["to"])
        case _:
            return owner


def _check_vanished() -> Iterator[str]:
    there = Inquiry.objects.filter(pk=OuterRef("inquiry_id"))
    for receipt in Receipt.objects.filter(~Exists(there)).order_by("id").iterator():
        yield f"{receipt.reference}: accepted on {receipt.at:%Y-%m-%d %H:%M} UTC, and gone."


def _check_audit(key: bytes) -> Iterator[str]:
    with transaction.atomic():  # together, while nobody adds to it
        trail = AuditTrail.objects.select_for_update().filter(pk=1).first() or AuditTrail()
        there = AuditEntry.objects.aggregate(last=Max("number"))["last"] or 0
    previous = ""
    entries = AuditEntry.objects.order_by("number").filter(number__lte=there)
    for number, entry in enumerate(entries.iterator(), start=1):
        if entry.number != number or entry.mac != entry.expected_mac(key, previous):
            if number > trail.chain_length:
                break
            yield f"The audit trail was changed at entry {number}."
            return
        previous = entry.mac
    if (there, previous) != (trail.chain_length, trail.chain_head):
        counted = trail.chain_length
        yield f"The audit trail has {counted} entries on its count, and {there} are there."


def _check_anchors() -> Iterator[str]:
    try:
        kept = anchors.read_anchors()
    except ValueError:
        yield f"The anchors in {anchors.anchors_path().name} cannot be read."
        return
    previous = ""
    for anchor in kept:
        if anchor.mac != anchor.expected_mac(previous):
            yield f"The anchor of {anchor.at} was changed, or one before it was left out."
            return
        previous = anchor.mac
    on_record = anchors.last_recorded_mac()
    if on_record and on_record not in {anchor.mac for anchor in kept}:
        yield f"The last anchor is gone from {anchors.anchors_path().name}, or all of them are."
        return
    for name in anchors.ANCHORED:
        tally = anchors.Tally()
        for anchor in kept:
            held = anchor.tallies[name]
            tally = tally.plus(anchors.row_macs(name, after=tally.last, until=held.last))
            if (tally.count, tally.total) != (held.count, held.total):
                now = (
                    "not all of these are what they were"
                    if tally.count == held.count
                    else f"of these, {tally.count:,} are there"
                )
                yield f"On {anchor.at} there were {held.count:,} {name}; {now}."
                break
