"""The contact policy: what counts, what is missing, when to try next. 2026 in New York."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from inquiries import private_links
from inquiries.contact import call_windows
from inquiries.contact import plan as planning
from inquiries.deadlines import service_levels
from inquiries.deadlines.service_levels import Level
from inquiries.ledger.transitions import StepRefused
from inquiries.models import BestTime, ContactMethod, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import State, Urgency
from inquiries.triage import steps as triage
from inquiries.triage import sweep
from portal.models import User
from tests.factories import make_absence, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
NOBODY = {"method": "phone", "reached": "nobody"}
QUEUE = "/admin/inquiries/inquiry/"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, on the clinic's clock; the 23rd is a Monday, the 26th Thanksgiving."""
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


def sent(**fields: Any) -> Inquiry:
    """What counts of how to reach her, never saved."""
    submission = make_submission(**{"time_zone": "America/New_York", **fields})
    return Inquiry(**submission.inquiry_fields())


def happened(*steps: tuple[str, datetime, dict[str, str]]) -> list[Event]:
    return [Event(kind=kind, at=when, detail=detail) for kind, when, detail in steps]


def tried(*times: datetime, method: str = "phone", reached: str = "nobody") -> list[Event]:
    detail = {"method": method, "reached": reached}
    return happened(*(("attempted", when, detail) for when in times))


def routine() -> Level:
    """Three attempts, four hours apart, in two parts of the day and two ways."""
    return service_levels.level_for(Urgency.ROUTINE)


# --- What counts ----------------------------------------------------------------------------------

MAIL = {"email": "ana@example.org"}
WROTE: tuple[str, datetime, dict[str, str]] = ("wrote", at(23, 12), {})


@pytest.mark.parametrize(
    ("fields", "events", "attempts", "missing"),
    [
        pytest.param(
            MAIL,
            [],
            0,
            [
                "3 attempts, at least 4 hours apart",
                "attempts in her morning and afternoon",
                "attempts by phone call and email",
            ],
            id="nothing yet; in the evening we are closed",
        ),
        pytest.param(
            MAIL,
            tried(at(23, 9), at(23, 12), at(23, 13)),
            2,
            ["1 more attempt, at least 4 hours after the last", "an attempt by email"],
            id="what comes too soon is no attempt of its own",
        ),
        pytest.param(
            MAIL,
            [*tried(at(23, 9), at(23, 14)), *tried(at(24, 9), method="email")],
            3,
            [],
            id="all done",
        ),
        pytest.param(
            {},
            tried(at(23, 9), at(23, 14), at(24, 9)),
            3,
            [],
            id="no second way where she gave one, and wants nothing left on it",
        ),
        pytest.param(
            {"voicemail": "callback_only"},
            tried(at(23, 9), at(23, 14), at(24, 9)),
            3,
            ["an attempt by text message"],
            id="a text where a message may be left",
        ),
        pytest.param(
            {"voicemail": "callback_only", "shared_phone": True, **MAIL, "shared_email": True},
            tried(at(23, 9), at(23, 14), at(24, 9)),
            3,
            [],
            id="neither text nor mail where others read them",
        ),
        pytest.param(
            {"best_time": "morning"},
            tried(at(23, 9), at(24, 9), at(25, 9)),
            3,
            [],
            id="no other part of the day than she asked for",
        ),
        pytest.param(
            {"time_zone": "America/Los_Angeles"},
            tried(at(23, 13), at(24, 13), at(25, 13)),
            3,
            ["an attempt in her afternoon"],
            id="parts of the day are hers: it is morning in Los Angeles",
        ),
        pytest.param(
            {},
            [*tried(at(23, 9)), *happened(WROTE), *tried(at(23, 14))],
            1,
            ["2 more attempts, at least 4 hours apart", "an attempt in her morning"],
            id="what she wrote begins it anew",
        ),
        pytest.param(
            {},
            [*tried(at(23, 9)), *happened(("reopened", at(24, 9), {}))],
            0,
            ["3 attempts, at least 4 hours apart", "attempts in her morning and afternoon"],
            id="so does opening it again",
        ),
        pytest.param(
            MAIL,
            [*tried(at(23, 9), at(23, 14)), *happened(("replied", at(24, 9), {}))],
            3,
            [],
            id="a message that a mail told her of is an attempt by mail",
        ),
        pytest.param(
            MAIL,
            [
                *tried(at(23, 9), at(23, 14)),
                *happened(
                    ("replied", at(24, 9), {}), ("undelivered", at(24, 9), {"mail": "reply"})
                ),
            ],
            2,
            ["1 more attempt, at least 4 hours after the last"],
            id="not if the mail never got there; and nobody asks for another",
        ),
        pytest.param(
            {},
            happened(("received", at(23, 9), {}), ("undelivered", at(23, 9), {"mail": "link"})),
            0,
            ["3 attempts, at least 4 hours apart", "attempts in her morning and afternoon"],
            id="mails that the portal sends by itself never count",
        ),
        pytest.param(
            {}, tried(at(23, 9), reached="wrong"), 1, [], id="a wrong number leaves nothing to try"
        ),
    ],
)
def test_what_counts_and_what_is_missing(
    fields: dict[str, Any], events: list[Event], attempts: int, missing: list[str]
) -> None:
    done = planning.measure_progress(sent(**fields), events, routine(), at(25, 10))
    assert (done.attempts, list(done.missing)) == (attempts, missing)


# --- The next time --------------------------------------------------------------------------------

CHICAGO, MANILA = "America/Chicago", "Asia/Manila"


@pytest.mark.parametrize(
    ("fields", "events", "now", "begins", "method"),
    [
        pytest.param({}, [], at(23, 10, 5), at(23, 10, 5), "phone", id="now, while both are up"),
        pytest.param({}, [], at(23, 18), at(24, 9), "phone", id="when we open"),
        pytest.param({}, [], at(25, 18), at(27, 9), "phone", id="not on a holiday"),
        pytest.param(
            {"time_zone": CHICAGO}, [], at(23, 9), at(23, 10), "phone", id="from nine on for her"
        ),
        pytest.param(
            {"time_zone": CHICAGO, "best_time": "afternoon"},
            [],
            at(23, 9),
            at(23, 13),
            "phone",
            id="in the part of her day that she asked for",
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
            id="her own way first",
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
def test_the_next_time(
    fields: dict[str, Any], events: list[Event], now: datetime, begins: datetime, method: str
) -> None:
    plan = planning.propose_attempt(sent(**fields), events, routine(), now)
    assert plan.slot
    assert (plan.slot.begins, plan.method) == (begins, method)


def test_who_is_urgent_is_not_kept_until_another_part_of_the_day() -> None:
    urgent = service_levels.level_for(Urgency.URGENT)
    plan = planning.propose_attempt(sent(), tried(at(23, 13)), urgent, at(23, 13))
    assert plan.slot
    assert plan.slot.begins == at(23, 15), "and not tomorrow morning: within two hours is owed"


def test_hours_that_never_meet_are_said_and_a_lead_is_asked() -> None:
    plan = planning.propose_attempt(sent(best_time="evening"), [], routine(), at(23, 10))
    assert plan.slot
    assert plan.slot.begins == at(23, 10)
    assert (
        "Our hours never meet theirs. Outside the time they asked for: ask a lead." in plan.cautions
    )


def test_nobody_is_called_at_night_and_it_is_said_why() -> None:
    plan = planning.propose_attempt(sent(time_zone=MANILA), [], routine(), at(23, 10))
    assert plan.slot is None
    assert plan.why_none.startswith("All our hours are night for her.")


def test_who_never_works_is_told() -> None:
    level = routine()
    closed = replace(level, timetable=replace(level.timetable, week=((),) * 7))
    plan = planning.propose_attempt(sent(), [], closed, at(23, 10))
    assert plan.why_none.startswith("By our calendar we do not work")


def test_what_to_mind_is_said_with_it() -> None:
    sending = sent(
        time_zone="",
        never_contact="Never after six.",
        interpreter=True,
        interpreter_language="Mixtec",
        shared_phone=True,
        voicemail="callback_only",
    )
    cautions = " ".join(planning.propose_attempt(sending, [], routine(), at(23, 10)).cautions)
    for words in ("Read it first", "no time zone", "Mixtec", "Others use this phone", "Voicemail"):
        assert words in cautions
    sending = sent(contact_method="email", shared_email=True, **MAIL)
    cautions = " ".join(planning.propose_attempt(sending, [], routine(), at(23, 10)).cautions)
    assert "Others read this inbox" in cautions
    assert "Voicemail" not in cautions


def test_what_was_set_aside_is_not_proposed_before_it_wakes() -> None:
    plan = planning.propose_attempt(sent(), [], routine(), at(23, 10), not_before=at(25, 13))
    assert plan.slot
    assert plan.slot.begins == at(25, 13)


_MINUTE = timedelta(minutes=1)
_NOW = datetime(2026, 3, 1, tzinfo=UTC)  # a week before clocks change there, four before here
_ZONES = ["", "America/New_York", "Asia/Manila", "Europe/Madrid", "Pacific/Honolulu"]


@given(
    zone=st.sampled_from([*_ZONES, "Asia/Kolkata", "Australia/Lord_Howe"]),
    parts=st.sets(st.sampled_from(BestTime)),
    urgency=st.sampled_from(Urgency),
    now=st.integers(0, 60 * 24 * 60).map(lambda minutes: _NOW + minutes * _MINUTE),
    before=st.lists(st.integers(0, 60 * 72), max_size=4),
    method=st.sampled_from(ContactMethod),
)
def test_a_proposal_keeps_to_what_was_promised(
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
    asked = any(flag.startswith("Our hours never meet") for flag in plan.cautions)
    assert asked or not parts or slot.part in parts


@time_machine.travel(at(25, 10), tick=False)
def test_the_time_she_asked_for_outlives_that_its_owner_is_away(
    coordinator: User, lead: User
) -> None:
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


# --- Unreachable ----------------------------------------------------------------------------------


def make_tried(owner: User, *times: datetime) -> Inquiry:
    with time_machine.travel(at(23, 8), tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner, time_zone="America/New_York")
    for when in times:
        with time_machine.travel(when, tick=False):
            inquiry = triage.log_attempt(inquiry, **NOBODY, version=inquiry.version, by=owner)
    return inquiry


ENOUGH = (at(23, 9), at(23, 14), at(24, 9))


@time_machine.travel(at(25, 10), tick=False)
def test_unreachable_is_who_was_tried_as_often_as_the_policy_says_by_word_of_a_lead(
    coordinator: User, lead: User
) -> None:
    early = make_tried(coordinator, at(23, 9))
    with pytest.raises(StepRefused, match="2 more attempts, at least 4 hours apart"):
        triage.close(early, outcome=Outcome.UNREACHABLE, version=early.version, by=lead)
    inquiry = make_tried(coordinator, *ENOUGH)
    with pytest.raises(StepRefused, match="Only a lead"):
        triage.close(inquiry, outcome=Outcome.UNREACHABLE, version=inquiry.version, by=coordinator)
    closed = triage.close(inquiry, outcome=Outcome.UNREACHABLE, version=inquiry.version, by=lead)
    assert closed.outcome == Outcome.UNREACHABLE
    reopened = triage.reopen(closed, version=closed.version, by=lead)
    again = triage.claim(reopened, version=reopened.version, by=lead)
    with pytest.raises(StepRefused, match="3 attempts"):
        triage.close(again, outcome=Outcome.UNREACHABLE, version=again.version, by=lead)


@time_machine.travel(at(25, 10), tick=False)
def test_who_has_written_since_is_not_unreachable(coordinator: User, lead: User) -> None:
    inquiry = correspondence.write_message(make_tried(coordinator, *ENOUGH), text="I am here.")
    with pytest.raises(StepRefused, match="too early"):
        triage.close(inquiry, outcome=Outcome.UNREACHABLE, version=inquiry.version, by=lead)


@time_machine.travel(at(25, 10), tick=False)
def test_the_page_says_when_how_and_what_is_missing_before_anybody_asks(
    client: Client, coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, time_zone="America/Los_Angeles", best_time="afternoon"
    )
    page = f"{QUEUE}{inquiry.pk}/change/"
    client.force_login(coordinator)
    words = " ".join(BeautifulSoup(client.get(page).text, "html.parser").get_text(" ").split())
    assert "Phone call: Wed 25 Nov, 12:00–14:00 for her, 15:00–17:00 here." in words
    assert "It is 07:00 for her (America/Los_Angeles): not a time she asked for" in words
    assert "within our hours" in words
    assert "0 of 3 attempts" in words
    assert "Only a lead closes as unreachable, and the contact policy still asks for" in words
    client.force_login(lead)
    assert "It is too early to call her unreachable" in client.get(page).text
    done = make_tried(lead, *ENOUGH)
    words = client.get(f"{QUEUE}{done.pk}/change/").text
    assert "The contact policy is met" in words
    assert "too early" not in words


def page_of(client: Client, inquiry: Inquiry) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")


@time_machine.travel(at(25, 10), tick=False)
@pytest.mark.parametrize(
    ("way", "logged"),
    [
        ({"contact_method": "phone"}, "Log a conversation"),
        ({"contact_method": "text"}, "Log an attempt"),
        ({"contact_method": "email", "email": "ana@example.org"}, "Write to the sender"),
    ],
)
def test_the_large_button_logs_the_step_that_is_next(
    client: Client, coordinator: User, way: dict[str, Any], logged: str
) -> None:
    client.force_login(coordinator)
    button = page_of(client, make_inquiry(State.CLAIMED, owner=coordinator, **way)).find(
        "input", class_="default"
    )
    assert button
    assert button["value"] == logged


@time_machine.travel(at(25, 10), tick=False)
def test_the_page_offers_no_letter_that_she_could_not_read(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(
        State.CLAIMED,
        owner=coordinator,
        contact_method="email",
        email="ana@example.org",
        shared_email=True,
        phone="",
    )
    words = page_of(client, inquiry).get_text(" ")
    assert "Ask a lead how to reach her" in words
    assert "Write to the sender" not in words
    assert "Mail a new private link" not in words
    private_links.create_link(inquiry)
    assert "Write to the sender" in page_of(client, inquiry).get_text(" ")


@time_machine.travel(at(25, 10), tick=False)
def test_nobody_is_told_to_call_whom_a_colleague_calls(
    client: Client, coordinator: User, lead: User
) -> None:
    client.force_login(coordinator)
    page = page_of(client, make_inquiry(State.CLAIMED, owner=lead))
    assert f"Next, for {lead}: Call her." in page.get_text()
    assert not page.find("a", class_="next-step-link")
