"""The ledger: how something that happened is put on record, and how a request changes.

Every change and every reading of a request is an event of its chain. A chain's links are numbered,
and each is bound to the one before by a keyed hash; the request keeps the number and the hash of
the last. `verify_ledger` recounts all of it.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inquiries.deadlines import clocks
from inquiries.keyring import Purpose, purpose_key
from inquiries.models import Chain, Event, Inquiry, Link, Receipt
from inquiries.states import NEXT, State, Step
from inquiries.team import permissions

if TYPE_CHECKING:
    from portal.models import User


class Refused(Exception):
    """A step that is not allowed now, or not to this person. Its text is a sentence for staff."""


# --- Putting on record ----------------------------------------------------------------------------


@transaction.atomic
def record(inquiry: Inquiry, kind: Event.Kind, *, by: "User | None", **detail: Any) -> Event:
    """Add an event to a request's chain, and let its clocks follow.

    The caller holds the row and has saved what the event tells.
    """
    event = Event(
        inquiry=inquiry, kind=kind, at=timezone.now(), by=by, version=inquiry.version, detail=detail
    )
    append(inquiry, event)
    clocks.follow(inquiry, event)
    return event


def read(inquiry: Inquiry, *, by: "User") -> None:
    """Put on record that somebody opened a request, and how it stood then."""
    record(inquiry, Event.Kind.READ, by=by, state=inquiry.state)


def receipt(inquiry: Inquiry) -> None:
    """Put on record, apart from the request, that it was accepted."""
    receipt = Receipt(inquiry_id=inquiry.pk, reference=inquiry.reference, at=inquiry.received_at)
    receipt.mac = receipt.expected_mac(purpose_key(Purpose.CHAIN))
    receipt.save(force_insert=True)


def append(chain: Chain, link: Link) -> None:
    """Bind a link to the last of its chain and store it. Called inside a transaction.

    The conditional update takes the chain until the transaction ends, on SQLite and PostgreSQL
    alike; who came second binds to the link that came first.
    """
    key = purpose_key(Purpose.CHAIN)
    rows = type(chain)._default_manager.filter(pk=chain.pk)
    while True:
        link.number = chain.chain_length + 1
        link.mac = link.expected_mac(key, chain.chain_head)
        if rows.filter(chain_length=chain.chain_length).update(
            chain_length=link.number, chain_head=link.mac
        ):
            break
        chain.refresh_from_db(fields=["chain_length", "chain_head"])
    chain.chain_length, chain.chain_head = link.number, link.mac
    link.save(force_insert=True)


# --- Changing a request ---------------------------------------------------------------------------


def take(inquiry: Inquiry, step: Step, *, version: int, by: "User | None") -> Inquiry:
    """The row in its next state, ours to change until the transaction ends.

    A conditional update rather than a lock, because SQLite has no row locks. `by` is None for what
    the portal does by itself. Raise Refused.
    """
    taken = Inquiry.objects.filter(pk=inquiry.pk, version=version).update(version=F("version") + 1)
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    _may_take(current, step, by, is_stale=not taken)
    current.state = NEXT[State(current.state)][step]
    if current.state != State.WAITING:
        current.wakes_at = None
    return current


def could_take(inquiry: Inquiry, step: Step, *, version: int, by: "User") -> None:
    """Whether this step, prepared on a page, could be taken. Raise Refused as `take` would."""
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    _may_take(current, step, by, is_stale=current.version != version)


def _may_take(current: Inquiry, step: Step, by: "User | None", *, is_stale: bool) -> None:
    if by is not None and not by.has_perm(permissions.NEEDED[step]):
        raise Refused(f"Your role does not include this step: {step.label.lower()}.")
    if is_stale:
        raise Refused(
            "Nothing was saved, because this request changed after you opened it: "
            f"{what_changed(current, by)}"
        )
    if step not in NEXT[State(current.state)]:
        raise Refused(f"“{step.label}” is not possible: {_where_it_stands(current, by)}")


def hold(inquiry: Inquiry) -> Inquiry:
    """The row as it is now, ours to change until the transaction ends; one version on when saved.

    For what the sender or the portal does, for which no page can be too old. Raise Refused where it
    was erased.
    """
    # On SQLite and PostgreSQL alike, writing takes the row.
    Inquiry.objects.filter(pk=inquiry.pk).update(version=F("version"))
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    if current.state == State.ERASED:
        raise Refused(_where_it_stands(current, None))
    current.version += 1
    return current


def rouse(inquiry: Inquiry) -> None:
    """What the sender did, or what did not reach her, needs somebody now. The row is held."""
    if inquiry.state == State.CLOSED:
        inquiry.version += 1
        inquiry.state = State.NEW
        open_again(inquiry, by=None)
    elif inquiry.state == State.WAITING:
        inquiry.version += 1
        inquiry.state, inquiry.wakes_at = State.CLAIMED, None
        inquiry.save()
        record(inquiry, Event.Kind.WOKEN, by=None)


def open_again(inquiry: Inquiry, *, by: "User | None") -> None:
    """Back into the queue, unclaimed, unanswered and with deadlines counted from now."""
    inquiry.owner, inquiry.outcome, inquiry.closed_at, inquiry.answered_at = None, "", None, None
    inquiry.save()
    record(inquiry, Event.Kind.REOPENED, by=by)


def what_changed(inquiry: Inquiry, by: "User | None") -> str:
    """For who has an older page before her: what was done last, by whom, where it stands."""
    changes = inquiry.events.exclude(kind__in=Event.CHANGE_NOTHING).select_related("by")
    last = changes.latest("number")
    what = last.get_kind_display().lower()
    what += " by you, in another window" if by and last.by == by else f" {last.whose}".rstrip()
    return f"{what}. {_where_it_stands(inquiry, by)}"


def _where_it_stands(inquiry: Inquiry, by: "User | None") -> str:
    match inquiry.state:
        case State.CLAIMED | State.CONNECTED | State.WAITING:
            return "You have claimed it." if inquiry.owner == by else f"{inquiry.owner} has it."
        case State.CLOSED:
            return f"It is closed ({inquiry.outcome_word.lower()})."
        case State.ERASED:
            return "It was erased."
        case State.QUARANTINED:
            return "It waits in quarantine."
        case _:
            return "Nobody has claimed it."
