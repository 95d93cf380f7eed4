"""What binding and anchoring cost those who wait: no query, and no waiting for each other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.ledger import anchors
from inquiries.models import Inquiry
from inquiries.triage import steps
from portal.models import User
from tests.concurrency import together
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db


def count_queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_a_request_that_comes_in_costs_no_query_more_than_before_it_was_bound() -> None:
    make_inquiry()  # fills what a process keeps
    assert count_queries(make_inquiry) <= 7
    said: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}
    assert count_queries(lambda: make_inquiry(**said)) <= 11


def test_neither_do_a_correction_a_step_and_the_page(client: Client, lead: User) -> None:
    inquiry = make_inquiry(key="form")
    assert count_queries(lambda: make_inquiry(key="form", message="And at night?")) <= 16
    inquiry = Inquiry.objects.get()
    assert count_queries(lambda: steps.claim(inquiry, version=inquiry.version, by=lead)) <= 9
    client.force_login(lead)
    page = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    client.get(page)
    assert count_queries(lambda: client.get(page)) <= 17


@pytest.mark.django_db(transaction=True)
def test_an_anchor_keeps_no_sender_waiting() -> None:
    """While one is still writing, another one comes in: no table is locked."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes at a time, and who anchors only reads")
    make_inquiry()

    def act(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                make_inquiry()
                together(1, lambda _: make_inquiry())  # would wait behind a lock, for ever
        else:
            anchors.write_anchor()

    together(3, act)
    assert Inquiry.objects.count() == 3
    anchors.write_anchor()
    last = anchors.last_anchor()
    assert last
    assert last.tallies["receipts"].count == 3
