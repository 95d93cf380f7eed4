"""Recording what happened to a request: its events, and its separate receipt.

Every change and every reading of a request is an event of its chain. A chain's links are numbered,
and a keyed hash binds each to the previous one; the request keeps the number and hash of the last.
A verb's event also binds what the verb wrote. `verify_ledger` checks all of it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from inquiries import journal
from inquiries.deadlines import clocks
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import bindings
from inquiries.ledger.bindings import NOTHING_ELSE, Written
from inquiries.models import Chain, ChainLink, Event, Inquiry, Receipt
from inquiries.models.insertion import append_row

if TYPE_CHECKING:
    from portal.models import User

#: One person’s readings within this time of each other are one sitting.
SITTING = timedelta(minutes=30)
#: A browser asks for the page that answers a step at once.
_ANSWERED_WITHIN = timedelta(minutes=1)


#: Called after each event, so that no verb can forget it. It is named and not imported, because
#: planning is a layer above.
_RENEW_PLAN = "inquiries.contact.stored_plan.renew_plan"
#: After these, the same plan holds.
_PLAN_NOTHING = frozenset({Event.Kind.ESCALATED})
#: If no colleague did these, the sender was told that we have what they said.
_SAID_BY_SENDER = frozenset(
    {Event.Kind.ADDED, Event.Kind.UNPROVEN, Event.Kind.WROTE, Event.Kind.CLOSED}
)


# A savepoint would guard nothing: no caller continues after a verb fails.
@transaction.atomic(savepoint=False)
def record_event(
    inquiry: Inquiry,
    kind: Event.Kind,
    *,
    by: "User | None",
    wrote: Written = NOTHING_ELSE,
    **detail: Any,
) -> Event:
    """Add an event to a request's chain, with its text, and update its clocks.

    The caller holds the row and has saved everything the event records except the text. The event
    binds all of that, so a row changed in any other way is noticed.
    """
    event = Event(
        inquiry=inquiry, kind=kind, at=timezone.now(), by=by, version=inquiry.version, detail=detail
    )
    if wrote.words:
        wrote.words.event = event  # its place in the chain is part of the seal
    met: dict[int, str] = {}
    moved = clocks.update_clocks(
        inquiry, event, on_met=lambda clock: met.update({clock.pk: bindings.digest_row(clock)})
    )
    append_link(inquiry, event, bind=lambda: bindings.bind_event(event, wrote, moved, met))
    if event.bound and "row" in event.bound:
        inquiry.met = event.bound["row"]  # in case this verb records another event
    if wrote.words:
        wrote.words.save(force_insert=True)
    _write_journal(inquiry, event)
    if kind not in _PLAN_NOTHING:
        import_string(_RENEW_PLAN)(inquiry)
    return event


def _write_journal(inquiry: Inquiry, event: Event) -> None:
    """Once committed, record outside the database what nobody could say again after a restore."""
    if event.kind == Event.Kind.ERASED:
        reason = str(event.detail.get("reason", ""))
        transaction.on_commit(partial(journal.record_erasure, inquiry.reference, reason=reason))
    elif event.by is None and event.kind in _SAID_BY_SENDER:
        transaction.on_commit(partial(journal.record_change, inquiry.reference, mark=event.mac))


def record_reading(inquiry: Inquiry, *, by: "User", is_result: bool = False) -> Event:
    """Record that someone opened a request, and its state at that time.

    `is_result`: they only saw the name, among the results of a search.
    """
    detail: dict[str, Any] = {"result": True} if is_result else {}
    detail["state"] = inquiry.state
    # Nothing else is written, so `record_event` would only add a transaction.
    reading = Event(
        inquiry=inquiry,
        kind=Event.Kind.READ,
        at=timezone.now(),
        by=by,
        version=inquiry.version,
        detail=detail,
    )
    append_link(inquiry, reading)
    return reading


def continues_reading(events: Sequence[Event], *, by: "User") -> bool:
    """Whether the page only answers a step that this person just took, while they had it open.

    The step is on record, and so is the reading it began with: another one would hide who reads.
    `events`: all of the request, in order.
    """
    last = events[-1] if events else None
    if last is None or last.by_id != by.pk or last.kind == Event.Kind.READ:
        return False
    if timezone.now() - last.at > _ANSWERED_WITHIN:
        return False
    since = last.at - SITTING
    return any(
        event.kind == Event.Kind.READ and event.by_id == by.pk and event.at >= since
        for event in events
    )


def open_chain(
    inquiry: Inquiry, *, by: "User | None", wrote: Written, **detail: Any
) -> tuple[Event, Receipt]:
    """Return a request's first event and its receipt, for the caller to insert with the row.

    Its clocks are stored here, because the event binds them by id.
    """
    event = Event(
        inquiry=inquiry,
        kind=Event.Kind.RECEIVED,
        at=timezone.now(),
        by=by,
        version=inquiry.version,
        detail=detail,
        number=1,
    )
    bindings.bind_event(event, wrote, clocks.update_clocks(inquiry, event), {})
    event.mac = event.expected_mac(purpose_key(Purpose.CHAIN), "")
    inquiry.chain_length, inquiry.chain_head = event.number, event.mac
    if event.bound:
        inquiry.met = event.bound["row"]  # in case this verb records another event
    return event, make_receipt(inquiry)


def make_receipt(inquiry: Inquiry) -> Receipt:
    """Return an unsaved receipt: separate proof that the request was accepted."""
    receipt = Receipt(inquiry_id=inquiry.pk, reference=inquiry.reference, at=inquiry.received_at)
    receipt.mac = receipt.expected_mac(purpose_key(Purpose.CHAIN))
    return receipt


def append_link(chain: Chain, link: ChainLink, *, bind: Callable[[], None] = lambda: None) -> None:
    """Bind a link to the last of its chain and store it.

    A link that records something else that was written belongs in the same transaction.

    `bind` completes the link once its number is known.

    The conditional update locks the chain until the transaction ends, on SQLite and PostgreSQL
    alike; in a race, the second link binds to the first.
    """
    key = purpose_key(Purpose.CHAIN)
    while True:
        link.number = chain.chain_length + 1
        bind()
        link.mac = link.expected_mac(key, chain.chain_head)
        moves: dict[str, Any] = {"chain_length": link.number, "chain_head": link.mac}
        if append_row(link, chain=chain, found=chain.chain_length, **moves):
            break
        chain.refresh_from_db(fields=["chain_length", "chain_head"])
    chain.chain_length, chain.chain_head = link.number, link.mac
