"""How many rows each view of the queue holds, by one look at all or view by view."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.states import State
from inquiries.triage import tabs
from inquiries.triage.queue import SOON, VIEWS
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_many_until", 0.0)


def fill(user: User) -> None:
    """Make requests of each state, of two owners, overdue, due soon, and later."""
    now = timezone.now()
    for owner in (user, make_staff(Role.COORDINATOR)):
        for number, state in enumerate(State):
            inquiry = make_inquiry(state, owner=owner)
            due_at = now + (number - 2) * SOON / 2
            Inquiry.objects.filter(pk=inquiry.pk).update(due_at=due_at)
    undelivered = make_inquiry(State.CLOSED)
    Inquiry.objects.filter(pk=undelivered.pk).update(undelivered_at=now - timedelta(hours=1))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD])
def test_one_look_counts_what_each_view_shows(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_staff(role)
    fill(user)
    with CaptureQueriesContext(connection) as asked:
        together = tabs.count_views(user)
    assert len(asked) == 1
    now = timezone.now()
    for name, view in VIEWS.items():
        if view.is_counted:
            assert together[name] == str(view.rows(user, now).count()), name
    is_lead = role == Role.LEAD
    assert together[tabs.LATE] == str(tabs.late_rows(user, now, is_lead=is_lead).count())
    monkeypatch.setattr(tabs, "_many_until", float("inf"))
    assert tabs.count_views(user) == together, "counted one by one"


def test_with_many_open_each_view_is_counted_and_that_is_remembered(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(coordinator)
    together = tabs.count_views(coordinator)
    monkeypatch.setattr(tabs, "_FEW", 2)
    tabs._counted_together.cache_clear()
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert tabs.count_views(coordinator) == together
        asked.append(len(captured))
    assert asked == [2, 1]
    tabs._counted_together.cache_clear()
