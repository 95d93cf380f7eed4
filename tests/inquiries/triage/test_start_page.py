"""The start page: what waits for each role, and links to exactly that."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import Role, User
from tests.factories import make_absence, make_draft, make_inquiry, make_staff, submit

pytestmark = pytest.mark.django_db

START = "/admin/"
#: A Monday morning at the clinic.
MONDAY = datetime(2026, 11, 30, 9, 5, tzinfo=ZoneInfo("America/New_York"))


def start(client: Client, user: User) -> BeautifulSoup:
    client.force_login(user)
    return BeautifulSoup(client.get(START).text, "html.parser")


def make_late(inquiry: Inquiry) -> Inquiry:
    late = timezone.now() - timedelta(hours=1)
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=late)
    return inquiry


def text_of(page: Tag, selector: str) -> str:
    found = page.select_one(selector)
    assert found, selector
    return found.get_text(" ", strip=True)


@time_machine.travel(MONDAY, tick=False)
def test_call_backs_are_in_order_of_time_on_both_clocks(client: Client, coordinator: User) -> None:
    far = make_inquiry(
        State.CLAIMED, owner=coordinator, full_name="Rosa Far", time_zone="America/Los_Angeles"
    )
    here = make_inquiry(State.CLAIMED, owner=coordinator, time_zone="America/New_York")
    other = make_inquiry(State.CLAIMED, owner=make_staff(Role.COORDINATOR))
    by_mail = make_inquiry(
        State.CLAIMED, owner=coordinator, contact_method="email", email="a@example.org", phone=""
    )
    page = start(client, coordinator)
    rows = [row.get_text(" ", strip=True) for row in page.select(".agenda > li")]
    assert [here.reference in rows[0], far.reference in rows[1]] == [True, True]
    assert rows[0].startswith("Now ")
    assert rows[1].startswith("noon 9 a.m. in Los Angeles")
    assert len(rows) == 2
    assert other.reference not in page.text
    assert by_mail.reference not in text_of(page, ".agenda")
    assert "RF" in rows[1]
    assert "Rosa" not in page.text, "initials only, as in the queue"


@time_machine.travel(MONDAY - timedelta(days=1), tick=False)
def test_without_a_call_today_the_next_one_is_named(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    section = start(client, coordinator).find(id="agenda")
    assert section
    assert section.parent
    said = section.parent.get_text(" ", strip=True)
    assert "None of your requests needs a call today." in said
    assert "The next call is on Monday, November 30, 9 a.m." in said
    assert inquiry.reference in said


def test_each_number_is_that_of_the_list_it_leads_to(client: Client, lead: User) -> None:
    make_late(make_inquiry())
    make_inquiry(State.CLAIMED, owner=lead)
    make_inquiry(State.QUARANTINED)
    page = start(client, lead)
    figures = page.select(".figures a")
    assert figures
    for figure in figures:
        count = figure.select_one(".figure-count")
        listed = BeautifulSoup(client.get(str(figure["href"])).text, "html.parser")
        assert count
        assert int(count.text) == len(listed.select("tr[data-reference]")), figure
    for heading, expected in (("#mine", "Yours: 1"), ("#new", "New, for anyone to claim: 1")):
        assert text_of(page, heading) == expected


def test_a_lead_sees_what_is_late_who_has_how_much_and_who_is_away(
    client: Client, lead: User, coordinator: User
) -> None:
    late = make_late(make_inquiry(State.CLAIMED, owner=coordinator))
    away = make_staff(Role.COORDINATOR, first_name="Maria", last_name="Okafor")
    make_absence(away)
    page = start(client, lead)
    first = page.select_one(".start > section")
    assert first
    assert late.reference in first.text, "first of all"
    load = [link.text for link in page.select(".start-list a")]
    assert load == [f"{coordinator}: 1", f"{lead}: 0"]
    assert "Maria Okafor, until" in page.text


def test_a_privacy_officer_sees_what_to_look_at(client: Client) -> None:
    client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    page = start(client, make_staff(Role.PRIVACY))
    labels = [text_of(figure, ".figure-label") for figure in page.select(".figures a")]
    assert labels == ["Unusual reading to look at", "Failed sign-ins this week"]
    assert "Is every request still here?" in page.text
    assert "No request has been kept for too long." in page.text


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_editors_and_reviewers_see_what_waits_for_them(client: Client, role: Role) -> None:
    make_draft()
    submit(make_draft())
    page = start(client, make_staff(role))
    for figure in page.select(".figures a"):
        count = int(text_of(figure, ".figure-count"))
        listed = BeautifulSoup(client.get(str(figure["href"])).text, "html.parser")
        assert count == len(listed.select("#result_list tbody tr")), figure
    assert any(text_of(figure, ".figure-count") == "1" for figure in page.select(".figures a"))


def test_an_account_without_a_role_is_told_what_to_do(client: Client) -> None:
    assert "Your account has no role yet" in start(client, make_staff("")).text


def test_nobody_is_shown_recent_actions(client: Client) -> None:
    superuser = User.objects.create_superuser("root", password="-")
    page = start(client, superuser)
    assert "Recent actions" not in page.text
    for part in ("#agenda", "#load", "#oversight", "#desk"):
        assert page.select_one(part), part


def _count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(START).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("role", "most"), [(Role.COORDINATOR, 14), (Role.LEAD, 40), (Role.PRIVACY, 30)]
)
def test_the_number_of_queries_does_not_grow(client: Client, role: Role, most: int) -> None:
    user: Any = make_staff(role)
    owner = user if role != Role.PRIVACY else make_staff(Role.COORDINATOR)
    client.force_login(user)
    make_inquiry(State.CLAIMED, owner=owner)
    make_late(make_inquiry())
    few = _count_queries(client)
    for _ in range(4):
        make_inquiry(State.CLAIMED, owner=owner)
        make_late(make_inquiry())
    assert _count_queries(client) == few <= most
