"""Queries whose SQL is written once find what the queries themselves find."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.models import Event, Inquiry, KeptQuery
from inquiries.search import lookup
from inquiries.states import State
from inquiries.triage import queue
from inquiries.triage.pagination import page_from
from inquiries.triage.rows import COLUMNS
from inquiries.views.staff.record import find_inquiry
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db


def test_it_asks_what_the_query_asks() -> None:
    first, second = make_inquiry(), make_inquiry()
    kept = KeptQuery(
        lambda pk: Event.objects.filter(inquiry=pk).select_related("note", "by"), pk=UUID
    )
    for inquiry in (first, second, first):
        assert kept.fetch(pk=inquiry.pk) == list(inquiry.events.all())
    assert kept.fetch(pk=uuid4()) == []


def test_what_is_loaded_with_a_row_asks_nothing_more() -> None:
    inquiry: Any = find_inquiry(make_inquiry(State.CLAIMED).pk)
    with CaptureQueriesContext(connection) as asked:
        assert (inquiry.owner is None, inquiry.topic, inquiry.has_tasks) == (False, None, False)
        assert inquiry.full_name
    assert len(asked) == 0


def test_values_that_follow_from_others_are_worked_out_each_time() -> None:
    now, inquiry = timezone.now(), make_inquiry()
    kept = KeptQuery(
        lambda now: Inquiry.objects.filter(due_at__lt=now + timedelta(days=9)),
        lambda said: {"later": said["now"] + timedelta(days=9)},
        now=datetime,
    )
    assert kept.fetch(now=now) == [inquiry]
    assert kept.fetch(now=now - timedelta(days=99)) == []


def test_a_value_that_was_not_named_is_never_taken_for_a_constant() -> None:
    kept = KeptQuery(
        lambda now: Inquiry.objects.filter(due_at__lt=now + timedelta(days=9)), now=datetime
    )
    with pytest.raises(ValueError, match="more than the values that were named"):
        kept.fetch(now=timezone.now())


@pytest.mark.parametrize("name", queue.VIEWS)
@pytest.mark.parametrize("are_folded", [False, True])
def test_the_first_page_of_each_view_is_that_of_its_query(
    name: str, are_folded: bool, coordinator: User
) -> None:
    for state in State:
        make_inquiry(state, owner=coordinator)
        make_inquiry(state, owner=make_staff(Role.COORDINATOR))
    view, now = queue.VIEWS[name], timezone.now()
    rows: Any = view.rows(coordinator, now)
    rows = rows.folded() if are_folded else rows
    wanted = page_from(rows.order_by(*view.order.fields).as_rows(COLUMNS), view.order)
    found = queue._first_page(view, are_folded).fetch(user=coordinator.pk, now=now)
    assert found == list(wanted)


def test_requests_with_the_same_contact_are_found() -> None:
    first = make_inquiry(email="ana@example.org")
    by_phone, by_both = make_inquiry(), make_inquiry(email="ana@example.org")
    found = lookup.find_with_same_contact(by_both, exclude=by_both)
    assert set(found) == {first, by_phone}
    without = Inquiry(full_name="Ana Example", phone="", phone_e164="", email="")
    assert lookup.find_with_same_contact(without, exclude=by_both) == []
