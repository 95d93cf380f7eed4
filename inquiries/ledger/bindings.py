"""What a verb's event binds: keyed hashes of everything the verb wrote.

Someone who can write to the database but has no key can change a row, but cannot forge the event
that goes with it. Ciphertexts are hashed as stored, so nothing is decrypted.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
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
    Referral,
    Task,
)
from inquiries.models.ledger_chain import keyed_hash
from inquiries.models.sealed import Sealed, SealedField
from inquiries.models.stored_plan import PLAN_COLUMNS

Words = Addition | Message | Note
#: Rows of a request that its events change, each bound as it was met and as it was left.
CaseRow = Task | Referral

#: 128 bits, because an event may hold a dozen hashes.
_DIGITS = 32
#: Columns that change without an event, or that are bound in another way.
_UNBOUND: dict[type[Model], frozenset[str]] = {
    # Each event records which version it made. What the queue shows follows from the rest, and the
    # worker renews it without an event.
    Inquiry: frozenset({"chain_length", "chain_head", "version"}) | PLAN_COLUMNS,
    # Between events, only the worker's warning progress changes: see `checks`.
    Clock: frozenset({"warned_percent", "warn_at"}),
    # Ended links are bound by their ids.
    AccessLink: frozenset({"revoked_at"}),
    **dict.fromkeys((Addition, Message, Note), frozenset({"id", "event_id"})),
    **dict.fromkeys((Task, Referral), frozenset[str]()),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a verb writes besides the request's row and its clocks.

    For what it changes, this also holds the earlier state. Otherwise the next verb would bind a row
    that was changed without a verb, and make that change look valid.
    """

    #: Saved with the event.
    words: Words | None = None
    #: All search entries of the request, after the verb and before it.
    entries: AbstractSet[bytes] | None = None
    entries_met: AbstractSet[bytes] | None = None
    #: Private links that the verb created.
    links: Sequence[AccessLink] = ()
    #: The ids of links that no longer open anything.
    ended: Sequence[int] = ()
    #: Tasks and referrals, and their keyed hashes as the verb found them, by `row_name`.
    rows: Sequence[CaseRow] = ()
    rows_met: Mapping[str, str] = field(default_factory=dict)


#: For a verb that writes only the row and its clocks.
NOTHING_ELSE = Written()


def bind_event(
    event: Event, wrote: Written, clocks: Iterable[Clock], clocks_met: dict[int, str]
) -> None:
    """Bind what was written with an event, once its place in the chain is known.

    `clocks_met`: keyed hashes of the clocks, by id, as the verb found them.
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
    event.bound = bound | _bind_others(wrote)


def _bind_others(wrote: Written) -> dict[str, Any]:
    """Bind private links, tasks, and referrals."""
    bound: dict[str, Any] = {}
    if wrote.links:
        bound["links"] = {str(link.pk): digest_row(link) for link in wrote.links}
    if wrote.ended:
        bound["ended"] = list(wrote.ended)
    if wrote.rows:
        bound["rows"] = digest_rows(wrote.rows)
        bound["rows_met"] = dict(wrote.rows_met)
    return bound


def digest_rows(rows: Iterable[CaseRow]) -> dict[str, str]:
    return {row_name(row): digest_row(row) for row in rows}


def row_name(row: CaseRow) -> str:
    return f"{row._meta.model_name} {row.pk}"


def bind_clock(clock: Clock) -> list[Any]:
    """Return its hash and its warning progress so far; the worker continues from there."""
    return [digest_row(clock), clock.warned_percent, _iso(clock.warn_at)]


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def digest_row(row: Model) -> str:
    """Keyed hash of everything in a row, with ciphertexts as stored.

    Columns that still have their default are left out, so a column added later changes no hash.
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
    """Each bound column: its name, its field if it is sealed, and its value when empty."""
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

    It includes the data key: once that is destroyed, no one can test whose entries they were.
    """
    content = ["entries", key.pk, sorted(entry.hex() for entry in entries)]
    return _digest([*content, key.secret.hex()])


def delivery_mac(delivery: Delivery, key: DataKey) -> str:
    """Keyed hash of a mail's destination. It includes the data key, as in `digest_entries`.

    The worker's progress with the mail is not bound.
    """
    content = [delivery.inquiry_id, delivery.kind, delivery.made_at, delivery.sent_with_id]
    secrets = [bytes(delivery.address).hex(), key.secret.hex()]
    return keyed_hash(purpose_key(Purpose.CHAIN), ["delivery", *content, *secrets])


def _digest(content: list[Any]) -> str:
    return keyed_hash(purpose_key(Purpose.CHAIN), ["bound", *content])[:_DIGITS]
