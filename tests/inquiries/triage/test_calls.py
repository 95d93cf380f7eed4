"""One form for a call: what came of it, what was said, and what happens next."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone

from inquiries.deadlines import service_levels
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Clock, Event, Inquiry, Note, Notice
from inquiries.states import State, Urgency
from inquiries.triage import calls, steps, waits
from inquiries.triage.calls import Call, Then
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_inquiry, make_staff
from tests.inquiries.contact.attempts import NEW_YORK, at
from tests.inquiries.triage.queue_pages import QUEUE, kinds, step

pytestmark = pytest.mark.django_db

SPOKE: dict[str, Any] = {"method": "phone", "reached": "spoke", "identity": "reference"}
NOBODY: dict[str, Any] = {"method": "phone", "reached": "nobody"}


def page_of(client: Client, inquiry: Inquiry) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")


def labels(page: BeautifulSoup, field: str) -> dict[str, str]:
    """Return each choice of a field of the form, with its words."""
    found = page.select(f'#do-call [name="call-{field}"][type="radio"]')
    return {str(each["value"]): " ".join(each.parent.get_text().split()) for each in found}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "written", "state"),
    [
        ({**SPOKE, "then": "close-answered"}, ["connected", "closed"], State.CLOSED),
        ({**SPOKE, "then": "open"}, ["connected"], State.CONNECTED),
        ({**NOBODY, "then": "again"}, ["attempted"], State.CLAIMED),
        (
            {
                **NOBODY,
                "reached": "left_word",
                "then": "wait",
                "why": "others",
                "until_0": "2026-12-01",
            },
            ["attempted", "waited"],
            State.WAITING,
        ),
        (
            {**NOBODY, "reached": "wrong", "then": "close-referred"},
            ["attempted", "closed"],
            State.CLOSED,
        ),
    ],
)
@time_machine.travel(at(23, 10), tick=False)
def test_one_form_logs_the_call_and_what_follows(
    at_work: Client, coordinator: User, typed: dict[str, str], written: list[str], state: State
) -> None:
    typed |= {"text": "They have the papers.", "until_1": "10:00", "why_text": "Their doctor."}
    if "until_0" not in typed:
        del typed["until_1"]
    at_work.force_login(coordinator)
    for start, claimed in ((State.NEW, ["claimed"]), (State.CLAIMED, [])):
        inquiry = make_inquiry(start, owner=coordinator, voicemail="callback_only")
        before = len(kinds(inquiry))
        assert step(at_work, inquiry, "call", **typed).status_code == 302
        assert kinds(inquiry)[before:] == [*claimed, *written]
        inquiry.refresh_from_db()
        assert (inquiry.state, inquiry.owner) == (state, coordinator)
        notes = {note.event.kind: note.text for note in Note.objects.filter(event__inquiry=inquiry)}
        said = {written[0]: "They have the papers."}
        assert notes == said | ({"waited": "Their doctor."} if state == State.WAITING else {})
    assert verify_ledger().faults == []


def test_if_one_part_is_refused_nothing_is_saved_and_what_was_typed_stays(
    at_work: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    typed = {**NOBODY, "text": "Typed with care.", "then": "close-unreachable"}
    answer = step(at_work, inquiry, "call", **typed)
    assert answer.status_code == 409
    assert "Only a lead can close this as unreachable" in answer.text
    assert "Typed with care." in answer.text
    assert kinds(inquiry) == ["received"]
    assert BeautifulSoup(answer.text, "html.parser").select('[value="nobody"][checked]')


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose what came of it"),
        ({**SPOKE, "identity": "", "then": "open"}, "Choose how you confirmed it"),
        ({**SPOKE, "then": "again"}, "You spoke with them. Choose a time to wait for instead"),
        ({**SPOKE, "then": "close-unreachable"}, "You spoke with them. Choose another outcome"),
        ({**SPOKE}, "Choose what happens next"),
        ({**NOBODY, "then": "wait"}, "Choose until when, or enter a day and a time"),
        ({**NOBODY, "then": "wait", "pick": "someday"}, "Choose one of these times"),
        ({**NOBODY, "then": "wait", "until_0": "2026-12-01"}, "Enter a day and a time"),
        ({**NOBODY, "then": "close-lost"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    at_work: Client, typed: dict[str, str], said: str
) -> None:
    inquiry = make_inquiry()
    answer = step(at_work, inquiry, "call", text="Typed with care.", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Typed with care." in answer.text
    assert kinds(inquiry) == ["received"]


def test_a_form_sent_twice_logs_once(at_work: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    for _ in range(2):
        answer = step(at_work, inquiry, "call", **SPOKE, then="close-answered", text="All clear.")
        assert answer.status_code == 302
    assert kinds(inquiry) == ["received", "claimed", "connected", "closed"]
    other = Client()
    other.force_login(make_staff(Role.COORDINATOR))
    assert step(other, inquiry, "call", **NOBODY, then="open").status_code == 409


def test_a_later_call_from_an_old_page_is_not_taken_for_the_same_form(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    assert step(client, inquiry, "call", **NOBODY, then="open", text="First.").status_code == 302
    assert step(client, inquiry, "call", **NOBODY, then="open", text="Later.").status_code == 409
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        client.force_login(coordinator)
        answer = step(client, inquiry, "call", **NOBODY, then="open", text="First.")
        assert answer.status_code == 409
        assert "First." in answer.text
    assert kinds(inquiry) == ["received", "claimed", "attempted"]


@pytest.mark.django_db(transaction=True)
def test_when_eight_send_the_same_call_at_once_it_is_logged_once() -> None:
    inquiry, by = make_inquiry(), make_staff(Role.COORDINATOR)

    def log(_number: int) -> str:
        call = Call(method="phone", reached="nobody", text="Rang out.")
        return calls.log_call(inquiry, call=call, version=1, by=by).state

    assert set(together(8, log)) == {State.CLAIMED}
    assert kinds(inquiry) == ["received", "claimed", "attempted"]
    assert verify_ledger().faults == []


def test_a_colleague_logs_the_call_but_is_not_offered_to_decide(
    client: Client, coordinator: User, lead: User
) -> None:
    owner = make_staff(Role.COORDINATOR, email="owner@clinic.example")
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    client.force_login(coordinator)
    page = page_of(client, inquiry)
    assert labels(page, "then") == {}
    assert not page.select('#do-call [name="call-pick"], #do-call [name="call-why"]')
    answer = client.post(
        f"{QUEUE}{inquiry.pk}/call/",
        {f"call-{name}": value for name, value in SPOKE.items()}
        | {
            str(each["name"]): str(each["value"])
            for each in page.select("#do-call [type=hidden]")
            if each.get("value")
        },
        follow=True,
    )
    assert "Call logged." in answer.text
    assert "Next request" in answer.text, "the owner goes on with it"
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.owner) == (State.CONNECTED, owner)
    assert Notice.objects.get().kind == Notice.Kind.LOGGED
    call = Call(**SPOKE, then=Then.CLOSE, outcome="answered")
    with pytest.raises(StepRefused, match="Take it over first"):
        calls.log_call(inquiry, call=call, version=inquiry.version, by=coordinator)
    client.force_login(lead)
    assert "close-answered" in labels(page_of(client, inquiry), "then")


@time_machine.travel(at(23, 10), tick=False)
@pytest.mark.parametrize(
    ("fields", "left_word"),
    [
        ({"voicemail": "none"}, None),
        ({"voicemail": "callback_only"}, "We left a message, as they allow"),
        ({"voicemail": "none", "contact_method": "text"}, "We sent them a text or an email"),
    ],
)
def test_a_voicemail_is_offered_only_if_they_allow_one(
    at_work: Client, coordinator: User, fields: dict[str, Any], left_word: str | None
) -> None:
    at_work.force_login(coordinator)
    page = page_of(at_work, make_inquiry(State.CLAIMED, owner=coordinator, **fields))
    assert labels(page, "reached").get("left_word") == left_word


@time_machine.travel(at(23, 10), tick=False)
def test_the_next_time_is_shown_on_both_clocks_before_it_is_chosen(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    sent: dict[str, Any] = {"time_zone": "America/Los_Angeles", "email": "ana@example.org"}
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **sent)
    page = page_of(client, inquiry)
    shown = labels(page, "then")["again"]
    assert shown == (
        "Try again. Email: Monday, November 23, noon to 2 p.m., their time (3 p.m. our time)"
    )
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, voicemail="may_identify", **sent)
    page = page_of(client, inquiry)
    assert labels(page, "then")["again"].startswith("Try again. Text message: Monday")
    (wrong,) = page.select("#id_call-then_helptext")
    assert wrong.get_text().startswith("“Try again” after a wrong number or address: Email: Monday")
    (only_phone,) = page_of(client, make_inquiry()).select("#id_call-then_helptext")
    assert "there is no other way to reach them. Ask a lead." in only_phone.get_text()
    step(client, inquiry, "call", **NOBODY, then="again")
    plan = page_of(client, inquiry).select_one(".summary-how")
    assert plan
    words = " ".join(plan.get_text().split())
    assert words.startswith(
        "Text message: Monday, November 23, noon to 2 p.m., their time (3 p.m. to 5"
    )


@time_machine.travel(at(23, 10), tick=False)
def test_waiting_forbids_no_log_and_a_conversation_ends_it(coordinator: User) -> None:
    for why, is_paused in (("asked", True), ("others", False)):
        inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
        until = at(30, 10)
        inquiry = steps.set_aside(inquiry, until=until, why=why, version=2, by=coordinator)
        call = Call(**NOBODY, text="They had called us.")
        inquiry = calls.log_call(inquiry, call=call, version=3, by=coordinator)
        assert (inquiry.state, inquiry.wakes_at) == (State.WAITING, until)
        clock = inquiry.clocks.get(kind=Clock.Kind.NEXT_REPLY)
        assert (clock.paused_at is not None, clock.due_at > until) == (is_paused, is_paused)
        inquiry = calls.log_call(inquiry, call=Call(**SPOKE), version=4, by=coordinator)
        assert (inquiry.state, inquiry.wakes_at) == (State.CONNECTED, None)
    assert verify_ledger().faults == []


def test_words_that_an_event_bound_are_missed_whatever_its_kind(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    steps.release(inquiry, text="I am out tomorrow.", version=2, by=coordinator)
    assert verify_ledger().faults == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inquiries_note")
    assert [fault.partition(": ")[2] for fault in map(str, verify_ledger().faults)] == [
        "words are gone, and no one erased them."
    ]


# --- Waiting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (
            23,
            10,
            [
                "Tomorrow: Tuesday, November 24, 9 a.m.",
                "In 4 days: Friday, November 27, 9 a.m.",
                "Next Monday: Monday, November 30, 9 a.m.",
            ],
        ),
        (
            25,
            10,
            [
                "Next working day: Friday, November 27, 9 a.m.",
                "In 5 days: Monday, November 30, 9 a.m.",
            ],
        ),
        (27, 16, ["Next working day: Monday, November 30, 9 a.m."]),
    ],
)
def test_usual_days_to_wait_are_working_days_in_words(
    day: int, hour: int, expected: list[str]
) -> None:
    timetable = service_levels.level_for(Urgency.ROUTINE).timetable
    found = waits.suggest_waits(timetable, at(day, hour))
    assert [words for _, words in found] == expected
    assert all(time.astimezone(NEW_YORK).hour == 9 for time, _ in found)


@time_machine.travel(at(23, 10), tick=False)
def test_a_time_that_a_page_showed_stays_valid(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    page = page_of(client, inquiry)
    pick = str(page.select('#do-wait [name="wait-pick"]')[0]["value"])
    with time_machine.travel(at(23, 10) + timedelta(hours=2), tick=False):
        client.force_login(coordinator)
        typed = {"pick": pick, "why": "papers", "why_text": "Their sister has them."}
        assert step(client, inquiry, "wait", **typed).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.wakes_at == at(24, 9)
    note = Note.objects.get()
    assert (note.event.kind, note.text) == (Event.Kind.WAITED, "Their sister has them.")
    assert "Their sister has them." in client.get(f"{QUEUE}{inquiry.pk}/change/").text
