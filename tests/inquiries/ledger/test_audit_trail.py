"""What the privacy officer sees: the audit trail, who read what, and both to take away."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.ledger import audit_trail
from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, Event, Inquiry
from inquiries.states import State
from inquiries.triage import pagination
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db

AUDIT = "/admin/inquiries/auditentry/"
EXPORT = f"{AUDIT}export/"
READING = f"{AUDIT}reading/"
QUEUE = "/admin/inquiries/inquiry/"
Kind = AuditEntry.Kind
CLINIC = ZoneInfo(settings.TIME_ZONE)


@pytest.fixture
def officer() -> User:
    return make_staff(Role.PRIVACY)


@pytest.fixture
def on_duty(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def rows(response: Any) -> list[list[str]]:
    """What a table shows, by row and cell."""
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in soup(response).select("tbody tr")
    ]


def access_page(account: User) -> str:
    return f"{READING}{account.pk}/"


def page_of(inquiry: Inquiry) -> str:
    return f"{QUEUE}{inquiry.pk}/change/"


# --- Who may --------------------------------------------------------------------------------------

ADDRESSES = [AUDIT, EXPORT, READING, "{access}", "{access}export/"]


@pytest.mark.parametrize("role", ["anyone", "", *Role])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_privacy_officer_alone_looks_on(client: Client, address: str, role: str) -> None:
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


def test_a_superuser_looks_on_and_changes_nothing(client: Client) -> None:
    entry = audit_trail.record_entry(Kind.PURGED, answered=3)
    client.force_login(make_staff(is_superuser=True))
    assert client.get(AUDIT).status_code == 200
    for path in ("add/", f"{entry.pk}/change/", f"{entry.pk}/delete/", f"{entry.pk}/history/"):
        assert client.post(f"{AUDIT}{path}", {"post": "yes"}).status_code == 404
    client.post(AUDIT, {"action": "delete_selected", "_selected_action": str(entry.pk)})
    assert AuditEntry.objects.filter(pk=entry.pk, detail={"answered": 3}).exists()


@pytest.mark.parametrize("path", ["", "export/"])
def test_an_account_that_is_not_there_is_not_found(on_duty: Client, path: str) -> None:
    assert on_duty.get(f"{READING}{uuid4()}/{path}").status_code == 404
    assert on_duty.get(f"{READING}no-such/{path}").status_code == 404


# --- The trail and its filters --------------------------------------------------------------------


def shown(client: Client, query: str = "") -> list[str]:
    """The details of each row, by which a test knows its own."""
    return [row[4] for row in rows(client.get(f"{AUDIT}{query}"))]


def test_the_trail_shows_the_newest_first_in_words(on_duty: Client, coordinator: User) -> None:
    with time_machine.travel(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC), tick=False):
        audit_trail.record_entry(Kind.SEARCHED, by=coordinator, by_what="name", found=3)
        audit_trail.record_entry(Kind.ACCOUNT_CHANGED, about=coordinator, role=["editor", "lead"])
    assert rows(on_duty.get(AUDIT))[:2] == [
        [
            "1 Jan 2030, 22:04:05",
            "Account or role changed",
            "–",
            coordinator.username,
            "role: editor → lead",
        ],
        [
            "1 Jan 2030, 22:04:05",
            "Searched requests",
            coordinator.username,
            "–",
            "by what: name, found: 3",
        ],
    ]


def test_each_filter_keeps_what_it_says_and_all_together(
    on_duty: Client, coordinator: User, lead: User
) -> None:
    audit_trail.record_entry(Kind.SEARCHED, by=coordinator, n=1)
    audit_trail.record_entry(Kind.SEARCHED, by=lead, n=2)
    audit_trail.record_entry(Kind.SIGN_IN_FAILED, about=coordinator, n=3)
    audit_trail.record_entry(Kind.PURGED, n=4)
    hers = f"account={coordinator.pk}"
    assert shown(on_duty, "?kind=searched") == ["n: 2", "n: 1"]
    assert shown(on_duty, f"?{hers}") == ["n: 3", "n: 1"], "what she did and what was done to her"
    assert shown(on_duty, f"?{hers}&kind=searched") == ["n: 1"]
    assert shown(on_duty, f"?{hers}&kind=purged") == []
    assert "Nothing of this kind is on record." in on_duty.get(f"{AUDIT}?{hers}&kind=purged").text
    everything = shown(on_duty, "?kind=&account=&since=&until=")
    assert [each for each in everything if each.startswith("n: ")] == [
        "n: 4",
        "n: 3",
        "n: 2",
        "n: 1",
    ]


@pytest.mark.parametrize("day", ["2026-11-23", "2026-03-08", "2026-11-01"])
def test_days_are_the_clinics_and_whole_also_when_the_clock_is_changed(
    on_duty: Client, day: str
) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=CLINIC)
    next_midnight = midnight.replace(tzinfo=None) + timedelta(days=1)
    ends = next_midnight.replace(tzinfo=CLINIC).astimezone(UTC)
    moment = timedelta(microseconds=1)
    for name, at in (
        ("before", midnight.astimezone(UTC) - moment),
        ("first", midnight.astimezone(UTC)),
        ("last", ends - moment),
        ("after", ends),
    ):
        with time_machine.travel(at, tick=False):
            audit_trail.record_entry(Kind.PURGED, n=name)
    assert shown(on_duty, f"?kind=purged&since={day}&until={day}") == ["n: last", "n: first"]
    assert shown(on_duty, f"?kind=purged&since={day}") == ["n: after", "n: last", "n: first"]
    assert shown(on_duty, f"?kind=purged&until={day}") == ["n: last", "n: first", "n: before"]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("since=0001-01-01", "since", "Enter a day after 1999"),
        ("since=1999-12-31", "since", "Enter a day after 1999"),
        ("until=9999-12-31", "until", "Enter a day before 2200"),
        ("until=2200-01-01", "until", "Enter a day before 2200"),
        ("since=2026-02-30", "since", "Enter a day, such as 2026-11-23"),
        ("since=99999-01-01", "since", "Enter a day, such as 2026-11-23"),
        ("until=%27%20OR%201", "until", "Enter a day, such as 2026-11-23"),
        ("until=-1", "until", "Enter a day, such as 2026-11-23"),
        ("since=2026-11-24&until=2026-11-23", "until", "must not be before the first"),
        (f"account={UUID(int=0)}", "account", "Choose an account from the list"),
        ("account=nobody", "account", "Choose an account from the list"),
        ("kind=everything", "kind", "Choose one from the list"),
        ("kind=" + "x" * 5000, "kind", "Choose one from the list"),
    ],
)
def test_a_filter_that_cannot_be_says_why_beside_its_field(
    on_duty: Client, query: str, field: str, said: str
) -> None:
    audit_trail.record_entry(Kind.PURGED)
    page = soup(on_duty.get(f"{AUDIT}?{query}"))
    assert not page.select("tbody"), "nothing rather than something else"
    assert "Nothing of this kind" not in page.get_text()
    control = page.select_one(f'[name="{field}"]')
    assert control
    assert control["aria-invalid"] == "true"
    tied = page.select_one(f"#{control['aria-describedby']}")
    assert tied
    assert said in tied.get_text()
    assert page.select_one(f'label[for="{control["id"]}"]')


@pytest.mark.parametrize("query", ["since=2000-01-01&until=2199-12-31", "since=2026-11-23"])
def test_the_first_and_the_last_day_there_are_are_taken(on_duty: Client, query: str) -> None:
    with time_machine.travel("2026-11-23T17:00Z"):
        audit_trail.record_entry(Kind.PURGED, n=1)
    assert "n: 1" in shown(on_duty, f"?{query}&kind=purged")


def follow(client: Client, address: str, column: int, query: str = "?") -> list[str]:
    """One column of all pages, by their own links."""
    seen: list[str] = []
    while query:
        page = client.get(f"{address}{query}")
        seen += [row[column] for row in rows(page)]
        following = soup(page).select_one('a[rel="next"]')
        query = str(following["href"]) if following else ""
    return seen


@pytest.mark.parametrize("moments", [1, 7])
def test_the_trail_comes_in_pages_without_a_gap_and_keeps_its_filter(
    on_duty: Client, monkeypatch: pytest.MonkeyPatch, moments: int
) -> None:
    """Also where several were written in the same moment."""
    monkeypatch.setattr(pagination, "PAGE_SIZE", 5)
    for number in range(13):
        at = datetime(2026, 11, 23, 15, number % moments, tzinfo=UTC)
        with time_machine.travel(at, tick=False):
            audit_trail.record_entry(Kind.PURGED, n=number)
            audit_trail.record_entry(Kind.SEARCHED, n=number)
    order = sorted(range(13), key=lambda number: (number % moments, number), reverse=True)
    assert follow(on_duty, AUDIT, 4, "?kind=purged") == [f"n: {number}" for number in order]
    everything = follow(on_duty, AUDIT, 4)
    assert sum(each.startswith("n: ") for each in everything) == 26


@pytest.mark.parametrize(
    "after",
    [
        *("x", "~", "2026-01-01T00:00Z~x", "2026-01-01T00:00Z~", "9999-12-31T23:59:59-14:00~1"),
        f"2026-01-01T00:00Z~{'9' * 5000}",
        "2026-01-01~1",
    ],
)
def test_a_broken_mark_means_the_first_page(on_duty: Client, coordinator: User, after: str) -> None:
    audit_trail.record_entry(Kind.PURGED, n=1)
    ledger.record_reading(make_inquiry(), by=coordinator)
    assert "n: 1" in shown(on_duty, f"?after={after}")
    assert len(rows(on_duty.get(f"{access_page(coordinator)}?after={after}"))) == 1


@pytest.mark.parametrize("key", ["9" * 30, "-1", "0"])
def test_a_mark_of_no_row_is_only_a_place(on_duty: Client, coordinator: User, key: str) -> None:
    after = f"?after=2000-01-01T00:00:00%2B00:00~{key}"
    audit_trail.record_entry(Kind.PURGED)
    page = on_duty.get(f"{AUDIT}{after}")
    assert "That was the last page." in page.text
    assert "That was the last page." in on_duty.get(f"{access_page(coordinator)}{after}").text


# --- Taking it away -------------------------------------------------------------------------------


def table(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    written = b"".join(response.streaming_content).decode()
    return list(csv.reader(StringIO(written, newline="")))


def test_the_export_is_what_is_shown(on_duty: Client, coordinator: User, officer: User) -> None:
    for number in range(120):  # more than a page
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


def test_a_file_is_named_by_us_and_never_by_who_asks(on_duty: Client, coordinator: User) -> None:
    name = 'x"; filename="evil.exe'
    for address in (EXPORT, f"{access_page(coordinator)}export/"):
        for asked in (address, f"{address}?filename={name}&name=../../evil"):
            given = on_duty.post(asked, {"filename": name})["Content-Disposition"]
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9-]+\.csv"', given)
            assert "evil" not in given
            assert coordinator.username not in given


def test_an_export_is_asked_for_and_put_on_record(on_duty: Client, coordinator: User) -> None:
    access = f"{access_page(coordinator)}export/"
    for address in (EXPORT, access):
        page = on_duty.get(address)
        assert page["Content-Type"].startswith("text/html")
        assert "That you took it is put on record." in page.text
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
def test_an_account_name_is_no_formula(on_duty: Client, name: str) -> None:
    account = make_staff(Role.COORDINATOR, username=name)
    inquiry = make_inquiry()
    ledger.record_reading(inquiry, by=account)
    audit_trail.record_entry(Kind.SEARCHED, by=account, about=account, found=1)
    (_, entry) = table(on_duty.post(EXPORT, {"kind": "searched"}))
    (_, reading) = table(on_duty.post(f"{access_page(account)}export/"))
    for cell in (entry[3], entry[4], reading[1]):
        assert cell.removeprefix("'") == account.username, "and is still readable"
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff20"))


# --- Whose data did this account see, and when? ---------------------------------------------------


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
        ["23 Nov 2026, 10:03:00", new, "New"],
        ["23 Nov 2026, 10:02:00", claimed, "Claimed"],
        ["23 Nov 2026, 10:01:00", new, "New"],
    ]
    page = on_duty.get(access_page(coordinator))
    assert rows(page) == expected
    assert unseen.reference not in page.text
    assert "Example" not in page.text, "no name: the request's own page has it"
    header, *exported = table(on_duty.post(f"{access_page(coordinator)}export/"))
    assert header == ["time (UTC)", "account", "request", "state then"]
    assert exported == [
        ["2026-11-23T15:03:00+00:00", coordinator.username, new, "new"],
        ["2026-11-23T15:02:00+00:00", coordinator.username, claimed, "claimed"],
        ["2026-11-23T15:01:00+00:00", coordinator.username, new, "new"],
    ]
    looked = AuditEntry.objects.get(kind=Kind.AUDITED)
    assert (looked.by, looked.about, looked.detail) == (officer, coordinator, {"what": "reading"})


def test_an_account_that_read_nothing_says_so(on_duty: Client) -> None:
    page = on_duty.get(access_page(make_staff(Role.EDITOR)))
    assert "has not opened any request." in page.text


def test_what_an_account_read_comes_in_pages_without_a_gap(
    on_duty: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    made = [make_inquiry() for _ in range(8)]
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        for inquiry in made:
            ledger.record_reading(inquiry, by=coordinator)
    seen = follow(on_duty, access_page(coordinator), 1)
    assert seen == [inquiry.reference for inquiry in reversed(made)]


def test_unusual_reading_leads_to_what_the_account_read(
    on_duty: Client, officer: User, lead: User
) -> None:
    assert "Nothing unusual." in on_duty.get(READING).text
    ledger.record_reading(make_inquiry(State.CLOSED), by=lead)
    disabled = make_staff(Role.COORDINATOR, is_active=False)
    page = on_duty.get(READING)
    (row,) = rows(page)
    assert row[:3] == [str(lead), "Claimed by others or closed, and she took no step", "1"]
    links = {str(link["href"]) for link in soup(page).select(".queue a")}
    for account in (officer, lead, disabled):
        assert access_page(account) in links
    assert f"({disabled.username}, disabled)" in page.text
    assert "ask the person" in page.text


def test_looking_on_is_put_on_record_too(on_duty: Client, officer: User) -> None:
    on_duty.get(AUDIT)
    on_duty.get(READING)
    looked = AuditEntry.objects.filter(kind=Kind.AUDITED).order_by("number")
    assert [(entry.by, entry.detail) for entry in looked] == [
        (officer, {"what": "audit"}),
        (officer, {"what": "unusual_reading"}),
    ]
    assert verify_ledger().faults == []


# --- Every reading is an event --------------------------------------------------------------------


def readings(inquiry: Inquiry) -> list[tuple[User | None, str]]:
    events = inquiry.events.filter(kind=Event.Kind.READ).select_related("by")
    return [(event.by, event.detail["state"]) for event in events]


@pytest.mark.parametrize("state", State)
def test_every_showing_of_a_request_is_one_event_that_says_how_it_stood(
    client: Client, lead: User, state: State
) -> None:
    inquiry = make_inquiry(state)
    version = inquiry.version
    client.force_login(lead)
    for number in (1, 2):
        client.get(page_of(inquiry))
        assert readings(inquiry) == [(lead, state)] * number
    inquiry.refresh_from_db()
    assert inquiry.version == version, "reading changes nothing for who works on it"
    assert verify_ledger().faults == []


def test_a_refused_step_shows_the_request_and_that_is_a_reading(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    for status, step, fields in (
        (409, "claim", {"claim-version": 2}),
        (409, "note", {"note-version": 1, "note-text": "x"}),
        (422, "close", {"close-version": 2}),
        (409, "erase", {"erase-version": 2, "erase-reason": "asked", "erase-sure": "on"}),
    ):
        before = len(readings(inquiry))
        assert client.post(f"{QUEUE}{inquiry.pk}/{step}/", fields).status_code == status
        assert len(readings(inquiry)) == before + 1, step
    before = len(readings(inquiry))
    assert client.post(f"{QUEUE}{inquiry.pk}/release/", {"release-version": 2}).status_code == 302
    assert len(readings(inquiry)) == before, "the page comes with the next answer"


@pytest.mark.parametrize("role", ["anyone", "", Role.EDITOR, Role.REVIEWER])
def test_who_is_not_let_in_reads_nothing(client: Client, role: str) -> None:
    inquiry = make_inquiry()
    if role != "anyone":
        client.force_login(make_staff(role))
    for answer in (
        client.get(page_of(inquiry)),
        client.post(f"{QUEUE}{inquiry.pk}/claim/", {"claim-version": 1}),
        client.post(f"{QUEUE}{inquiry.pk}/erase/", {}),
    ):
        assert answer.status_code in {302, 401, 404}
        assert "Ana Example" not in answer.text
    assert readings(inquiry) == []


def test_lists_and_searches_are_no_readings(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    client.get(QUEUE)
    client.post(f"{QUEUE}find/", {"q": inquiry.reference})
    client.get(f"{QUEUE}{uuid4()}/change/")
    assert readings(inquiry) == []


def test_the_request_page_shows_who_opened_it(
    client: Client, coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry()
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        ledger.record_reading(inquiry, by=lead)
    client.force_login(coordinator)
    with time_machine.travel("2026-11-23T16:00:00Z", tick=False):
        client.force_login(coordinator)
        page = soup(client.get(page_of(inquiry)))
    opened = page.select_one("details.readings")
    assert opened
    assert "Who opened it (2)" in opened.get_text()
    assert [each.get_text(" ", strip=True) for each in opened.select("li")] == [
        f"Mon 23 Nov 2026, 11:00 {coordinator}",
        f"Mon 23 Nov 2026, 10:00 {lead}",
    ]
    timeline = page.select_one(".timeline")
    assert timeline
    assert str(lead) not in timeline.get_text(), "reading is no step"


# --- What the pages cost --------------------------------------------------------------------------


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code == 200
    assert not any("COUNT(" in query["sql"] for query in captured), "no list is counted"
    return len(captured)


def test_pages_cost_the_same_with_few_and_with_many(on_duty: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLOSED)
    addresses: dict[str, Callable[[], str]] = {
        "trail": lambda: AUDIT,
        "reading": lambda: READING,
        "access": lambda: access_page(coordinator),
        "request": lambda: page_of(inquiry),
    }
    costs: list[dict[str, int]] = []
    for size in (3, 40):
        for _ in range(size):
            reader = make_staff(Role.COORDINATOR, last_name="Example")
            for each in (inquiry, make_inquiry(State.CLOSED)):
                ledger.record_reading(each, by=reader)
                ledger.record_reading(each, by=coordinator)
            audit_trail.record_entry(Kind.ACCOUNT_CHANGED, by=reader, about=coordinator)
        on_duty.get(AUDIT)  # what a session costs once
        costs.append({name: cost(on_duty, address()) for name, address in addresses.items()})
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 14, costs
    assert len(rows(on_duty.get(READING))) > 40


def test_the_trail_reads_one_page_and_no_more(
    on_duty: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
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
