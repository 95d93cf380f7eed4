"""Verify the ledger: every request is there, and all of it is as it was written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Aggregate, Count, Exists, Max, OuterRef, TextField, Value

from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import anchor_checks, checks, trims, words
from inquiries.ledger.checks import Kept
from inquiries.models import (
    AccessLink,
    Addition,
    AuditEntry,
    AuditTrail,
    Clock,
    DataKey,
    Delivery,
    Event,
    IndexEntry,
    Inquiry,
    Message,
    Note,
    Receipt,
    Referral,
    Task,
)
from inquiries.states import OPEN, State

_BATCH = 1000
_RECEIPTS = "receipts"
#: What Django raises for values that do not fit their column.
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, ValidationError)


@dataclass
class Findings:
    requests: int = 0
    receipts: int = 0
    events: int = 0
    #: One sentence for each fault.
    faults: list[str] = field(default_factory=list)
    #: Intact requests for which an earlier release wrote something that no event binds.
    unbound: list[UUID] = field(default_factory=list)
    #: What someone should know about the anchors, although nothing is wrong.
    remarks: list[str] = field(default_factory=list)
    #: The number of requests in each state.
    states: dict[str, int] = field(default_factory=dict)

    @property
    def conservation(self) -> str:
        """Show that every accepted request is accounted for: receipts = open + closed + erased."""
        opened = sum(self.states.get(state, 0) for state in OPEN)
        rest = {state: self.states.get(state, 0) for state in State if state not in OPEN}
        terms = [f"{opened:,} open", *(f"{count:,} {state}" for state, count in rest.items())]
        return f"{self.receipts:,} receipts = {' + '.join(terms)}"


@dataclass(frozen=True)
class CheckedInquiry:
    inquiry: Inquiry
    faults: list[str]
    events: int
    is_bound: bool = True


def verify_ledger(*, on_progress: Callable[[int], None] = lambda count: None) -> Findings:
    """Read everything once, while the portal keeps working."""
    findings = Findings()
    key = purpose_key(Purpose.CHAIN)
    for batch in _batches():
        for checked in _check_batch(batch, key):
            # Something may have been written between two queries, so check this one again alone.
            certain = check_alone(checked.inquiry) if checked.faults else checked
            findings.requests += 1
            findings.events += certain.events
            findings.faults += certain.faults
            if not certain.is_bound and not certain.faults:
                findings.unbound.append(certain.inquiry.pk)
        on_progress(findings.requests)
    findings.faults += [*_check_vanished(), *_check_audit(key)]
    findings.faults += anchor_checks.check_anchors(on_remark=findings.remarks.append)
    findings.states = _count_states()
    findings.receipts = findings.states.pop(_RECEIPTS, 0)
    return findings


def _count_states() -> dict[str, int]:
    """Count receipts, and requests by state, in one statement.

    With two statements, a request that arrives in between would make the totals disagree.
    """
    receipts = Receipt.objects.order_by().annotate(state=Value(_RECEIPTS))
    states = Inquiry.objects.order_by().values_list("state").annotate(Count("pk"))
    return dict(states.union(receipts.values_list("state").annotate(Count("pk")), all=True))


# --- Requests -------------------------------------------------------------------------------------


def _batches() -> Iterator[list[UUID]]:
    last = UUID(int=0)
    keys = Inquiry.objects.order_by("pk").values_list("pk", flat=True)
    while batch := list(keys.filter(pk__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1]


def _check_batch(ids: list[UUID], key: bytes) -> list[CheckedInquiry]:
    """Check a batch together, or one by one if something in it cannot be read at all."""
    try:
        return [_check(kept, key) for kept in load_kept(ids, is_run=True)]
    except _UNREADABLE:
        return [check_alone(Inquiry(pk=id_)) for id_ in ids]


@transaction.atomic
def check_alone(inquiry: Inquiry) -> CheckedInquiry:
    """Check all of one request while it is locked."""
    row = Inquiry.objects.filter(pk=inquiry.pk)
    try:
        list(row.select_for_update(of=("self",)).values_list("pk"))
        return _check(next(load_kept([inquiry.pk])), purpose_key(Purpose.CHAIN))
    except _UNREADABLE:
        reference = row.values_list("reference", flat=True).get()
        fault = {"reference": reference, "fault": words.UNREADABLE}
        return CheckedInquiry(inquiry, [words.OF_REQUEST % fault], 0)


def is_as_bound(kept: Kept) -> bool:
    """Whether a request just read matches its events, for the parts that a page shows."""
    try:
        return not checks.is_page_faulty(kept, purpose_key(Purpose.CHAIN))
    except _UNREADABLE:
        return False


def _check(kept: Kept, key: bytes) -> CheckedInquiry:
    bound = checks.collect_bound(kept.events)
    reference = kept.inquiry.reference
    faults = [
        words.OF_REQUEST % {"reference": reference, "fault": fault}
        for fault in checks.check_request(kept, key, bound)
    ]
    return CheckedInquiry(kept.inquiry, faults, len(kept.events), bound.is_whole)


def load_kept(ids: list[UUID], *, is_run: bool = False) -> Iterator[Kept]:
    """Yield everything the database holds for some requests, with one query for each table.

    `is_run`: the ids are all that exist between the first and the last; a range query is faster
    than listing a thousand ids.
    """

    def among(column: str) -> dict[str, Any]:
        if is_run:
            return {f"{column}__gte": ids[0], f"{column}__lte": ids[-1]}
        return {f"{column}__in": ids}

    inquiries = {inquiry.pk: inquiry for inquiry in Inquiry.objects.filter(**among("pk"))}
    receipts = {each.inquiry_id: each for each in Receipt.objects.filter(**among("inquiry_id"))}
    keys = {each.pk: each for each in DataKey.objects.filter(**among("inquiry"))}
    events = _group(Event.objects.filter(**among("inquiry")).order_by("number"))
    clocks = _group(Clock.objects.filter(**among("inquiry")).order_by("pk"))
    links = _group(AccessLink.objects.filter(**among("inquiry")))
    deliveries = _group(Delivery.objects.filter(**among("inquiry")))
    indexed = IndexEntry.objects.filter(**among("inquiry")).values_list("inquiry_id")
    entries = dict(indexed.annotate(digests=_HexList("digest")))
    words = defaultdict[UUID, list[tuple[int, Any]]](list)
    for model in (Addition, Message, Note):
        said = model._default_manager.filter(**among("event__inquiry")).select_related("event")
        for each in said:
            words[each.event.inquiry_id].append((each.event.number, each))
    rows = defaultdict[UUID, list[Any]](list)
    for table in (Task, Referral):
        for row in table._default_manager.filter(**among("inquiry")):
            rows[row.inquiry_id].append(row)
    for inquiry_id in ids:
        if inquiry := inquiries.get(inquiry_id):
            yield Kept(
                inquiry=inquiry,
                events=events[inquiry_id],
                receipt=receipts.get(inquiry_id),
                key=keys.get(inquiry_id),
                words=words[inquiry_id],
                clocks=clocks[inquiry_id],
                entries=_parse_hex_list(entries.get(inquiry_id, "")),
                links=links[inquiry_id],
                deliveries=deliveries[inquiry_id],
                rows=rows[inquiry_id],
            )


def _parse_hex_list(text: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in text.split(",")] if text else []


class _HexList(Aggregate):
    """All values of a group as one text: a request has about twenty search entries."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="group_concat(hex(%(expressions)s))")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "string_agg(encode(%(expressions)s, 'hex'), ',')"
        return super().as_sql(compiler, connection, template=template)


def _group(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    groups = defaultdict[UUID, list[Any]](list)
    for row in rows:
        groups[row.inquiry_id].append(row)
    return groups


# --- All of them ----------------------------------------------------------------------------------


def _check_vanished() -> Iterator[str]:
    there = Inquiry.objects.filter(pk=OuterRef("inquiry_id"))
    for receipt in Receipt.objects.filter(~Exists(there)).order_by("id").iterator():
        said = {"reference": receipt.reference, "at": f"{receipt.at:%Y-%m-%d %H:%M}"}
        yield words.VANISHED % said


def _check_audit(key: bytes) -> list[str]:
    """Check the audit trail; again, if some of it met its end meanwhile."""
    while True:
        base = trims.current_base()
        found = list(_check_entries(key, base))
        if not found or trims.current_base() == base:
            return found


@transaction.atomic
def _count_entries() -> tuple[AuditTrail, int]:
    """Return the trail, and the number of its last entry. No entry is added in between."""
    locked = AuditTrail.objects.select_for_update().filter(pk=1)
    last = Max("number")
    trail, there = locked.first(), AuditEntry.objects.aggregate(last=last)["last"]
    if trail is None and there:  # Nothing could be locked: the first entry has just arrived.
        trail, there = locked.first(), AuditEntry.objects.aggregate(last=last)["last"]
    return trail or AuditTrail(), there or 0


def _check_entries(key: bytes, base: trims.Base) -> Iterator[str]:
    if base.before and base.at and base.at - base.before < trims.LEAST_KEPT:
        yield words.AUDIT_TRIMMED_EARLY % {"number": base.until}
    trail, there = _count_entries()
    number, previous = base.until, base.head
    entries = AuditEntry.objects.order_by("number").filter(number__lte=there)
    while batch := list(entries.filter(number__gt=number)[:_BATCH]):
        for entry in batch:
            number += 1
            if entry.number != number or entry.mac != entry.expected_mac(key, previous):
                if number <= trail.chain_length:
                    yield words.AUDIT_CHANGED % {"number": number}
                    return
                break
            previous = entry.mac
        number = batch[-1].number
    if (there, previous) != (trail.chain_length, trail.chain_head):
        counted = trail.chain_length
        yield words.AUDIT_MISCOUNTED % {"counted": counted, "there": there}
