"""Reports for leads: the numbers are correct, and nothing in them identifies a person."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries import privacy
from inquiries.models import AuditEntry, Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_article, make_category, make_inquiry, make_staff

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
REPORTS = f"{QUEUE}reports/"
EXPORT = f"{REPORTS}export/"
DAYS = {"since": "2026-11-02", "until": "2026-11-03"}
OTHERS = "Others (fewer than 5 each)"
#: Words that senders wrote, and that must not appear anywhere in a report.
CANARIES = ("Quillfeather", "Wilhelmina", "tacrolimus", "ashgrove", "555-0147", "Thursdays")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in November 2026, in the clinic's time zone; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


@pytest.fixture
def leading(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def ask(received_at: datetime, **fields: Any) -> Inquiry:
    with time_machine.travel(received_at, tick=False):
        return make_inquiry(
            full_name="Wilhelmina Quillfeather",
            message="May I travel with tacrolimus?",
            phone="(202) 555-0147",
            email="w@ashgrove.example",
            **fields,
        )


def step(inquiry: Inquiry, verb: Any, moment: datetime, by: User, **said: Any) -> Inquiry:
    with time_machine.travel(moment, tick=False):
        taken: Inquiry = verb(inquiry, version=inquiry.version, by=by, **said)
    return taken


def try_to_reach(inquiry: Inquiry, moment: datetime, by: User) -> Inquiry:
    inquiry = step(inquiry, steps.claim, moment, by)
    return step(inquiry, steps.log_attempt, moment, by, method="phone", reached="nobody")


@pytest.fixture
def world(coordinator: User) -> Iterator[None]:
    """Two days of a small clinic, open nine to five, with the reports read on the 4th at noon."""
    lupus, fabry = make_category("Lupus"), make_category("Fabry disease")
    article = make_article(title="Kidney tests")
    first, second, third, fourth, fifth = (
        ask(at(2, 9), topic=lupus, article=article) for _ in range(5)
    )
    # Working minutes to the first attempt: 60, 120, 180, and 480 + 60, which is too late.
    first = try_to_reach(first, at(2, 10), coordinator)
    second = try_to_reach(second, at(2, 11), coordinator)
    try_to_reach(third, at(2, 12), coordinator)
    try_to_reach(fourth, at(3, 10), coordinator)
    # Working minutes to closing: 120, and 480 + 30.
    step(first, steps.close, at(2, 11), coordinator, outcome=Outcome.ANSWERED)
    step(second, steps.close, at(3, 9, 30), coordinator, outcome=Outcome.REFERRED)
    # The sender withdrew and had the request erased, so there is no waiting time to count.
    fifth = step(fifth, steps.claim, at(2, 9, 30), coordinator)
    fifth = step(fifth, steps.add_note, at(2, 9, 40), coordinator, text="Prefers Thursdays.")
    fifth = step(fifth, steps.close, at(2, 10), coordinator, outcome=Outcome.WITHDRAWN)
    officer = make_staff(Role.PRIVACY)
    step(fifth, privacy.erase_inquiry, at(2, 12), officer, reason=ErasureReason.ASKED)
    # The last moment of the range, the first moment after it, and weeks before it.
    ask(at(3, 23, 59), topic=fabry)
    ask(at(4, 0), topic=fabry)
    ask(datetime(2026, 10, 13, 13, tzinfo=UTC), topic=fabry)
    with time_machine.travel(at(4, 12), tick=False):
        yield


def taken(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    written = b"".join(response.streaming_content).decode()
    return list(csv.reader(StringIO(written, newline="")))


def shown(page: Any, caption: str) -> list[list[str]]:
    """Return the rows of one table."""
    assert page.status_code == 200
    found = BeautifulSoup(page.text, "html.parser").select_one(f"#{caption}")
    assert found
    assert found.parent
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in found.parent.select("tbody tr")
    ]


def test_counts_for_two_days_match_a_count_by_hand(world: None, leading: Client) -> None:
    page = leading.get(REPORTS, DAYS)
    totals = BeautifulSoup(page.text, "html.parser").select(".report-totals dd")
    assert [each.get_text() for each in totals if not each.get("class")] == [
        *("6", "4", "0", "3", "5")
    ]
    assert shown(page, "periods") == [
        ["November 2, 2026", "5", "3", "0"],
        ["November 3, 2026", "1", "1", "0"],
    ]
    ages = {label: count for label, count in shown(page, "ages") if count != "0"}
    assert ages == {"Today": "1", "1 to 2 days ago": "3", "14 to 27 days ago": "1"}
    assert shown(page, "waits") == [
        ["First attempt to reach the sender", "4", "2.0 hr", "9.0 hr", "–"],
        ["Close the request", "2", "2.0 hr", "8.5 hr", "–"],
    ]
    assert shown(page, "deadlines") == [
        ["Check for spam", "none ended", "0"],
        ["First attempt to reach the sender", "3 of 4 (75%)", "1"],
        ["Next attempt or reply", "2 of 2 (100%)", "1"],
        ["Close the request", "2 of 2 (100%)", "1"],
    ]
    assert shown(page, "outcomes") == [
        ["Answered", "1", "0"],
        ["Referred", "1", "0"],
        ["Unreachable", "0", "0"],
        ["Withdrawn", "1", "0"],
        ["Duplicate", "0", "0"],
        ["Spam", "0", "0"],
    ]
    assert shown(page, "topics") == [["Lupus", "5", "0"], [OTHERS, "fewer than 5", "0"]]
    # Four have this article, one has an article that was erased, one never had any.
    assert shown(page, "articles") == [[OTHERS, "6", "0"]]


def test_the_export_contains_what_the_page_shows(world: None, leading: Client) -> None:
    header, *rows = taken(leading.post(EXPORT, DAYS))
    assert header == ["table", "row", "figure", "value"]
    said = {(table, row, figure): value for table, row, figure, value in rows}
    assert len(said) == len(rows)
    for expected in (
        ("Range", "first day", "", "2026-11-02"),
        ("Total", "", "received", "6"),
        ("Received, first tried, and first reached", "2026-11-02", "first tried", "3"),
        ("Range before", "last day", "", "2026-11-01"),
        ("Open now, by when it was received", "1 to 2 days ago", "requests", "3"),
        ("Working hours", "First attempt to reach the sender", "90th percentile", "9.0"),
        ("Deadlines", "First attempt to reach the sender", "met", "3"),
        ("Deadlines", "First attempt to reach the sender", "ended", "4"),
        ("Outcomes", "Withdrawn", "requests", "1"),
        ("Topics", "Lupus", "requests", "5"),
        ("Topics", OTHERS, "requests", "fewer than 5"),
        ("Articles", OTHERS, "requests", "6"),
    ):
        assert said[expected[:3]] == expected[3], expected


def test_reports_reveal_no_patient_words_and_no_rare_topics(world: None, leading: Client) -> None:
    told = leading.get(REPORTS, DAYS).text + str(taken(leading.post(EXPORT, DAYS)))
    assert "Lupus" in told
    references = Inquiry.objects.values_list("reference", flat=True)
    for word in (*CANARIES, "Fabry", *references):
        assert word.lower() not in told.lower(), word


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example","x")', "+1+1", "@SUM(1)"])
def test_topics_and_titles_never_become_formulas_or_markup(leading: Client, name: str) -> None:
    topic, article = make_category(name), make_article(title=f"{name}<b>")
    for _ in range(5):
        ask(at(2, 9), topic=topic, article=article)
    cells = {
        row[1] for row in taken(leading.post(EXPORT, DAYS)) if row[0] in {"Topics", "Articles"}
    }
    assert cells == {f"'{name}", f"'{name}<b>"}
    assert "<b>" not in leading.get(REPORTS, DAYS).text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRIVACY, Role.EDITOR])
def test_only_leads_can_open_or_export_reports(client: Client, role: Role) -> None:
    client.force_login(make_staff(role))
    for answer in (client.get(REPORTS), client.get(EXPORT), client.post(EXPORT, DAYS)):
        assert answer.status_code == 403
    assert REPORTS not in client.get(QUEUE).text


def test_leads_get_from_the_queue_to_the_export_and_keep_the_dates(leading: Client) -> None:
    assert f'href="{REPORTS}"' in leading.get(QUEUE).text
    page = BeautifulSoup(leading.get(REPORTS, DAYS).text, "html.parser")
    link = page.select_one(f'a[href^="{EXPORT}"]')
    assert link
    confirming = BeautifulSoup(leading.get(str(link["href"])).text, "html.parser")
    filled = {str(each["name"]): each["value"] for each in confirming.select("input[type=date]")}
    assert filled == DAYS


def test_exports_are_recorded_and_page_views_are_not(leading: Client, lead: User) -> None:
    leading.get(REPORTS)
    leading.get(EXPORT)
    assert leading.post(EXPORT, {**DAYS, "until": "2026-11-01"}).status_code == 422
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    assert strict.post(EXPORT, DAYS).status_code == 403
    exported = AuditEntry.objects.filter(kind=AuditEntry.Kind.EXPORTED)
    assert not exported.exists()
    answer = leading.post(EXPORT, {**DAYS, "filename": "evil.exe"})
    named = 'attachment; filename="report-2026-11-02-to-2026-11-03.csv"'
    assert answer["Content-Disposition"] == named
    entry = exported.get()
    assert (entry.by, entry.detail) == (lead, {"what": "report", **DAYS})


@time_machine.travel("2026-11-24T02:00:00Z", tick=False)  # it is still the 23rd at the clinic
def test_the_default_range_is_the_last_thirty_days(client: Client, lead: User) -> None:
    client.force_login(lead)
    days = [row[0] for row in shown(client.get(REPORTS), "periods")]
    assert (days[0], days[-1], len(days)) == ("October 25, 2026", "November 23, 2026", 30)


def test_future_days_have_nothing_to_count(leading: Client) -> None:
    page = leading.get(REPORTS, {"since": "2199-12-30", "until": "2199-12-31"})
    assert [row[1:] for row in shown(page, "periods")] == [["0", "0", "0"]] * 2
    assert "Nothing was received on these days." in page.text


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        ("2026-11-03", "2026-11-02", "The last day must not be before the first"),
        ("2026-01-01", "2027-01-02", "Choose 366 days or fewer"),
        ("", "2026-11-02", "Enter a day, such as 2026-11-23"),
        ("2026-02-30", "2026-11-02", "Enter a day, such as 2026-11-23"),
        ("' OR 1=1 --", "<script>", "Enter a day, such as 2026-11-23"),
        ("0001-01-01", "9999-12-31", "Enter a day after 1999"),
        ("9" * 5000, "2026-11-02", "Enter a day, such as 2026-11-23"),
    ],
)
def test_an_invalid_range_is_refused_in_plain_words(
    leading: Client, since: str, until: str, problem: str
) -> None:
    asked = {"since": since, "until": until}
    for answer, status in ((leading.get(REPORTS, asked), 200), (leading.post(EXPORT, asked), 422)):
        assert answer.status_code == status
        assert problem in answer.text
        assert "report-totals" not in answer.text


def test_a_range_can_cover_a_leap_year(leading: Client) -> None:
    page = leading.get(REPORTS, {"since": "2028-01-01", "until": "2028-12-31"})
    assert shown(page, "periods")[0][0] == "January 1, 2028 to January 2, 2028"


def test_each_chart_has_a_table_and_no_inline_styles(world: None, leading: Client) -> None:
    page = BeautifulSoup(leading.get(REPORTS, DAYS).text, "html.parser")
    drawn = page.select(".report svg")
    assert len(drawn) > 10
    for each in drawn:
        assert each.get("aria-hidden") == "true" or (each.get("role") == "img" and each.title)
    assert not page.select(".report [style], .report style, .report script")
    chart = page.select_one("svg[role=img]")
    assert chart
    heights = {
        name: [each["height"] for each in chart.select(f"rect.report-{name}")]
        for name in ("first", "second")
    }
    # 5 and 1 received, 3 and 1 answered, on a scale that ends at 5.
    assert heights == {"first": ["100.00%", "20.00%"], "second": ["60.00%", "20.00%"]}
    assert page.select_one("figure + .results table")


def test_a_report_takes_the_same_number_of_queries_for_few_and_many(leading: Client) -> None:
    costs = []
    for size in (2, 12):
        for _ in range(size):
            inquiry = make_inquiry(topic=make_category(), article=make_article())
            make_inquiry(State.CLOSED, topic=inquiry.topic, article=inquiry.article)
        leading.get(REPORTS)  # the fixed queries of a session
        with CaptureQueriesContext(connection) as captured:
            assert leading.get(REPORTS).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 18
