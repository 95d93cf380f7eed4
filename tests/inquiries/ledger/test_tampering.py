"""Verification of the ledger names each tampering with a request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from inquiries.ledger.verification import verify_ledger
from inquiries.models import DataKey, Event, Inquiry, Note, Receipt
from inquiries.outcomes import Outcome
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.ledger.recounting import recount_with_faults
from tests.inquiries.ledger.tampering import (
    event,
    owning_the_database,
    remove_events,
    roll_back_the_count,
    story,
    vanish,
)

pytestmark = pytest.mark.django_db


def _swap(first: int, second: int) -> None:
    event(first).update(number=99)
    event(second).update(number=first)
    event(99).update(number=second)


def _append_forged() -> None:
    """Somebody without the key adds a reopening event, with all the columns that belong to it."""
    inquiry = Inquiry.objects.get()
    forged = Event(
        inquiry=inquiry, number=6, kind="reopened", at=inquiry.received_at, version=5, detail={}
    )
    forged.mac = forged.expected_mac(b"a guess", inquiry.chain_head)
    forged.save(force_insert=True)
    Inquiry.objects.update(
        state="new", owner=None, outcome="", closed_at=None, version=5, chain_length=6,
        chain_head=forged.mac,
    )  # fmt: skip


def _rechain_without_the_key() -> None:
    """A changed event, with every later hash recomputed with a made-up key."""
    inquiry, head = Inquiry.objects.get(), ""
    event(2).update(by=None)
    for each in inquiry.events.all():
        head = each.expected_mac(b"a guess", head)
        Event.objects.filter(pk=each.pk).update(mac=head)
    Inquiry.objects.update(chain_head=head)


TAMPERING: dict[str, tuple[Callable[[], object], str]] = {
    "kind of an event": (lambda: event(2).update(kind="noted"), "event 2 was changed."),
    "time of an event": (
        lambda: event(1).update(at=F("at") + timedelta(microseconds=1)),
        "event 1 was changed.",
    ),
    "person of an event": (lambda: event(2).update(by=make_staff()), "event 2 was changed."),
    "person taken out": (lambda: event(2).update(by=None), "event 2 was changed."),
    "version of an event": (lambda: event(3).update(version=9), "event 3 was changed."),
    "detail of an event": (
        lambda: event(4).update(detail={"outcome": "withdrawn"}),
        "event 4 was changed.",
    ),
    "detail added": (lambda: event(1).update(detail={"a": 1}), "event 1 was changed."),
    "hash of an event": (lambda: event(3).update(mac="0" * 64), "event 3 was changed."),
    "two events swapped": (lambda: _swap(2, 3), "event 2 was changed."),
    "first event gone": (lambda: remove_events(1), "event 1 is missing."),
    "middle event gone": (lambda: remove_events(3), "event 3 is missing."),
    "last event gone": (lambda: remove_events(5), "has a count of 5 events, and 4 are here."),
    "all events gone": (
        lambda: remove_events(1, 2, 3, 4, 5),
        "has a count of 5 events, and 0 are here.",
    ),
    "place of an event": (lambda: event(5).update(number=7), "event 5 is missing."),
    "the rest of the chain cut off": (
        lambda: roll_back_the_count(3),
        "was changed without an event.",
    ),
    "forged event": (_append_forged, "event 6 was changed."),
    "chained anew without the key": (_rechain_without_the_key, "event 1 was changed."),
    "head": (
        lambda: Inquiry.objects.update(chain_head="0" * 64),
        "has a count of 5 events, and 5 are here.",
    ),
    "count": (
        lambda: Inquiry.objects.update(chain_length=4),
        "has a count of 4 events, and 5 are here.",
    ),
    "state without an event": (
        lambda: Inquiry.objects.update(state="new", owner=None, outcome="", closed_at=None),
        "its events do not lead to “New”.",
    ),
    "urgency without an event": (
        lambda: Inquiry.objects.update(urgency="soon"),
        "its urgency is not what its events say.",
    ),
    "version without an event": (
        lambda: Inquiry.objects.update(version=9),
        "was changed without an event.",
    ),
    "receipt gone": (lambda: Receipt.objects.all().delete(), "has no receipt."),
    "receipt's time": (
        lambda: Receipt.objects.update(at=F("at") + timedelta(days=1)),
        "its receipt was changed.",
    ),
    "receipt's hash": (lambda: Receipt.objects.update(mac="0" * 64), "its receipt was changed."),
    "receipt's reference": (
        lambda: Receipt.objects.update(reference="2345-6789-CDFH"),
        "its receipt was changed.",
    ),
}


@pytest.mark.parametrize(("tamper", "sentence"), TAMPERING.values(), ids=TAMPERING)
def test_tampering_with_a_request_is_reported_with_its_reference(
    coordinator: User, tamper: Callable[[], object], sentence: str
) -> None:
    inquiry = story(coordinator)
    with owning_the_database():
        tamper()
    faults = verify_ledger().faults
    assert f"{inquiry.reference}: {sentence}" in faults
    assert f"{inquiry.reference}: {sentence}" in recount_with_faults()[0].splitlines()


def test_only_the_tampered_request_is_reported(coordinator: User) -> None:
    others = [story(coordinator) for _ in range(3)]
    with owning_the_database():
        Event.objects.filter(inquiry=others[1], number=2).update(by=None)
    assert verify_ledger().faults == [f"{others[1].reference}: event 2 was changed."]


def test_an_event_moved_to_another_request_is_detected_on_both(
    coordinator: User,
) -> None:
    mine, theirs = story(coordinator), story(coordinator)
    with owning_the_database():
        Event.objects.filter(inquiry=mine, number=5).update(inquiry=theirs, number=6)
    faults = verify_ledger().faults
    assert f"{mine.reference}: has a count of 5 events, and 4 are here." in faults
    assert f"{theirs.reference}: event 6 was changed." in faults


def test_swapping_two_requests_is_detected() -> None:
    mine, theirs = make_inquiry(), make_inquiry()
    Inquiry.objects.filter(pk=mine.pk).update(reference="something")
    Inquiry.objects.filter(pk=theirs.pk).update(reference=mine.reference)
    Inquiry.objects.filter(pk=mine.pk).update(reference=theirs.reference)
    assert sorted(verify_ledger().faults) == sorted(
        f"{each.reference}: {fault}"
        for each in (mine, theirs)
        for fault in ("its receipt was changed.", "its row is not what its last event says.")
    )


def test_a_forged_request_that_was_never_accepted_is_detected() -> None:
    forged = make_inquiry()
    with owning_the_database():
        Receipt.objects.all().delete()
        Event.objects.all().delete()
    Inquiry.objects.update(chain_length=0, chain_head="")
    assert f"{forged.reference}: has no receipt." in verify_ledger().faults


def test_the_receipt_identifies_a_request_that_vanished_with_its_events(
    coordinator: User,
) -> None:
    gone, stays = story(coordinator), story(coordinator)
    vanish(gone, with_receipt=False)
    (fault,) = verify_ledger().faults
    at = f"{gone.received_at:%Y-%m-%d %H:%M}"
    assert fault == f"{gone.reference}: accepted on {at} UTC, and gone."
    assert stays.reference not in fault


WITHOUT_AN_EVENT: dict[str, Callable[[], object]] = {
    "owner": lambda: Inquiry.objects.update(owner=make_staff(Role.COORDINATOR)),
    "outcome": lambda: Inquiry.objects.update(outcome=Outcome.WITHDRAWN),
    "key": lambda: DataKey.objects.all().delete(),
    "note": lambda: Note.objects.all().delete(),
}


@pytest.mark.parametrize("tamper", WITHOUT_AN_EVENT.values(), ids=WITHOUT_AN_EVENT)
def test_changes_without_an_event_are_detected_despite_a_whole_chain(
    coordinator: User, tamper: Callable[[], object]
) -> None:
    inquiry = story(coordinator)
    tamper()
    assert [fault for fault in verify_ledger().faults if fault.startswith(inquiry.reference)]


@pytest.mark.parametrize("column", ["at", "by_id", "inquiry_id"])
def test_unreadable_data_is_reported_like_any_other_fault(coordinator: User, column: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL itself keeps such values out")
    story(coordinator)
    with owning_the_database(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        set_it = f"UPDATE inquiries_event SET {column}"  # noqa: S608 - our own names
        cursor.execute(f"{set_it} = 'nonsense' WHERE number = 2")
        try:
            assert verify_ledger().faults
        finally:
            cursor.execute(
                f"{set_it} = other.{column} FROM inquiries_event AS other WHERE other.number = 4 "
                "AND inquiries_event.number = 2"
            )
