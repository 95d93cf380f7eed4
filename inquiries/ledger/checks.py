"""Check that what the database holds for one request matches what its events say and bind.

Each check yields a sentence for each mismatch; nothing here queries the database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from inquiries.encryption import KeyRefused
from inquiries.ledger import bindings, words
from inquiries.ledger.bindings import CaseRow, Words
from inquiries.ledger.state_checks import check_state
from inquiries.models import (
    AccessLink,
    AuditEntry,
    Chain,
    Clock,
    DataKey,
    Delivery,
    Event,
    Inquiry,
    Receipt,
)
from inquiries.states import State

#: Events that come with text.
_WITH_WORDS = frozenset(
    {Event.Kind.NOTED, Event.Kind.ADDED, Event.Kind.UNPROVEN, Event.Kind.WROTE, Event.Kind.REPLIED}
)
_MET = ("met", "entries_met")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the database holds for one request."""

    inquiry: Inquiry
    #: In chain order.
    events: Sequence[Event]
    receipt: Receipt | None = None
    key: DataKey | None = None
    words: Sequence[tuple[int, Words]] = ()
    clocks: Sequence[Clock] = ()
    entries: Sequence[bytes] = ()
    links: Sequence[AccessLink] = ()
    deliveries: Sequence[Delivery] = ()
    rows: Sequence[CaseRow] = ()


@dataclass
class _Bound:
    """What the events of a request bind, taken together."""

    row: str | None = None
    entries: str | None = None
    #: Keyed by the number of the event that they came with.
    words: dict[int, str] = field(default_factory=dict)
    clocks: dict[str, list[Any]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    deliveries: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    #: False if an earlier release's event has since written something and bound nothing.
    is_whole: bool = True
    #: Numbers of the events whose verb found something other than what earlier events had left.
    surprised: list[int] = field(default_factory=list)

    def note_what_was_met(self, event: Event, bound: dict[str, Any]) -> None:
        left = {str(pk): said[0] for pk, said in self.clocks.items()} if self.is_whole else {}
        left |= {"met": self.row, "entries_met": self.entries, **self.rows}
        met = {**bound.get("clocks_met", {}), **bound.get("rows_met", {})}
        met |= {name: bound.get(name) for name in _MET}
        if any(met[name] and left.get(name) and met[name] != left[name] for name in met):
            self.surprised.append(event.number)


def collect_bound(events: Sequence[Event]) -> _Bound:
    """Fold a request's events into the latest hash bound for each thing."""
    found = _Bound()
    for event in events:
        if event.kind == Event.Kind.READ:
            continue
        if event.bound is None:
            found.is_whole, found.row, found.entries = False, None, None
            continue
        bound: dict[str, Any] = event.bound
        if event.kind == Event.Kind.BOUND:
            macs = {int(number): mac for number, mac in bound["all_words"].items()}
            found = _Bound(words=macs, surprised=found.surprised)
        found.note_what_was_met(event, bound)
        found.row = bound.get("row", found.row)
        found.entries = bound.get("entries", found.entries)
        if "words" in bound:
            found.words[event.number] = bound["words"]
        found.clocks |= bound.get("clocks", {})
        found.links |= bound.get("links", {})
        found.ended |= set(bound.get("ended", ()))
        found.deliveries |= bound.get("deliveries", {})
        found.rows |= bound.get("rows", {})
    return found


def check_request(kept: Kept, key: bytes, bound: _Bound) -> Iterator[str]:
    """Yield all faults. What depends on the events is checked only if they are intact."""
    inquiry = kept.inquiry
    yield from check_receipt(inquiry, kept.receipt, key)
    broken = list(check_chain(inquiry, kept.events, key)) or list(
        check_state(kept.inquiry, kept.events)
    )
    yield from broken
    if not broken:
        yield from _check_shown(kept, bound)
    if inquiry.state == State.ERASED:
        if kept.key or kept.entries or kept.links or any(mail.address for mail in kept.deliveries):
            yield str(words.NOT_ALL_ERASED)
    elif key_fault := _explain_key(kept.key):
        yield key_fault
    elif not broken:
        yield from _check_ways_in(kept, bound)
        yield from _check_mails(kept, bound)


def is_page_faulty(kept: Kept, key: bytes) -> bool:
    """Whether anything shown on the page differs from what the events say."""
    bound = collect_bound(kept.events)
    broken = [*check_chain(kept.inquiry, kept.events, key), *check_state(kept.inquiry, kept.events)]
    return bool(broken or [*_check_shown(kept, bound), *_check_mails(kept, bound)])


def _check_shown(kept: Kept, bound: _Bound) -> Iterator[str]:
    """Check the row, its messages and notes, and its deadlines."""
    for number in bound.surprised:
        yield words.CHANGED_BEFORE % {"number": number}
    if bound.row and bindings.digest_row(kept.inquiry) != bound.row:
        yield str(words.ROW_CHANGED)
    yield from _check_words(kept, bound)
    yield from _check_clocks(kept, bound)
    yield from _check_rows(kept, bound)


def check_receipt(inquiry: Inquiry, receipt: Receipt | None, key: bytes) -> Iterator[str]:
    if receipt is None:
        yield str(words.NO_RECEIPT)
    elif receipt.reference != inquiry.reference or receipt.mac != receipt.expected_mac(key):
        yield str(words.RECEIPT_CHANGED)


def check_chain(
    chain: Chain, links: "Sequence[Event] | Sequence[AuditEntry]", key: bytes
) -> Iterator[str]:
    previous = ""
    for number, link in enumerate(links, start=1):
        if link.number != number:
            yield words.EVENT_MISSING % {"number": number}
            return
        if link.mac != link.expected_mac(key, previous):
            yield words.EVENT_CHANGED % {"number": number}
            return
        previous = link.mac
    if (chain.chain_length, chain.chain_head) != (len(links), previous):
        counts = {"counted": chain.chain_length, "there": len(links)}
        yield words.EVENTS_MISCOUNTED % counts


def _explain_key(key: DataKey | None) -> str:
    """Return what is wrong with the key; empty if it opens."""
    if key is None:
        return str(words.KEY_GONE)
    try:
        _ = key.secret
    except KeyRefused:
        return str(words.KEY_BROKEN)
    return ""


def _check_words(kept: Kept, bound: _Bound) -> Iterator[str]:
    if kept.inquiry.state == State.ERASED:
        if kept.words:
            yield str(words.WORDS_NOT_ERASED)
        return
    there = {number for number, _ in kept.words}
    expected = {event.number for event in kept.events if event.kind in _WITH_WORDS}
    if (expected | bound.words.keys()) - there:
        yield str(words.WORDS_GONE)
    for number, written in kept.words:
        said = {"number": number, "name": written._meta.verbose_name}
        if number not in bound.words and (bound.is_whole or number not in expected):
            yield words.WORDS_OF_ANOTHER % said
        elif number in bound.words and bindings.digest_row(written) != bound.words[number]:
            yield words.WORDS_CHANGED % said


def _check_clocks(kept: Kept, bound: _Bound) -> Iterator[str]:
    there = {str(clock.pk): clock for clock in kept.clocks}
    if bound.clocks.keys() - there.keys():
        yield str(words.DEADLINE_GONE)
    if bound.is_whole and there.keys() - bound.clocks.keys():
        yield str(words.DEADLINE_ADDED)
    if not bound.is_whole:  # an earlier release's event may have moved them
        return
    for pk in there.keys() & bound.clocks.keys():
        clock, said = there[pk], bindings.bind_clock(there[pk])
        (mac, *told), name = bound.clocks[pk], {"name": clock.get_kind_display()}
        if said[0] != mac:
            yield words.DEADLINE_CHANGED % name
        elif said[1:] != told and not _has_told(clock, told, kept.events):
            yield words.DEADLINE_TELLING_CHANGED % name


def _check_rows(kept: Kept, bound: _Bound) -> Iterator[str]:
    """Check its tasks and referrals, which go with an erasure."""
    there = bindings.digest_rows(kept.rows)
    if kept.inquiry.state == State.ERASED:
        if there:
            yield str(words.CASES_NOT_ERASED)
    elif there != bound.rows:
        yield str(words.CASES_CHANGED)


def _has_told(clock: Clock, told: list[Any], events: Sequence[Event]) -> bool:
    """Whether the worker may have advanced its warnings; if so, someone is told by its due time."""
    if clock.stopped_at or clock.paused_at or clock.warned_percent < told[0]:
        return False
    if clock.warn_at is None:
        return any(
            event.kind == Event.Kind.ESCALATED
            and event.detail.get("clock") == clock.kind
            and event.at >= clock.started_at
            for event in events
        )
    return clock.warn_at <= clock.due_at


def _check_ways_in(kept: Kept, bound: _Bound) -> Iterator[str]:
    """Check its search entries and the links that open its private page."""
    assert kept.key is not None  # noqa: S101 - asked by who calls
    if bound.entries and bindings.digest_entries(kept.entries, kept.key) != bound.entries:
        yield str(words.SEARCH_CHANGED)
    for link in kept.links:
        expected = bound.links.get(str(link.pk))
        if expected != (bindings.digest_row(link) if expected or bound.is_whole else None):
            yield str(words.LINK_ADDED)
        elif link.pk in bound.ended and link.revoked_at is None:
            yield str(words.LINK_REVIVED)


def _check_mails(kept: Kept, bound: _Bound) -> Iterator[str]:
    for mail in kept.deliveries:
        expected = mail.mac or bound.deliveries.get(str(mail.pk), "")
        if not expected and not bound.is_whole:
            continue
        if kept.key and expected != bindings.delivery_mac(mail, kept.key):
            yield words.MAIL_CHANGED % {"kind": mail.get_kind_display()}
