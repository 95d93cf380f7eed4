"""Rules with a number, tested at the limit and one step beyond it.

Every number is written out, so that none changes unnoticed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.http import QueryDict
from django.utils import timezone

from articles import capped_counts
from inquiries.deadlines import service_levels
from inquiries.forms.report import ReportForm
from inquiries.ledger import events, transitions
from inquiries.models import Clock, Event, Inquiry, Notice, ServiceLevel
from inquiries.private_page import correspondence
from inquiries.reports import report
from inquiries.search import lookup
from inquiries.states import State
from inquiries.team import viewers
from inquiries.triage import queue, steps, sweep
from inquiries.worker import daily_digest, worker
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db

#: A Monday; the clinic is open from nine to five in New York.
MONDAY = datetime(2026, 11, 2, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DANGER = "I have chest pain."


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


# --- What the sender does -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "messages"), [(timedelta(minutes=10) - SECOND, 1), (timedelta(minutes=10), 2)]
)
def test_the_same_words_within_ten_minutes_are_one_message(later: timedelta, messages: int) -> None:
    with at(MONDAY):
        inquiry = correspondence.write_message(make_inquiry(), text="Hello?")
    with at(MONDAY + later):
        correspondence.write_message(inquiry, text="Hello?")
    assert inquiry.events.filter(kind=Event.Kind.WROTE).count() == messages


def test_a_hundred_unseen_items_fill_a_request() -> None:
    inquiry = make_inquiry()  # the first thing nobody has seen
    for number in range(98):
        inquiry = correspondence.write_message(inquiry, text=f"Hello {number}?")
    assert not correspondence.is_inbox_full(inquiry)
    assert correspondence.is_inbox_full(correspondence.write_message(inquiry, text="Hello?"))


# --- Deadlines ------------------------------------------------------------------------------------

#: Working minutes until somebody looks, tries first, answers again, has closed it; whether a day
#: counts until its end; attempts, hours between two of them, parts of the day, channels.
OWED = {
    "urgent": (60, 120, 120, 960, False, 5, 2, 2, 2),
    "soon": (240, 240, 240, 2400, False, 4, 3, 2, 2),
    "routine": (240, 480, 480, 4800, True, 3, 4, 2, 2),
}
FIELDS = (
    *("look_minutes", "first_attempt_minutes", "next_reply_minutes", "closure_minutes"),
    *("until_closing", "attempts", "hours_apart", "parts_of_day", "channels"),
)


def test_the_built_in_service_levels_are_as_agreed() -> None:
    rows = ServiceLevel.objects.values_list("urgency", *FIELDS)
    assert {urgency: tuple(owed) for urgency, *owed in rows} == OWED
    shipped = service_levels.SHIPPED_LEVELS.items()
    assert {str(urgency): tuple(map(owed.get, FIELDS)) for urgency, owed in shipped} == OWED


def test_staff_are_warned_of_urgent_deadlines_at_half_three_quarters_and_the_end() -> None:
    with at(MONDAY):
        inquiry = make_inquiry(message=DANGER)  # the first attempt is due in two hours
    clock = inquiry.clocks.get(kind=Clock.Kind.FIRST_ATTEMPT)
    told = []
    while clock.warn_at:
        told.append((clock.warn_at - MONDAY) / timedelta(minutes=1))
        with at(clock.warn_at):
            sweep.warn_of_deadlines()
        clock.refresh_from_db()
    assert told == [60, 90, 120]


@pytest.mark.parametrize(
    ("before_opening", "is_made"),
    [(timedelta(hours=1), True), (timedelta(hours=1) + SECOND, False)],
)
def test_the_digest_comes_an_hour_before_the_clinic_opens(
    before_opening: timedelta, is_made: bool
) -> None:
    make_staff(Role.COORDINATOR, email="colleague@example.org")
    with at(MONDAY - before_opening):
        assert bool(daily_digest.queue_digests()) is is_made


@pytest.mark.parametrize(
    ("late", "is_asleep"), [(timedelta(minutes=15), True), (timedelta(minutes=15) - SECOND, False)]
)
def test_a_request_asleep_a_quarter_of_an_hour_too_long_is_in_limbo(
    coordinator: User, late: timedelta, is_asleep: bool
) -> None:
    with at(MONDAY):
        inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
        wakes_at = MONDAY + timedelta(days=1)
        steps.set_aside(
            inquiry, until=wakes_at, why="asked", version=inquiry.version, by=coordinator
        )
    with at(wakes_at + late):
        assert bool(sweep.find_limbo().asleep) is is_asleep


@pytest.mark.parametrize(("days", "is_taken"), [(90, True), (91, False)])
def test_a_request_can_be_set_aside_for_at_most_ninety_days(
    coordinator: User, days: int, is_taken: bool
) -> None:
    with at(MONDAY):
        inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
        until = MONDAY + timedelta(days=days)
        given: dict[str, Any] = {"until": until, "why": "asked", "version": inquiry.version}
        if is_taken:
            assert steps.set_aside(inquiry, by=coordinator, **given).wakes_at == until
            return
        with pytest.raises(transitions.StepRefused, match="within the next 90 days"):
            steps.set_aside(inquiry, by=coordinator, **given)


# --- What staff see -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago", "is_named"), [(timedelta(minutes=10) - SECOND, True), (timedelta(minutes=10), False)]
)
def test_people_who_opened_a_request_within_ten_minutes_are_named(
    coordinator: User, lead: User, ago: timedelta, is_named: bool
) -> None:
    inquiry = make_inquiry()
    with at(MONDAY):
        events.record_reading(inquiry, by=lead)
    with at(MONDAY + ago):
        assert bool(viewers.other_viewers(inquiry, by=coordinator)) is is_named


@pytest.mark.parametrize(("seconds", "is_here"), [(59, True), (60, False)])
def test_a_page_counts_as_open_for_a_minute(
    coordinator: User, lead: User, seconds: int, is_here: bool
) -> None:
    inquiry = make_inquiry()
    with at(MONDAY):
        viewers.note_viewer(inquiry, by=lead)
    with at(MONDAY + timedelta(seconds=seconds)):
        assert bool(viewers.other_viewers(inquiry, by=coordinator)) is is_here


@pytest.mark.parametrize(
    ("before", "is_soon"), [(timedelta(hours=4), False), (timedelta(hours=4) - SECOND, True)]
)
def test_what_is_due_within_four_hours_is_due_soon(
    coordinator: User, before: timedelta, is_soon: bool
) -> None:
    inquiry = make_inquiry()
    with at(inquiry.due_at - before):
        assert bool(queue.VIEWS["soon"].rows(coordinator, timezone.now())) is is_soon


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (99, "99"), (100, "99+"), (5000, "99+")])
def test_a_view_counts_up_to_ninety_nine(count: int, shown: str) -> None:
    assert capped_counts.format_count(count) == shown


@pytest.mark.parametrize(("days", "is_taken"), [(366, True), (367, False)])
def test_a_report_covers_at_most_a_leap_year(days: int, is_taken: bool) -> None:
    first = MONDAY.date()
    form = ReportForm({"since": first, "until": first + timedelta(days=days - 1)})
    assert form.is_valid() is is_taken


@pytest.mark.parametrize(("days", "by_week"), [(31, False), (32, True)])
def test_a_report_shows_up_to_a_month_by_day_and_more_by_week(days: int, by_week: bool) -> None:
    first = MONDAY.date()
    told = report.build_report(first, first + timedelta(days=days - 1), MONDAY)
    assert told.by_week is by_week


def test_a_report_covers_thirty_days_by_default() -> None:
    with at(MONDAY):
        form = ReportForm.from_query(QueryDict())
    assert form.is_valid()
    assert form.cleaned_data["until"] - form.cleaned_data["since"] == timedelta(days=29)


# --- What is found --------------------------------------------------------------------------------


def test_a_search_finds_the_newest_fifty() -> None:
    made = [make_inquiry(full_name="Ana Example") for _ in range(51)]
    assert lookup.find_inquiries("Example")[1] == sorted(
        made[1:], key=lambda inquiry: inquiry.received_at, reverse=True
    )


def test_ten_other_requests_of_the_same_person_are_listed() -> None:
    made = [make_inquiry() for _ in range(12)]
    assert len(lookup.find_with_same_contact(made[0], exclude=made[0])) == 10


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [("WolfeschlegelsteX", True), ("WolfeschlegelstX", False)],
    ids=["sixteen letters count", "all of them"],
)
def test_a_word_is_searched_by_its_first_sixteen_letters(typed: str, is_found: bool) -> None:
    inquiry = make_inquiry(full_name="Wolfeschlegelsteinhausen")
    assert (inquiry in lookup.find_inquiries(typed)[1]) is is_found


@pytest.mark.parametrize(("words", "is_found"), [(8, True), (7, False)])
def test_a_search_uses_the_first_eight_words(words: int, is_found: bool) -> None:
    names = ["Ana", "Bea", "Cam", "Dan", "Eva", "Fay", "Gus", "Hal"]
    inquiry = make_inquiry(full_name=" ".join(names))
    typed = " ".join([*names[:words], "Stranger"])
    assert (inquiry in lookup.find_inquiries(typed)[1]) is is_found


# --- What the worker does at once -----------------------------------------------------------------


def test_emails_are_sent_in_batches_of_fifty(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    for number in range(51):
        make_inquiry(contact_method="email", email=f"person{number}@example.org")
    assert worker._send_mails(), "there is more"
    assert len(mail.outbox) == 50
    assert not Notice.objects.exists()
    assert Inquiry.objects.count() == 51
