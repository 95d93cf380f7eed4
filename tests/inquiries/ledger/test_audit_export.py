"""The audit trail as a download."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from inquiries.ledger import audit_trail
from inquiries.ledger import events as ledger
from inquiries.models import AuditEntry
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.ledger.audit_pages import AUDIT, EXPORT, access_page, follow, soup, table

pytestmark = pytest.mark.django_db

Kind = AuditEntry.Kind


def test_the_export_matches_what_is_shown(
    on_duty: Client, coordinator: User, officer: User
) -> None:
    for number in range(120):  # more than one page
        audit_trail.record_entry(Kind.SEARCHED, by=coordinator, found=number)
    audit_trail.record_entry(Kind.PURGED, answered=1)
    query = {"kind": "searched", "account": str(coordinator.pk), "since": "2026-01-01", "until": ""}
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    listed = follow(on_duty, AUDIT, 4, f"?{asked}")
    link = soup(on_duty.get(f"{AUDIT}?{asked}")).select_one(f'a[href^="{EXPORT}"]')
    assert link
    form = soup(on_duty.get(str(link["href"])))
    chosen = form.select_one('[name="account"] option[selected]')
    assert chosen
    assert chosen["value"] == str(coordinator.pk), "the export asks for what was shown"
    header, *exported = table(on_duty.post(EXPORT, query))
    assert header == ["number", "time (UTC)", "what", "by", "about", "details"]
    assert [row[5] for row in exported] == listed
    assert {(row[2], row[3]) for row in exported} == {("searched", coordinator.username)}
    numbers = [int(row[0]) for row in exported]
    assert numbers == sorted(numbers, reverse=True)
    times = [datetime.fromisoformat(row[1]) for row in exported]
    assert all(at.utcoffset() == timedelta() for at in times)
    entry = AuditEntry.objects.filter(kind=Kind.EXPORTED).get()
    assert (entry.by, entry.about, entry.detail) == (officer, None, {"what": "audit"})


def test_the_user_cannot_choose_the_file_name(on_duty: Client, coordinator: User) -> None:
    name = 'x"; filename="evil.exe'
    for address in (EXPORT, f"{access_page(coordinator)}export/"):
        for asked in (address, f"{address}?filename={name}&name=../../evil"):
            given = on_duty.post(asked, {"filename": name})["Content-Disposition"]
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9-]+\.csv"', given)
            assert "evil" not in given
            assert coordinator.username not in given


def test_an_export_is_announced_and_recorded(on_duty: Client, coordinator: User) -> None:
    access = f"{access_page(coordinator)}export/"
    for address in (EXPORT, access):
        page = on_duty.get(address)
        assert page["Content-Type"].startswith("text/html")
        assert "This download is recorded." in page.text
    assert not AuditEntry.objects.filter(kind=Kind.EXPORTED).exists()
    refused = on_duty.post(EXPORT, {"since": "0001-01-01"})
    assert refused.status_code == 422
    assert "Enter a day after 1999" in refused.text
    assert not AuditEntry.objects.filter(kind=Kind.EXPORTED).exists()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff(Role.PRIVACY))
    assert strict.post(EXPORT).status_code == 403
    on_duty.post(EXPORT)
    on_duty.post(access)
    taken = AuditEntry.objects.filter(kind=Kind.EXPORTED).order_by("number")
    assert [(entry.about, entry.detail["what"]) for entry in taken] == [
        (None, "audit"),
        (coordinator, "reading"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        *('=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"),
        *("=1,2", '"=1', "\uff1d1", "\uff20SUM"),
    ],
)
def test_an_account_name_is_never_exported_as_a_formula(on_duty: Client, name: str) -> None:
    account = make_staff(Role.COORDINATOR, username=name)
    inquiry = make_inquiry()
    ledger.record_reading(inquiry, by=account)
    audit_trail.record_entry(Kind.SEARCHED, by=account, about=account, found=1)
    (_, entry) = table(on_duty.post(EXPORT, {"kind": "searched"}))
    (_, reading) = table(on_duty.post(f"{access_page(account)}export/"))
    for cell in (entry[3], entry[4], reading[1]):
        assert cell.removeprefix("'") == account.username, "and is still readable"
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff20"))
