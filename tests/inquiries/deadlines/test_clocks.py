"""What we owe and by when, from a request's first moment to its last. All on a Monday in November:
2026-11-23, New York, where we work from nine to five, and Thursday is Thanksgiving.
"""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from inquiries import submission_history
from inquiries.deadlines import clocks, service_levels
from inquiries.ledger.verification import verify_ledger
from inquiries.models import (
    Calendar,
    Clock,
    Delivery,
    Event,
    Inquiry,
    Notice,
    OpeningHours,
    ServiceLevel,
    SpecialDay,
)
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import State, Urgency, WaitReason
from inquiries.triage import steps, sweep
from inquiries.worker import mailer
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import (
    correct,
    make_absence,
    make_calendar,
    make_category,
    make_inquiry,
    make_staff,
)

pytestmark = pytest.mark.django_db

Kind, Verdict = Clock.Kind, Clock.Verdict
NEW_YORK = ZoneInfo("America/New_York")
CALENDARS = "/admin/inquiries/calendar/"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


def running(inquiry: Inquiry) -> dict[str, datetime]:
    clocks = Clock.objects.filter(inquiry=inquiry, stopped_at__isnull=True)
    return {clock.kind: clock.due_at for clock in clocks}


def ended(inquiry: Inquiry, kind: str) -> Clock:
    return inquiry.clocks.filter(kind=kind, stopped_at__isnull=False).get()


def due(inquiry: Inquiry) -> datetime:
    return Inquiry.objects.values_list("due_at", flat=True).get(pk=inquiry.pk)


def try_to_call(inquiry: Inquiry, by: User) -> Inquiry:
    inquiry.refresh_from_db()
    return steps.log_attempt(
        inquiry, method="phone", reached="nobody", version=inquiry.version, by=by
    )


# --- What starts and what stops -------------------------------------------------------------------


def test_a_new_request_is_owed_a_first_attempt_and_an_end() -> None:
    inquiry = make_inquiry()
    in_ten_working_days = at(24, 17) + timedelta(days=14)  # one of them is Thanksgiving
    assert running(inquiry) == {Kind.FIRST_ATTEMPT: at(24, 17), Kind.CLOSURE: in_ten_working_days}
    assert due(inquiry) == at(24, 17), "what comes first is what it is due for"


def test_a_mail_that_goes_by_itself_is_no_attempt(settings: object) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    mailer.send_delivery(Delivery.objects.get())
    assert running(inquiry)[Kind.FIRST_ATTEMPT] == at(24, 17)


def test_who_was_not_reached_is_owed_another_attempt(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 11))
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MET
    assert ended(inquiry, Kind.FIRST_ATTEMPT).spent_minutes == 9 * 60
    assert due(inquiry) == running(inquiry)[Kind.NEXT_REPLY] == at(25, 17)


def test_after_a_conversation_only_the_end_is_owed(coordinator: User) -> None:
    inquiry = make_inquiry(State.CONNECTED, owner=coordinator)
    assert running(inquiry).keys() == {Kind.CLOSURE}
    correspondence.write_message(inquiry, text="One more question.")
    correspondence.write_message(inquiry, text="And another.")
    assert running(inquiry).keys() == {Kind.CLOSURE, Kind.NEXT_REPLY}
    assert due(inquiry) == at(24, 17), "the first of the two promises stands"


def test_what_is_over_is_judged_once_and_for_all(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(25, 10))
    inquiry = try_to_call(inquiry, coordinator)
    steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    verdicts = {Kind.FIRST_ATTEMPT: Verdict.MISSED, Kind.CLOSURE: Verdict.MET}
    assert dict(inquiry.clocks.filter(kind__in=verdicts).values_list("kind", "verdict")) == verdicts
    before = list(inquiry.clocks.order_by("pk").values())
    ServiceLevel.objects.update(first_attempt_minutes=1, calendar=make_calendar())
    Calendar.objects.exclude(levels__isnull=False).delete()
    coordinator.is_active = False
    coordinator.save()
    assert list(inquiry.clocks.order_by("pk").values()) == before


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.NOT_A_REQUEST])
def test_nobody_is_judged_for_what_nobody_needed(coordinator: User, outcome: Outcome) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    steps.close(inquiry, outcome=outcome, version=inquiry.version, by=coordinator)
    assert set(inquiry.clocks.values_list("verdict", flat=True)) == {Verdict.VOID}


def test_quarantine_has_a_clock_of_its_own(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    assert running(inquiry) == {Kind.LOOK: at(23, 17)}
    monday.move_to(at(24, 9))
    steps.clear_from_quarantine(inquiry, version=1, by=coordinator)
    assert ended(inquiry, Kind.LOOK).verdict == Verdict.MISSED
    assert due(inquiry) == at(24, 17), "she waits since the beginning"


def test_to_release_to_hand_over_or_to_be_away_lets_the_clocks_run_on(
    coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    before = running(inquiry)
    inquiry = steps.reassign(inquiry, to=lead, version=inquiry.version, by=coordinator)
    make_absence(lead)
    sweep.release_orphaned()
    assert running(inquiry) == before
    assert Inquiry.objects.get().state == State.NEW


# --- What pauses ----------------------------------------------------------------------------------


def set_aside(inquiry: Inquiry, until: datetime, why: WaitReason, by: User) -> Inquiry:
    inquiry.refresh_from_db()
    return steps.set_aside(inquiry, until=until, why=why, version=inquiry.version, by=by)


def test_her_own_wish_stops_the_clock_and_gives_back_what_was_left(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    assert due(inquiry) == at(30, 11), "two hours were left"
    assert sweep.warn_of_deadlines() == 0, "nobody is warned while it stands still"
    monday.move_to(at(30, 9))
    assert sweep.wake_due() == 1
    assert due(inquiry) == at(30, 11)
    monday.move_to(at(30, 10))
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MET
    assert ended(inquiry, Kind.FIRST_ATTEMPT).spent_minutes == 14 * 60


def test_who_writes_earlier_is_owed_what_was_left_from_then(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    monday.move_to(at(24, 9))
    correspondence.write_message(inquiry, text="You may call sooner.")
    assert due(inquiry) == at(25, 16), "of fifteen hours seven are gone with Monday's evening"


def test_a_pause_takes_no_time_away_where_a_day_was_closed_since(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    assert due(inquiry) == at(24, 17)
    calendar = Calendar.objects.get()
    SpecialDay.objects.create(calendar=calendar, day=at(24, 0).date(), name="Storm")
    service_levels.clear_cache()
    monday.move_to(at(23, 17, 30))
    set_aside(inquiry, at(25, 9), WaitReason.ASKED, coordinator)
    steps.wake(latest(inquiry), version=3, by=coordinator)
    assert due(inquiry) >= at(24, 17)


def test_what_was_left_is_counted_in_the_hours_that_are_kept_when_it_runs_on(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    calendar = Calendar.objects.get()
    SpecialDay.objects.create(calendar=calendar, day=at(25, 0).date(), name="Storm")
    SpecialDay.objects.create(calendar=calendar, day=at(30, 0).date(), name="Flood")
    service_levels.clear_cache()
    monday.move_to(at(30, 9))
    assert sweep.wake_due() == 1
    december = at(30, 0) + timedelta(days=1)
    assert due(inquiry) == december.replace(hour=11), "the two hours that were left, in open hours"
    monday.move_to(december.replace(hour=10))
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MET
    assert ended(inquiry, Kind.FIRST_ATTEMPT).spent_minutes == 14 * 60


def test_she_may_ask_for_another_time(coordinator: User, monday: time_machine.Traveller) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    monday.move_to(at(25, 15))
    set_aside(inquiry, at(27, 9), WaitReason.ASKED, coordinator)
    assert due(inquiry) == at(27, 11), "the two hours that were left at the first time"


def test_who_is_judged_less_urgent_while_she_waits_keeps_what_was_left(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, message="I want to die.")
    monday.move_to(at(23, 11))
    waiting = set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    steps.set_urgency(waiting, urgency=Urgency.SOON, version=waiting.version, by=coordinator)
    assert due(inquiry) == at(30, 10)


@pytest.mark.parametrize("is_away", [False, True])
def test_who_asked_us_to_wait_is_due_no_sooner_when_her_request_is_given_back(
    coordinator: User, monday: time_machine.Traveller, is_away: bool
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    waiting = set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    asked_for = due(inquiry)
    assert asked_for == at(30, 11)
    monday.move_to(at(25, 12))
    if is_away:
        make_absence(user=coordinator)
        sweep.release_orphaned()
    else:
        steps.release(waiting, version=waiting.version, by=coordinator)
    assert latest(inquiry).state == State.NEW
    assert due(inquiry) == asked_for
    monday.move_to(at(30, 8, 59))
    assert sweep.warn_of_deadlines() == 0
    monday.move_to(at(30, 11))
    assert sweep.warn_of_deadlines() == 1
    assert inquiry.events.filter(kind=Event.Kind.ESCALATED).count() == 1


def test_a_pause_does_not_undo_that_it_was_too_late(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(25, 10))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    monday.move_to(at(27, 10))
    try_to_call(steps.wake(latest(inquiry), version=3, by=coordinator), coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MISSED


def latest(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


# --- Urgency --------------------------------------------------------------------------------------


def test_who_is_judged_urgent_is_due_sooner_counted_from_then(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry()
    monday.move_to(at(24, 9))
    inquiry = steps.set_urgency(inquiry, urgency=Urgency.URGENT, version=1, by=coordinator)
    assert (inquiry.urgency, inquiry.is_graded) == (Urgency.URGENT, True)
    assert due(inquiry) == at(24, 11)


def test_who_is_judged_urgent_while_she_waits_is_due_soon_after_it(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    inquiry = set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    steps.set_urgency(inquiry, urgency=Urgency.URGENT, version=inquiry.version, by=coordinator)
    assert due(inquiry) == at(30, 11)


def test_a_higher_urgency_never_gives_more_time(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry()
    monday.move_to(at(24, 16, 30))
    steps.set_urgency(inquiry, urgency=Urgency.SOON, version=1, by=coordinator)
    assert due(inquiry) == at(24, 17)


def test_who_is_judged_less_urgent_has_the_time_of_that_from_the_start(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(message="I want to die.")
    assert due(inquiry) == at(23, 12)
    monday.move_to(at(23, 13))
    steps.set_urgency(inquiry, urgency=Urgency.ROUTINE, version=1, by=coordinator)
    assert due(inquiry) == at(24, 17)
    steps.claim(inquiry, version=2, by=coordinator)
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MISSED, "it was too late before"


def test_new_words_of_danger_are_judged_anew(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    steps.set_urgency(inquiry, urgency=Urgency.ROUTINE, version=2, by=coordinator)
    correspondence.write_message(inquiry, text="I have chest pain.")
    inquiry.refresh_from_db()
    assert (inquiry.urgency, inquiry.is_graded, inquiry.due_at) == ("urgent", False, at(23, 12))


# --- The clinic's calendar ------------------------------------------------------------------------


def test_a_holiday_entered_later_counts_for_what_starts_later() -> None:
    before = make_inquiry()
    calendar = Calendar.objects.get()
    SpecialDay.objects.create(calendar=calendar, day=at(24, 0).date(), name="Storm")
    service_levels.clear_cache()
    assert due(make_inquiry()) == at(25, 17)
    assert due(before) == at(24, 17), "what was promised stays"


def form_of(calendar: Calendar, **fields: object) -> dict[str, object]:
    week = list(calendar.week.all())
    typed: dict[str, object] = {
        "name": calendar.name,
        "country": calendar.country,
        "subdivision": "",
        "week-TOTAL_FORMS": len(week),
        "week-INITIAL_FORMS": len(week),
        "special_days-TOTAL_FORMS": 1,
        "special_days-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(week):
        names = {"id": row.pk, "calendar": calendar.pk, "weekday": row.weekday}
        hours = {"opens": "09:00", "closes": "17:00"}
        typed |= {f"week-{number}-{name}": said for name, said in {**names, **hours}.items()}
    return {**typed, **fields}


def test_a_lead_edits_the_calendar_and_it_counts_at_once(client: Client, lead: User) -> None:
    calendar = Calendar.objects.get()
    page = f"{CALENDARS}{calendar.pk}/change/"
    client.force_login(lead)
    assert client.get(page).status_code == 200
    storm = {"special_days-0-day": "2026-11-24", "special_days-0-name": "Storm"}
    assert client.post(page, form_of(calendar, **storm)).status_code == 302
    assert due(make_inquiry()) == at(25, 17)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({f"week-{day}-DELETE": "on" for day in range(5)}, "nothing would ever be due"),
        ({"week-0-closes": "08:00"}, "The end is before the beginning"),
        ({"country": "XX"}, "No public holidays are known"),
        ({"country": "US", "subdivision": "QQ"}, "No part of this country"),
        ({"country": "", "subdivision": "MD"}, "Enter the country first"),
        (
            {
                "special_days-0-day": "2026-11-24",
                "special_days-0-name": "Storm",
                "special_days-0-closes": "12:00",
            },
            "Enter when it opens",
        ),
    ],
)
def test_a_calendar_that_could_not_count_is_refused(
    client: Client, lead: User, fields: dict[str, str], said: str
) -> None:
    calendar = Calendar.objects.get()
    client.force_login(lead)
    answer = client.post(f"{CALENDARS}{calendar.pk}/change/", form_of(calendar, **fields))
    assert answer.status_code == 200
    assert said in answer.text
    assert OpeningHours.objects.filter(calendar=calendar).count() == 5


def test_a_calendar_in_use_cannot_be_removed(client: Client, lead: User) -> None:
    inquiry = make_inquiry()
    client.force_login(lead)
    client.post(f"{CALENDARS}{Calendar.objects.get().pk}/delete/", {"post": "yes"})
    assert Calendar.objects.exists()
    assert running(inquiry)


def test_a_lead_sets_what_an_urgency_is_owed_and_makes_no_other(client: Client, lead: User) -> None:
    level = ServiceLevel.objects.get(urgency=Urgency.ROUTINE)
    client.force_login(lead)
    typed = {field.name: field.value_from_object(level) for field in level._meta.fields[1:]}
    page = "/admin/inquiries/servicelevel/routine/change/"
    assert client.post(page, {**typed, "first_attempt_minutes": 0}).status_code == 200
    assert client.post(page, {**typed, "first_attempt_minutes": 60}).status_code == 302
    assert due(make_inquiry()) == at(23, 17), "an hour, and then until that day ends"
    for way in ("add/", "routine/delete/"):
        assert client.get(f"/admin/inquiries/servicelevel/{way}").status_code in {403, 404}


def test_the_page_says_why_this_deadline(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "Why this deadline?" in page
    assert "8 h of working time, then until that working day ends" in page
    assert "Thanksgiving Day" in page, "which the end of it all skips"


@pytest.mark.parametrize("of", ["owner", "topic", "calendar"])
def test_what_a_request_needs_cannot_be_deleted(coordinator: User, of: str) -> None:
    inquiry = make_inquiry(State.CLOSED, owner=coordinator, topic=make_category())
    needed = Calendar.objects.get() if of == "calendar" else getattr(inquiry, of)
    with pytest.raises(ProtectedError):
        needed.delete()
    assert verify_ledger().faults == []


# --- Telling --------------------------------------------------------------------------------------


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.order_by("pk").values_list("kind", "user__username")
    return list(rows)


def test_half_three_quarters_and_all_of_it_are_told_once_each(
    monday: time_machine.Traveller,
) -> None:
    owner = make_staff(Role.COORDINATOR, email="coordinator@example.org")
    boss = make_staff(Role.LEAD, email="lead@example.org")
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    for moment, kind, people in (
        (at(23, 16), "", []),
        (at(24, 9, 30), "due_soon", [owner]),
        (at(24, 13, 15), "due_soon", [owner]),
        (at(24, 17), "overdue", [owner, boss]),
        (at(27, 17), "", []),
    ):
        monday.move_to(moment)
        Notice.objects.all().delete()
        sweep.warn_of_deadlines()
        assert sweep.warn_of_deadlines() == 0
        assert sorted(told()) == sorted((kind, user.username) for user in people), moment
    (event,) = inquiry.events.filter(kind=Event.Kind.ESCALATED)
    assert event.detail == {"clock": "first_attempt"}


def test_what_nobody_has_claimed_is_told_to_all_who_are_here(
    monday: time_machine.Traveller,
) -> None:
    here, away = (
        make_staff(Role.COORDINATOR, email=f"{name}@example.org") for name in ("here", "away")
    )
    make_absence(away, last_day=at(30, 0).date())
    make_inquiry()
    monday.move_to(at(24, 9, 30))
    sweep.warn_of_deadlines()
    assert told() == [("due_soon", here.username)]


def test_after_a_night_without_a_worker_the_last_word_is_told_alone(
    monday: time_machine.Traveller, lead: User
) -> None:
    User.objects.update(email="lead@example.org")
    make_inquiry()
    monday.move_to(at(25, 9))
    sweep.warn_of_deadlines()
    assert told() == [("overdue", lead.username)]


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_tells(monday: time_machine.Traveller) -> None:
    make_staff(Role.LEAD, email="lead@example.org")
    make_inquiry()
    monday.move_to(at(25, 9))
    assert sorted(together(4, lambda number: sweep.warn_of_deadlines())) == [0, 0, 0, 1]
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_and_a_step_on_one_request_do_not_wait_for_each_other(
    coordinator: User, monday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(25, 9))
    has_begun = threading.Event()

    def slowly(inquiry: Inquiry, event: Event, follow: Any = clocks.update_clocks) -> None:
        if event.kind == Event.Kind.ATTEMPTED:
            has_begun.set()
            threading.Event().wait(0.5)
        follow(inquiry, event)

    monkeypatch.setattr(clocks, "update_clocks", slowly)

    def act(number: int) -> None:
        if number:
            try_to_call(inquiry, coordinator)
        else:
            has_begun.wait(5)
            sweep.warn_of_deadlines()

    together(2, act)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MISSED
    assert verify_ledger().faults == []


def test_what_was_answered_in_time_is_told_to_nobody(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    coordinator.email = "coordinator@example.org"
    coordinator.save()
    make_inquiry(State.CLOSED, owner=coordinator)
    monday.move_to(at(30, 17))
    assert sweep.warn_of_deadlines() == 0
    assert timezone.now() > at(30, 16)
    assert not told()


def test_a_correction_of_the_words_is_owed_an_answer_and_one_of_the_number_is_not(
    coordinator: User,
) -> None:
    inquiry = make_inquiry(State.CONNECTED, owner=coordinator)
    said = submission_history.current_submission(inquiry)
    correct(inquiry, type(said)(**{**vars(said), "phone": "(202) 555-0199"}))
    assert Kind.NEXT_REPLY not in running(inquiry)
    correct(inquiry, type(said)(**{**vars(said), "message": "I meant something else."}))
    assert Kind.NEXT_REPLY in running(inquiry)
