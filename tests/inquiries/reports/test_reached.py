"""Reports keep apart whom we tried and whom we reached, and show load, ways, and feedback."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from inquiries.models import Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.reports import counting
from inquiries.reports.counting import Days
from inquiries.states import EmergencyHelp, State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.reports.test_report import DAYS, EXPORT, REPORTS, at, shown, taken

pytestmark = pytest.mark.django_db

MONDAY = Days(at(2, 9).date(), at(2, 9).date())
TUESDAY = Days(at(3, 9).date(), at(3, 9).date())


@pytest.fixture
def leading(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def asked(moment: datetime, **fields: Any) -> Inquiry:
    with time_machine.travel(moment, tick=False):
        return make_inquiry(**fields)


def step(inquiry: Inquiry, verb: Any, moment: datetime, by: User, **said: Any) -> Inquiry:
    with time_machine.travel(moment, tick=False):
        done: Inquiry = verb(inquiry, version=inquiry.version, by=by, **said)
    return done


def test_a_call_that_no_one_picked_up_is_tried_but_not_reached(coordinator: User) -> None:
    inquiry = step(asked(at(2, 9)), steps.claim, at(2, 9, 5), coordinator)
    inquiry = step(
        inquiry, steps.log_attempt, at(2, 10), coordinator, method="phone", reached="nobody"
    )
    assert sum(counting.tried_by_day(MONDAY).values()) == 1
    assert counting.count_reached(MONDAY) == 0
    how = {"method": "phone", "identity": "reference"}
    inquiry = step(inquiry, steps.log_conversation, at(3, 10), coordinator, **how)
    step(inquiry, steps.log_conversation, at(3, 11), coordinator, **how)
    assert counting.count_reached(MONDAY) == 0
    assert counting.reached_by_day(TUESDAY) == {TUESDAY.first: 1}, "only the first time counts"


def test_a_message_or_a_hand_over_reaches_them_too(coordinator: User) -> None:
    mailed = asked(at(2, 9), contact_method="email", email="ana@example.org")
    mailed = step(mailed, steps.claim, at(2, 9, 5), coordinator)
    step(mailed, steps.reply, at(2, 10), coordinator, text="Here is the answer.")
    step(asked(at(2, 9)), steps.log_handover, at(2, 11), coordinator, to=EmergencyHelp.SERVICES)
    assert counting.reached_by_day(MONDAY) == {MONDAY.first: 2}


def test_load_is_listed_by_name_with_what_is_open_now(leading: Client) -> None:
    busy = make_staff(Role.COORDINATOR, first_name="Zoe", last_name="Adams")
    calm = make_staff(Role.COORDINATOR, first_name="Amy", last_name="Brown")
    for _ in range(2):
        inquiry = step(asked(at(2, 9)), steps.claim, at(2, 9, 5), busy)
        step(inquiry, steps.close, at(2, 10), busy, outcome=Outcome.ANSWERED)
    step(asked(at(2, 9)), steps.claim, at(2, 9, 5), calm)
    early = step(asked(at(1, 9)), steps.claim, at(1, 9, 5), calm)
    step(early, steps.close, at(1, 10), calm, outcome=Outcome.ANSWERED)
    assert shown(leading.get(REPORTS, DAYS), "colleagues") == [
        ["Amy Brown", "0", "1", "1"],
        ["Zoe Adams", "2", "0", "0"],
    ]


def test_ways_languages_and_hours_stand_beside_the_range_before(leading: Client) -> None:
    for _ in range(5):
        asked(at(2, 14, 20))
        asked(at(1, 23))
    for _ in range(3):
        asked(at(3, 14), contact_method="text", language="es")
    page = leading.get(REPORTS, DAYS)
    assert shown(page, "ways") == [
        ["Phone call", "5", "5"],
        ["Others (fewer than 5 each)", "fewer than 5", "0"],
    ]
    assert shown(page, "languages")[0] == ["English", "5", "5"]
    hours = {label: counts for label, *counts in shown(page, "hours") if counts != ["0", "0"]}
    assert hours == {"2 p.m. to 3 p.m.": ["8", "0"], "11 p.m. to midnight": ["0", "5"]}
    rows = taken(leading.post(EXPORT, DAYS))
    assert ["Ways", "Phone call", "requests in the range before", "5"] in rows


def test_feedback_is_counted_and_a_few_answers_are_hidden(leading: Client) -> None:
    coordinator = make_staff(Role.COORDINATOR)
    for helped in [*["yes"] * 5, "no"]:
        inquiry = step(asked(at(2, 9)), steps.claim, at(2, 9, 5), coordinator)
        inquiry = step(inquiry, steps.close, at(2, 10), coordinator, outcome=Outcome.ANSWERED)
        correspondence.say_whether_helped(inquiry, helped=helped, text="Jo was kind.")
    page = leading.get(REPORTS, DAYS)
    assert shown(page, "helped") == [
        ["Yes, it helped", "5"],
        ["Partly", "0"],
        ["No", "fewer than 5"],
    ]
    assert "kind" not in page.text


def test_presets_are_links_and_the_chosen_one_is_marked(leading: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 29, 17, tzinfo=UTC), tick=False):
        page = BeautifulSoup(leading.get(REPORTS).text, "html.parser")
        links = {each.get_text(strip=True): each for each in page.select(".report-presets a")}
        assert [name for name, each in links.items() if each.get("aria-current")] == [
            "Last 30 days"
        ]
        answer = leading.get(REPORTS + str(links["Last month"]["href"]))
    assert "October 1, 2026 to October 31, 2026" in " ".join(answer.text.split())


def test_ranges_are_counted_from_their_indexes() -> None:
    """Otherwise a report would read the whole table of events at a million requests."""
    make_inquiry(State.CLOSED)
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table in full, whatever its indexes")
    reached = Event.objects.filter(kind__among=Event.REACHED, **MONDAY.within("at"))
    assert "event_reached" in reached.explain()
    ended = Inquiry.objects.filter(**MONDAY.within("closed_at")).order_by()
    plan = ended.values_list("outcome", "owner", "helped").explain()
    assert "COVERING INDEX inquiry_ended" in plan
    long = Days(MONDAY.first - timedelta(days=300), MONDAY.last)
    received = Inquiry.objects.filter(**long.within("received_at")).order_by()
    plan = received.values_list("contact_method", "language", "topic").explain()
    assert "COVERING INDEX inquiry_received" in plan
