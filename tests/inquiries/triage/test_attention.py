"""What an open page says in its title, and when it notifies."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import capped_counts
from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db

ATTENTION = "/admin/inquiries/attention/"
PAGES = ("/admin/", "/admin/inquiries/inquiry/", "/admin/inquiries/inquiry/limbo/")


def ask(client: Client, user: User) -> dict[str, Any]:
    client.force_login(user)
    told: dict[str, Any] = client.get(ATTENTION).json()
    return told


def make_late(owner: User) -> Inquiry:
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    late = timezone.now() - timedelta(hours=1)
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=late)
    return inquiry


def test_it_counts_new_requests_and_own_overdue_ones(
    client: Client, coordinator: User, lead: User
) -> None:
    assert ask(client, coordinator) == {"count": "", "urgent": ""}
    make_inquiry()
    make_inquiry(State.CLAIMED, owner=coordinator)
    make_late(coordinator)
    make_late(lead)
    assert ask(client, coordinator)["count"] == "2"
    assert ask(client, lead)["count"] == "3", "for a lead, everyone’s"


def test_large_numbers_are_capped(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capped_counts, "COUNT_CAP", 2)
    for _ in range(3):
        make_inquiry()
    assert ask(client, coordinator)["count"] == "2+"


def test_an_urgent_request_changes_the_mark_until_someone_claims_it(
    client: Client, coordinator: User
) -> None:
    make_inquiry()
    assert ask(client, coordinator)["urgent"] == ""
    urgent = make_inquiry(message="I want to kill myself.")
    assert urgent.urgent
    mark = ask(client, coordinator)["urgent"]
    assert mark == urgent.received_at.isoformat()
    Inquiry.objects.filter(pk=urgent.pk).update(state=State.CLAIMED, owner=coordinator)
    assert ask(client, coordinator)["urgent"] == ""


def test_pages_that_stay_open_count_in_their_title(client: Client, lead: User) -> None:
    make_inquiry()
    client.force_login(lead)
    for address in PAGES:
        text = client.get(address).text
        title = text[text.index("<title>") + 7 : text.index("</title>")]
        assert title.split()[0] == "(1)", address
        assert 'class="told-in-time"' in text


def test_a_privacy_officer_is_not_told(client: Client) -> None:
    make_inquiry()
    client.force_login(make_staff(Role.PRIVACY))
    assert client.get(ATTENTION).status_code == 403
    for address in PAGES[:2]:
        assert "told-in-time" not in client.get(address).text


def test_someone_signed_out_is_told_nothing(client: Client) -> None:
    assert client.get(ATTENTION, headers={"X-Asked-By": "script"}).status_code == 401
