"""Leads see what a restored database lacks on their start page, until it is dealt with."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from inquiries.models import AuditEntry, MissingRequest, Restoration
from portal.models import User
from tests.factories import make_delivery, make_inquiry, make_missingrequest, make_restoration

pytestmark = pytest.mark.django_db

SETTLE, RELEASE = "/admin/inquiries/restored/settle/", "/admin/inquiries/restored/release/"


def restored_part(client: Client) -> str:
    page = BeautifulSoup(client.get("/admin/").text, "html.parser")
    part = page.select_one("section[aria-labelledby=restored]")
    return part.get_text(" ", strip=True) if part else ""


def test_a_missing_request_stays_until_a_lead_ticks_it(client: Client, lead: User) -> None:
    first, second = make_missingrequest(), make_missingrequest()
    client.force_login(lead)
    assert first.reference in restored_part(client)
    answer = client.post(SETTLE, {"missing": [first.pk, "x", 10**30]}, follow=True)
    assert "1 taken off the list." in answer.text
    assert first.reference not in restored_part(client)
    assert second.reference in restored_part(client)
    assert MissingRequest.objects.get(pk=first.pk).settled_by == lead
    (entry,) = AuditEntry.objects.filter(kind=AuditEntry.Kind.RESTORED)
    assert (entry.by, entry.detail) == (lead, {"missing_dealt_with": 1})
    answer = client.post(SETTLE, {"missing": [first.pk]}, follow=True)
    assert "Tick what you have dealt with." in answer.text
    assert AuditEntry.objects.filter(kind=AuditEntry.Kind.RESTORED).count() == 1


def test_a_missing_request_that_came_again_has_a_link(client: Client, lead: User) -> None:
    again = make_inquiry()
    make_missingrequest(reference=again.reference)
    client.force_login(lead)
    assert f"Open {again.reference}" in restored_part(client)


def test_a_lead_releases_held_emails_once_after_restore_has_run(client: Client, lead: User) -> None:
    make_delivery()
    restoration = make_restoration()
    client.force_login(lead)
    assert "No email is sent until your operator has run after_restore." in restored_part(client)
    client.post(RELEASE)
    Restoration.objects.update(done_at=timezone.now())
    assert "1 email from before the restore is held." in restored_part(client)
    assert "1 email is on its way." in client.post(RELEASE, follow=True).text
    restoration.refresh_from_db()
    assert restoration.released_by == lead
    assert restored_part(client) == ""


def test_nothing_is_shown_where_nothing_was_restored(
    client: Client, lead: User, coordinator: User
) -> None:
    client.force_login(lead)
    assert restored_part(client) == ""
    make_missingrequest()
    client.force_login(coordinator)
    assert restored_part(client) == ""
