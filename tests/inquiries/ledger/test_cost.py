"""Binding and anchoring cost those who wait nothing: no extra query, no lock contention."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.intake import front_desk
from inquiries.intake.spool import SpoolEntry
from inquiries.ledger import anchors
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Inquiry
from inquiries.triage import steps
from portal.models import User
from tests.concurrency import together
from tests.factories import make_inquiry, make_submission

pytestmark = pytest.mark.django_db


def count_queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_an_incoming_request_takes_few_statements_and_fewer_round_trips() -> None:
    """The clocks, whose ids the event binds; with an email, how many went there; then the rest."""
    make_inquiry()  # warms up the process's caches
    of_rest = 1 if connection.vendor == "postgresql" else 5
    assert count_queries(make_inquiry) <= 1 + of_rest
    said: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}
    of_mail = 0 if connection.vendor == "postgresql" else 1
    assert count_queries(lambda: make_inquiry(**said)) <= 2 + of_rest + of_mail


def test_the_front_desk_runs_no_more_queries_than_storing_the_request() -> None:
    """A ticket that is issued with this request is not looked up."""
    make_inquiry()
    of_verb = count_queries(make_inquiry)
    entry = SpoolEntry(submission=make_submission(), key="a-key-of-its-own-1234")
    told: list[front_desk.Acceptance] = []
    assert count_queries(lambda: told.append(front_desk.accept_submission(entry))) <= of_verb
    assert told[0].ticket == entry.sender.ticket


def test_rows_are_also_stored_with_server_side_binding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection.features, "uses_server_side_binding", True, raising=False)
    inquiry = make_inquiry()
    assert verify_ledger().faults == []
    assert inquiry.index_entries.exists()


def test_a_correction_a_step_and_the_page_take_few_queries(client: Client, lead: User) -> None:
    inquiry = make_inquiry(key="form")
    assert count_queries(lambda: make_inquiry(key="form", message="And at night?")) <= 20
    inquiry = Inquiry.objects.get()
    assert count_queries(lambda: steps.claim(inquiry, version=inquiry.version, by=lead)) <= 9
    client.force_login(lead)
    page = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    client.get(page)
    assert count_queries(lambda: client.get(page)) <= 19


@pytest.mark.django_db(transaction=True)
def test_an_anchor_does_not_make_senders_wait() -> None:
    """While one request is still being written, another one comes in: no table is locked."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes at a time, and who anchors only reads")
    make_inquiry()

    def act(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                make_inquiry()
                together(1, lambda _: make_inquiry())  # would block on a lock forever
        else:
            anchors.write_anchor()

    together(3, act)
    assert Inquiry.objects.count() == 3
    anchors.write_anchor()
    last = anchors.last_anchor()
    assert last
    assert last.tallies["receipts"].count == 3
