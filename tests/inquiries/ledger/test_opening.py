"""Opening a request that does not match its events: the page says so, and does not break."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from inquiries.ledger.verification import load_kept
from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.ledger.raw import eventful, execute
from tests.inquiries.ledger.tampering import owning_the_database

pytestmark = pytest.mark.django_db

SAID = "This request was changed outside the portal."


def opened(client: Client, inquiry: Inquiry) -> str:
    response = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert response.status_code == 200
    return response.content.decode()


def _set(column: str, value: object) -> Callable[[], int]:
    return lambda: execute(f"UPDATE inquiries_inquiry SET {column} = %s", value)  # noqa: S608


ATTACKS: dict[str, Callable[[], object]] = {
    "voicemail consent": _set("voicemail", "may_identify"),
    "a choice that is none": _set("voicemail", "shout"),
    "another way": _set("contact_method", "pigeon"),
    "never-contact emptied": _set("never_contact", b""),
    "a message that does not open": _set("message", b"\x01garbage"),
    "a name that does not open": _set("full_name", b"\x01garbage"),
    "a time zone that is none": _set("time_zone", "Mars/Olympus"),
    "a language that is none": _set("language", "xx"),
    "the key gone": lambda: execute("DELETE FROM inquiries_datakey"),
    "the key overwritten": lambda: execute("UPDATE inquiries_datakey SET wrapped = %s", b"x" * 61),
    "a deadline moved": lambda: execute("UPDATE inquiries_clock SET due_at = started_at"),
    "a clock gone": lambda: execute("DELETE FROM inquiries_clock"),
    "the correction gone": lambda: execute("DELETE FROM inquiries_addition"),
    "the correction overwritten": lambda: execute(
        "UPDATE inquiries_addition SET written = %s", b"\x01garbage"
    ),
    "a note overwritten": lambda: execute("UPDATE inquiries_note SET text = %s", b"\x01garbage"),
    "a message of theirs overwritten": lambda: execute(
        "UPDATE inquiries_message SET text = %s", b"\x01garbage"
    ),
    "a mail sent elsewhere": lambda: execute("UPDATE inquiries_delivery SET address = %s", b"x"),
    "an event gone": lambda: execute("DELETE FROM inquiries_event WHERE kind = 'linked'"),
    "an event's detail": lambda: execute("UPDATE inquiries_event SET detail = '{}'"),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_tampered_requests_page_says_so_and_does_not_break(
    client: Client, coordinator: User, attack: Callable[[], object]
) -> None:
    """Security 3: opening a request that does not match says so."""
    inquiry = eventful(coordinator)
    client.force_login(coordinator)
    assert SAID not in opened(client, inquiry)
    with owning_the_database():
        attack()
    page = opened(client, inquiry)
    assert SAID in page
    assert "Tell the privacy officer" in page
    assert inquiry.reference in page


@pytest.mark.parametrize("column", ["received_at", "due_at", "revision_id"])
def test_a_completely_unreadable_row_is_reported_as_changed(
    client: Client, coordinator: User, column: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL itself keeps such values out")
    inquiry = make_inquiry()
    client.force_login(coordinator)
    execute("PRAGMA defer_foreign_keys = ON")
    execute(f"UPDATE inquiries_inquiry SET {column} = 'nonsense'")  # noqa: S608
    try:
        assert SAID in opened(client, inquiry)
    finally:
        execute("UPDATE inquiries_inquiry SET revision_id = NULL")


@pytest.mark.parametrize("state", State)
def test_an_unchanged_request_shows_no_warning(
    client: Client, coordinator: User, state: State
) -> None:
    inquiry = make_inquiry(state)
    client.force_login(coordinator)
    assert SAID not in opened(client, inquiry)


def test_our_own_bugs_are_not_reported_as_tampering(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inquiries.views.staff import request as page

    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(page, "offer_steps", fail)
    client.force_login(coordinator)
    with pytest.raises(ZeroDivisionError):
        opened(client, make_inquiry())


def test_unreadable_event_bindings_are_reported_as_changed(
    client: Client, coordinator: User
) -> None:
    inquiry = eventful(coordinator)
    client.force_login(coordinator)
    with owning_the_database():
        execute("UPDATE inquiries_event SET bound = '[1]'")
    assert SAID in opened(client, inquiry)


def test_a_request_deleted_meanwhile_is_not_loaded() -> None:
    assert list(load_kept([uuid4()])) == []
