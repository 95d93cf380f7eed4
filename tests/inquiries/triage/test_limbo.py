"""The page that proves that no request is in limbo."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from inquiries.models import Absence, AuditEntry, Inquiry, Job
from inquiries.states import State
from inquiries.worker import worker
from portal.models import Role, User
from tests.factories import make_absence, make_inquiry, make_staff

pytestmark = pytest.mark.django_db

LIMBO = "/admin/inquiries/inquiry/limbo/"
ABSENCES = "/admin/inquiries/absence/"


def test_the_page_is_empty_when_all_is_well(client: Client, lead: User) -> None:
    make_inquiry(State.WAITING, owner=lead)
    make_inquiry()
    client.force_login(lead)
    page = client.get(LIMBO).text
    assert "No one is forgotten." in page
    assert "data-reference" not in page
    assert str(lead) in page


def test_the_page_lists_forgotten_requests(client: Client, lead: User, coordinator: User) -> None:
    orphaned = make_inquiry(State.CLAIMED, owner=coordinator)
    asleep = make_inquiry(State.WAITING, owner=lead)
    make_absence(coordinator)
    Inquiry.objects.filter(pk=asleep.pk).update(wakes_at=timezone.now() - timedelta(hours=1))
    client.force_login(lead)
    page = client.get(LIMBO).text
    assert "No one is forgotten." not in page
    for inquiry in (orphaned, asleep):
        assert f'data-reference="{inquiry.reference}"' in page


def test_overdue_requests_come_first_without_reassuring_words(
    client: Client, lead: User, coordinator: User
) -> None:
    """Staff 3: “Nobody is forgotten” was shown above 90 overdue requests, up to 330 days late."""
    inquiries = [make_inquiry(State.CLAIMED, owner=coordinator) for _ in range(2)]
    inquiries += [make_inquiry(), make_inquiry(State.QUARANTINED)]
    for days, inquiry in zip((330, 3, 1, 2), inquiries, strict=True):
        late = timezone.now() - timedelta(days=days, hours=1)
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=late)
    client.force_login(lead)
    page = BeautifulSoup(client.get(LIMBO).text, "html.parser")
    assert "No one is forgotten." not in page.get_text()
    first, second = page.select(".limbo > section")
    assert "Overdue: 3" in first.get_text()
    assert f"{coordinator}: 2" in first.get_text()
    assert "Not claimed yet: 1" in first.get_text()
    assert first.select_one(f'a[href$="/{inquiries[0].pk}/change/"]'), "the longest, by a link"
    assert "overdue by 330 d" in first.get_text()
    assert first.select_one('a[href$="?view=overdue"]')
    assert "Overdue in quarantine: 1" in second.get_text()
    assert page.select_one(".limbo > *") == first


@pytest.mark.parametrize("address", [LIMBO, "/admin/inquiries/inquiry/"])
def test_counts_that_need_attention_stand_out_by_more_than_color(
    address: str, client: Client, lead: User
) -> None:
    """Staff 3: “Overdue 90” looked like “Overdue 0”."""
    inquiry = make_inquiry(State.CLAIMED, owner=lead)
    client.force_login(lead)
    tab = '.queue-views a[href$="?view=overdue"]'
    page = BeautifulSoup(client.get(address).text, "html.parser")
    assert not page.select(".queue-alarm")
    assert page.select_one(tab).get_text(" ", strip=True) == "Overdue 0"  # type: ignore[union-attr]
    late = timezone.now() - timedelta(days=1)
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=late)
    page = BeautifulSoup(client.get(address).text, "html.parser")
    words = page.select_one(tab).get_text(" ", strip=True)  # type: ignore[union-attr]
    assert words == "Overdue ! 1 need attention"


def test_the_page_says_when_no_one_is_available(client: Client, lead: User) -> None:
    make_absence(lead)
    make_inquiry()
    client.force_login(lead)
    assert "No coordinator is available today" in client.get(LIMBO).text


def test_the_page_says_how_the_last_recount_went(
    client: Client, lead: User, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    client.force_login(lead)
    assert "hasn’t counted yet" in client.get(LIMBO).text
    now = timezone.now()
    Job.objects.create(name="verify", due_at=now, done_at=now, went_well=False)
    assert "Something doesn’t match" in client.get(LIMBO).text


def test_the_page_shows_the_sum_of_the_last_recount(
    client: Client, lead: User, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    make_inquiry()
    make_inquiry(State.QUARANTINED)
    make_inquiry(State.ERASED)
    with time_machine.travel("2026-11-23T15:04:00Z", tick=False):
        worker.work_once()
    client.force_login(lead)
    page = client.get(LIMBO).text
    assert "3 receipts = 1 open + 1 quarantined + 0 closed + 1 erased" in page
    assert "Monday, November 23, 10:04 a.m." in page
    Job.objects.filter(name="verify").update(summary="")
    page = client.get(LIMBO).text
    assert "receipts =" not in page
    assert "doesn’t know the total" in page


def test_leads_can_reach_everything_they_manage_from_their_start_page(
    client: Client, lead: User
) -> None:
    make_inquiry()
    client.force_login(lead)
    page = BeautifulSoup(client.get(LIMBO).text, "html.parser")
    offered = {
        str(model["admin_url"])
        for app in admin.site.get_app_list(client.get("/admin/").wsgi_request)
        for model in app["models"]
    }
    links = {str(link["href"]) for link in page.select("#content a")}
    assert {ABSENCES, "/admin/inquiries/dangerphrase/"} < offered
    assert offered <= links | {"/admin/inquiries/inquiry/"}
    unclaimed = page.select_one('a[href$="?view=unclaimed"] .queue-count')
    assert unclaimed
    assert unclaimed.text == "1"


def test_leads_manage_absences_and_each_change_is_recorded(client: Client, lead: User) -> None:
    colleague = make_staff(Role.COORDINATOR)
    client.force_login(lead)
    days = {"first_day": "2026-12-24", "last_day": "2026-12-23"}
    answer = client.post(f"{ABSENCES}add/", {"user": colleague.pk, **days})
    assert "This is before the first day" in answer.text
    days["last_day"] = "2026-12-31"
    editors = {"user": make_staff(Role.EDITOR).pk, **days}
    assert client.post(f"{ABSENCES}add/", editors).status_code == 200, "no coordinator's"
    assert client.post(f"{ABSENCES}add/", {"user": colleague.pk, **days}).status_code == 302
    absence = Absence.objects.get()
    client.post(f"{ABSENCES}{absence.pk}/delete/", {"post": "yes"})
    kept = AuditEntry.objects.filter(kind=AuditEntry.Kind.ABSENCES_CHANGED).order_by("number")
    assert [(each.about, each.detail["change"]) for each in kept] == [
        (colleague, "added"),
        (colleague, "removed"),
    ]
