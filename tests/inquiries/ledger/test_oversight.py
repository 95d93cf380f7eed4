"""What the privacy officer sees: who is watching, and whose data an account has viewed."""

from collections.abc import Callable
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.ledger import audit_trail
from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry
from inquiries.states import State
from inquiries.triage import pagination
from inquiries.views.staff.record import RECENT_OPENINGS
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.ledger.audit_pages import (
    AUDIT,
    EXPORT,
    READING,
    access_page,
    follow,
    page_of,
    rows,
    soup,
    table,
)

pytestmark = pytest.mark.django_db

Kind = AuditEntry.Kind

ADDRESSES = [AUDIT, EXPORT, READING, "{access}", "{access}export/"]


@pytest.mark.parametrize("role", ["anyone", "", *Role])
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_the_privacy_officer_has_oversight(client: Client, address: str, role: str) -> None:
    address = address.format(access=access_page(make_staff()))
    if role != "anyone":
        client.force_login(make_staff(role))
    before = AuditEntry.objects.count()
    if role == Role.PRIVACY:
        assert client.get(address).status_code == 200
        return
    refused = 404 if "reading/" in address and address != READING else 403
    assert client.get(address).status_code == (302 if role == "anyone" else refused)
    assert client.post(address).status_code == (401 if role == "anyone" else refused)
    assert AuditEntry.objects.count() == before


def test_a_superuser_can_view_but_changes_nothing(client: Client) -> None:
    entry = audit_trail.record_entry(Kind.PURGED, answered=3)
    client.force_login(make_staff(is_superuser=True))
    assert client.get(AUDIT).status_code == 200
    for path in ("add/", f"{entry.pk}/change/", f"{entry.pk}/delete/", f"{entry.pk}/history/"):
        assert client.post(f"{AUDIT}{path}", {"post": "yes"}).status_code == 404
    client.post(AUDIT, {"action": "delete_selected", "_selected_action": str(entry.pk)})
    assert AuditEntry.objects.filter(pk=entry.pk, detail={"answered": 3}).exists()


@pytest.mark.parametrize("path", ["", "export/"])
def test_a_nonexistent_account_is_not_found(on_duty: Client, path: str) -> None:
    assert on_duty.get(f"{READING}{uuid4()}/{path}").status_code == 404
    assert on_duty.get(f"{READING}no-such/{path}").status_code == 404


def test_one_page_and_one_file_say_whose_data_an_account_saw_and_when(
    on_duty: Client, coordinator: User, officer: User
) -> None:
    at_work = Client()
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False) as clock:
        at_work.force_login(coordinator)
        seen = [make_inquiry(), make_inquiry(State.CLAIMED, owner=coordinator)]
        unseen = make_inquiry()
        for inquiry in (*seen, seen[0]):
            clock.shift(60)
            at_work.get(page_of(inquiry))
    new, claimed = (inquiry.reference for inquiry in seen)
    expected = [
        ["November 23, 2026, 10:03:00 a.m.", new, "New"],
        ["November 23, 2026, 10:02:00 a.m.", claimed, "Claimed"],
        ["November 23, 2026, 10:01:00 a.m.", new, "New"],
    ]
    page = on_duty.get(access_page(coordinator))
    assert rows(page) == expected
    assert unseen.reference not in page.text
    assert "Example" not in page.text, "no name: the request's own page has it"
    header, *exported = table(on_duty.post(f"{access_page(coordinator)}export/"))
    assert header == ["time (UTC)", "account", "request", "state at the time"]
    assert exported == [
        ["2026-11-23T15:03:00+00:00", coordinator.username, new, "new"],
        ["2026-11-23T15:02:00+00:00", coordinator.username, claimed, "claimed"],
        ["2026-11-23T15:01:00+00:00", coordinator.username, new, "new"],
    ]
    looked = AuditEntry.objects.get(kind=Kind.AUDITED)
    assert (looked.by, looked.about, looked.detail) == (officer, coordinator, {"what": "reading"})


def test_an_account_that_read_nothing_says_so(on_duty: Client) -> None:
    page = on_duty.get(access_page(make_staff(Role.EDITOR)))
    assert "has not opened any requests." in page.text


def test_an_accounts_readings_are_paged_without_gaps(
    on_duty: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    made = [make_inquiry() for _ in range(8)]
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        for inquiry in made:
            ledger.record_reading(inquiry, by=coordinator)
    seen = follow(on_duty, access_page(coordinator), 1)
    assert seen == [inquiry.reference for inquiry in reversed(made)]


def test_unusual_reading_links_to_what_the_account_read(
    on_duty: Client, officer: User, lead: User
) -> None:
    assert "Nothing unusual." in on_duty.get(READING).text
    ledger.record_reading(make_inquiry(State.CLOSED), by=lead)
    disabled = make_staff(Role.COORDINATOR, is_active=False)
    page = on_duty.get(READING)
    (row,) = rows(page)
    assert row[:3] == [str(lead), "Claimed by others or closed, and they took no action", "1"]
    links = {str(link["href"]) for link in soup(page).select(".queue a")}
    for account in (officer, lead, disabled):
        assert access_page(account) in links
    assert f"({disabled.username}, disabled)" in " ".join(page.text.split())
    assert "Ask the person" in page.text


def test_oversight_is_recorded_too(on_duty: Client, officer: User) -> None:
    on_duty.get(AUDIT)
    on_duty.get(READING)
    looked = AuditEntry.objects.filter(kind=Kind.AUDITED).order_by("number")
    assert [(entry.by, entry.detail) for entry in looked] == [
        (officer, {"what": "audit"}),
        (officer, {"what": "unusual_reading"}),
    ]
    assert verify_ledger().faults == []


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code == 200
    assert not any("COUNT(" in query["sql"] for query in captured), "no list is counted"
    return len(captured)


def test_pages_cost_the_same_with_few_or_many_entries(on_duty: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLOSED)
    addresses: dict[str, Callable[[], str]] = {
        "trail": lambda: AUDIT,
        "reading": lambda: READING,
        "access": lambda: access_page(coordinator),
        "request": lambda: page_of(inquiry),
    }
    costs: list[dict[str, int]] = []
    for size in (RECENT_OPENINGS // 2, 40):  # each adds two
        for _ in range(size):
            reader = make_staff(Role.COORDINATOR, last_name="Example")
            for each in (inquiry, make_inquiry(State.CLOSED)):
                ledger.record_reading(each, by=reader)
                ledger.record_reading(each, by=coordinator)
            audit_trail.record_entry(Kind.ACCOUNT_CHANGED, by=reader, about=coordinator)
        on_duty.get(AUDIT)  # the fixed queries of a session
        costs.append({name: cost(on_duty, address()) for name, address in addresses.items()})
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 14, costs
    assert len(rows(on_duty.get(READING))) > 40


def test_the_trail_reads_only_one_page(on_duty: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    for number in range(6):
        audit_trail.record_entry(Kind.PURGED, n=number)
    with CaptureQueriesContext(connection) as captured:
        on_duty.get(f"{AUDIT}?kind=purged")
    (listing,) = [
        query["sql"]
        for query in captured
        if 'FROM "inquiries_auditentry"' in query["sql"] and "ORDER BY" in query["sql"]
    ]
    assert "LIMIT 3" in listing
    assert "OFFSET" not in listing
