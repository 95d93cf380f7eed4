"""What the event of a verb binds: keyed hashes of all that the verb wrote.

Who can write to the database and has no key can change a row, and cannot make the event that goes
with it. The ciphertexts are hashed as they are stored: nothing is opened for it.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.models import Model

from inquiries.keyring import Purpose, purpose_key
from inquiries.models import (
    AccessLink,
    Addition,
    Clock,
    DataKey,
    Delivery,
    Event,
    Inquiry,
    Message,
    Note,
)
from inquiries.models.ledger_chain import keyed_hash
from inquiries.models.sealed import Sealed, SealedField

Words = Addition | Message | Note

#: 128 bits, as an event may hold a dozen.
_DIGITS = 32
#: Columns that change without an event, or are bound in another way.
_UNBOUND: dict[type[Model], frozenset[str]] = {
    # Each event says itself which version it made.
    Inquiry: frozenset({"chain_length", "chain_head", "version"}),
    # Only whom the worker has told moves on between two events: see `checks`.
    Clock: frozenset({"warned_percent", "warn_at"}),
    # That links ended is bound by their ids.
    AccessLink: frozenset({"revoked_at"}),
    **dict.fromkeys((Addition, Message, Note), frozenset({"id", "event_id"})),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a verb writes beside the row of the request and its clocks.

    Of what it changes, also how it met it: or a row changed past the verbs would be bound, and so
    held for true, by the next verb.
    """

    #: Saved with the event.
    words: Words | None = None
    #: All search entries of the request, as they are afterwards, and as they were before.
    entries: AbstractSet[bytes] | None = None
    entries_met: AbstractSet[bytes] | None = None
    #: Private links that were made.
    links: Sequence[AccessLink] = ()
    #: The ids of those that open nothing any more.
    ended: Sequence[int] = ()


#: Of a verb that writes no more than the row and its clocks.
NOTHING_ELSE = Written()


def bind_event(
    event: Event, wrote: Written, clocks: Iterable[Clock], clocks_met: dict[int, str]
) -> None:
    """Let an event hold what was written with it; its place in the chain is known.

    `clocks_met`: keyed hashes of the clocks, by their ids, as the verb met them.
    """
    if event.kind == Event.Kind.READ:
        return
    bound: dict[str, Any] = {}
    if event.kind not in Event.CHANGE_NOTHING:
        bound["row"] = digest_row(event.inquiry)
        if event.inquiry.met:
            bound["met"] = event.inquiry.met
    if wrote.words:
        bound["words"] = digest_row(wrote.words)
    if wrote.entries is not None:
        bound["entries"] = digest_entries(wrote.entries, event.inquiry.data_key)
    if wrote.entries_met is not None:
        bound["entries_met"] = digest_entries(wrote.entries_met, event.inquiry.data_key)
    if bound_clocks := {str(clock.pk): bind_clock(clock) for clock in clocks}:
        bound["clocks"] = bound_clocks
        bound["clocks_met"] = {
            pk: clocks_met[int(pk)] for pk in bound_clocks if int(pk) in clocks_met
        }
    if wrote.links:
        bound["links"] = {str(link.pk): digest_row(link) for link in wrote.links}
    if wrote.ended:
        bound["ended"] = list(wrote.ended)
    event.bound = bound


def bind_clock(clock: Clock) -> list[Any]:
    """What it says, and whom it has told so far: the worker goes on from there."""
    return [digest_row(clock), clock.warned_percent, _iso(clock.warn_at)]


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def digest_row(row: Model) -> str:
    """Keyed hash of all that a row says, ciphertexts as they are stored.

    What is as it was left is not part of it: a column that a later release adds changes no hash.
    """
    said: dict[str, Any] = {}
    there = row.__dict__
    for name, sealed, nothing in _columns(type(row)):
        value = there[name] if name in there else getattr(row, name)
        if sealed and type(value) is not Sealed:
            value = sealed.as_stored(row)
        if value != nothing:
            said[name] = bytes(value).hex() if isinstance(value, bytes | memoryview) else value
    return _digest([row._meta.label_lower, said])


@cache
def _columns(model: type[Model]) -> list[tuple[str, SealedField | None, Any]]:
    """Each bound column: its name, the field where it is sealed, and what it holds if nothing."""
    left_out = _UNBOUND[model]
    return [
        (
            field.attname,
            field if isinstance(field, SealedField) else None,
            None if field.primary_key else field.get_default(),
        )
        for field in model._meta.concrete_fields
        if field.attname not in left_out
    ]


def digest_entries(entries: Iterable[bytes], key: DataKey) -> str:
    """Keyed hash of all search entries of a request.

    With its data key: once that is destroyed, nobody can try out whose entries they were.
    """
    content = ["entries", key.pk, sorted(entry.hex() for entry in entries)]
    return _digest([*content, key.secret.hex()])


def delivery_mac(delivery: Delivery, key: DataKey) -> str:
    """Keyed hash of where a mail goes; with the data key, as `digest_entries`.

    How far the worker has come with it is not bound.
    """
    content = [delivery.inquiry_id, delivery.kind, delivery.made_at, delivery.sent_with_id]
    secrets = [bytes(delivery.address).hex(), key.secret.hex()]
    return keyed_hash(purpose_key(Purpose.CHAIN), ["delivery", *content, *secrets])


def _digest(content: list[Any]) -> str:
    return keyed_hash(purpose_key(Purpose.CHAIN), ["bound", *content])[:_DIGITS]
