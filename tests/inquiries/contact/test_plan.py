"""The contact policy: when and how to try next. 2026 in New York."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from inquiries.contact import call_windows, words
from inquiries.contact import plan as planning
from inquiries.deadlines import service_levels
from inquiries.models import BestTime, ContactMethod, Event
from inquiries.private_page import correspondence
from inquiries.states import State, Urgency
from inquiries.triage import steps as triage
from inquiries.triage import sweep
from portal.models import User
from tests.factories import make_absence, make_inquiry
from tests.inquiries.contact.attempts import at, routine, sent, tried

pytestmark = pytest.mark.django_db

MAIL = {"email": "ana@example.org"}

CHICAGO, MANILA = "America/Chicago", "Asia/Manila"


@pytest.mark.parametrize(
    ("fields", "events", "now", "begins", "method"),
    [
        pytest.param({}, [], at(23, 10, 5), at(23, 10, 5), "phone", id="now, while both are up"),
        pytest.param({}, [], at(23, 18), at(24, 9), "phone", id="when we open"),
        pytest.param({}, [], at(25, 18), at(27, 9), "phone", id="not on a holiday"),
        pytest.param(
            {"time_zone": CHICAGO}, [], at(23, 9), at(23, 10), "phone", id="from nine on for them"
        ),
        pytest.param(
            {"time_zone": CHICAGO, "best_time": "afternoon"},
            [],
            at(23, 9),
            at(23, 13),
            "phone",
            id="in the part of their day that they asked for",
        ),
        pytest.param({}, [], at(23, 16, 50), at(24, 9), "phone", id="not for ten minutes"),
        pytest.param(
            {}, tried(at(23, 9)), at(23, 10), at(23, 13), "phone", id="so far apart as it has to be"
        ),
        pytest.param(
            {},
            tried(at(23, 12)),
            at(23, 12),
            at(24, 9),
            "phone",
            id="the morning after rather than the same part again",
        ),
        pytest.param(MAIL, tried(at(23, 9)), at(23, 10), at(23, 13), "email", id="the second way"),
        pytest.param(
            {"contact_method": "email", **MAIL},
            [],
            at(23, 10),
            at(23, 10),
            "email",
            id="their own way first",
        ),
        pytest.param(
            MAIL,
            tried(at(23, 9), reached="wrong"),
            at(23, 10),
            at(23, 13),
            "email",
            id="no wrong number twice",
        ),
    ],
)
def test_the_next_time_and_method_are_proposed(
    fields: dict[str, Any], events: list[Event], now: datetime, begins: datetime, method: str
) -> None:
    plan = planning.propose_attempt(sent(**fields), events, routine(), now)
    assert plan.slot
    assert (plan.slot.begins, plan.method) == (begins, method)


def test_urgent_senders_do_not_wait_for_another_part_of_the_day() -> None:
    urgent = service_levels.level_for(Urgency.URGENT)
    plan = planning.propose_attempt(sent(), tried(at(23, 13)), urgent, at(23, 13))
    assert plan.slot
    assert plan.slot.begins == at(23, 15), "and not tomorrow morning: within two hours is owed"


def test_hours_that_never_overlap_are_pointed_out_and_a_lead_is_asked() -> None:
    plan = planning.propose_attempt(sent(best_time="evening"), [], routine(), at(23, 10))
    assert plan.slot
    assert plan.slot.begins == at(23, 10)
    assert str(words.OUTSIDE_WISHED) in plan.cautions


def test_nobody_is_called_at_night_and_the_reason_is_given() -> None:
    plan = planning.propose_attempt(sent(time_zone=MANILA), [], routine(), at(23, 10))
    assert plan.slot is None
    assert plan.why_none.startswith("It is night there during all our hours.")


def test_a_calendar_without_hours_is_reported() -> None:
    level = routine()
    closed = replace(level, timetable=replace(level.timetable, week=((),) * 7))
    plan = planning.propose_attempt(sent(), [], closed, at(23, 10))
    assert plan.why_none.startswith("Our calendar has no working hours")


def test_the_plan_includes_cautions() -> None:
    sending = sent(
        time_zone="",
        never_contact="Never after six.",
        interpreter=True,
        interpreter_language="Mixtec",
        shared_phone=True,
        voicemail="callback_only",
    )
    cautions = " ".join(planning.propose_attempt(sending, [], routine(), at(23, 10)).cautions)
    for said in ("Read that first", "no time zone", "Mixtec", "use this phone", "Voicemail"):
        assert said in cautions
    sending = sent(contact_method="email", shared_email=True, **MAIL)
    cautions = " ".join(planning.propose_attempt(sending, [], routine(), at(23, 10)).cautions)
    assert "Other people can read this inbox" in cautions
    assert "Voicemail" not in cautions


def test_requests_set_aside_are_not_proposed_before_they_wake() -> None:
    plan = planning.propose_attempt(sent(), [], routine(), at(23, 10), not_before=at(25, 13))
    assert plan.slot
    assert plan.slot.begins == at(25, 13)


_MINUTE = timedelta(minutes=1)
_NOW = datetime(2026, 3, 1, tzinfo=UTC)  # clocks change in a week (US), in four weeks (Europe)
_ZONES = ["", "America/New_York", "Asia/Manila", "Europe/Madrid", "Pacific/Honolulu"]


@given(
    zone=st.sampled_from([*_ZONES, "Asia/Kolkata", "Australia/Lord_Howe"]),
    parts=st.sets(st.sampled_from(BestTime)),
    urgency=st.sampled_from(Urgency),
    now=st.integers(0, 60 * 24 * 60).map(lambda minutes: _NOW + minutes * _MINUTE),
    before=st.lists(st.integers(0, 60 * 72), max_size=4),
    method=st.sampled_from(ContactMethod),
)
def test_a_proposal_respects_every_limit(
    *,
    zone: str,
    parts: Iterable[BestTime],
    urgency: str,
    now: datetime,
    before: list[int],
    method: str,
) -> None:
    level = service_levels.level_for(urgency)
    sending = sent(time_zone=zone, best_time=",".join(parts), contact_method=method, **MAIL)
    events = tried(*(now - minutes * _MINUTE for minutes in sorted(before, reverse=True)))
    plan = planning.propose_attempt(sending, events, level, now)
    if plan.slot is None:
        assert plan.why_none
        return
    slot = plan.slot
    assert now <= slot.begins < slot.ends
    assert slot.ends - slot.begins >= call_windows.MIN_SLOT
    assert all(slot.begins - event.at >= level.apart for event in events)
    last = slot.ends - _MINUTE
    assert level.timetable.is_open(slot.begins)
    assert level.timetable.is_open(last)
    there = ZoneInfo(zone or "America/New_York")
    assert {call_windows.part_of_day(each.astimezone(there)) for each in (slot.begins, last)} == {
        slot.part
    }
    assert slot.begins.astimezone(there).time() >= time(8)
    assert last.astimezone(there).time() < time(21)
    asked = any(flag.startswith("Our hours do not overlap") for flag in plan.cautions)
    assert asked or not parts or slot.part in parts


@time_machine.travel(at(25, 10), tick=False)
def test_the_time_they_asked_for_survives_the_owners_absence(coordinator: User, lead: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, time_zone="America/New_York")
    until = at(30, 14)
    triage.set_aside(inquiry, until=until, why="asked", version=inquiry.version, by=coordinator)
    make_absence(coordinator)
    sweep.release_orphaned()
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW
    events = list(inquiry.events.all())
    assert planning.asked_to_wait_until(events) == until
    correspondence.write_message(inquiry, text="You may call sooner.")
    assert planning.asked_to_wait_until(inquiry.events.all()) is None
