"""Words that may mean danger: found however they are written, judged by a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from inquiries import correspondence, danger, intake
from inquiries.models import AuditEntry, DangerPhrase
from inquiries.states import Sign, State
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

ADMIN = "/admin/inquiries/dangerphrase/"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    danger.forget()


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself.",
        "Sometimes I WANT TO DIE",
        "I can’t breathe",
        "I can't breathe at night",
        "there is chest-pain since noon",
        "Me duele: dolor en el pecho",
        "Él se desmayo ayer",
        "mi hijo tuvo una CONVULSIÓN",
        "no   puedo\nrespirar",
    ],
)
def test_they_are_found_however_they_are_written(text: str) -> None:
    assert danger.is_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I would like to understand my test results.",
        "My chest X-ray was normal. The pain is in my knee.",
        "Is this treatment killing cells?",
        "Me gustaría hablar con alguien.",
        "pain chest",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert not danger.is_in(text)


def test_what_is_shipped_is_in_the_clinics_list() -> None:
    shipped = {phrase for phrases in danger.SHIPPED.values() for phrase in phrases}
    assert set(DangerPhrase.objects.values_list("phrase", flat=True)) == shipped
    assert all(danger.is_in(f"Well, {phrase}!") for phrase in shipped)


def test_a_lead_edits_the_list_and_it_counts_at_once(client: Client, lead: User) -> None:
    client.force_login(lead)
    client.post(f"{ADMIN}add/", {"phrase": "blue foot", "language": "en"})
    assert danger.is_in("I have a Blue Foot.")
    phrase = DangerPhrase.objects.get(phrase="blue foot")
    client.post(f"{ADMIN}{phrase.pk}/delete/", {"post": "yes"})
    assert not danger.is_in("I have a Blue Foot.")
    kept = AuditEntry.objects.filter(kind=AuditEntry.Kind.PHRASES_CHANGED).order_by("number")
    assert [(each.by, each.detail["change"]) for each in kept] == [
        (lead, "added"),
        (lead, "removed"),
    ]


def test_without_a_database_what_is_shipped_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(danger._Known, "phrases", frozenset())
    monkeypatch.setattr(DangerPhrase.objects, "values_list", down)
    assert danger.is_in("I have chest pain.")


@pytest.mark.parametrize(
    ("received_at", "due_at"),
    [
        # A Monday: within two hours.
        (datetime(2026, 11, 23, 9, tzinfo=NEW_YORK), datetime(2026, 11, 23, 11, tzinfo=NEW_YORK)),
        # In the evening: within the first two hours of the next day.
        (datetime(2026, 11, 23, 19, tzinfo=NEW_YORK), datetime(2026, 11, 24, 11, tzinfo=NEW_YORK)),
        # Wednesday evening before Thanksgiving: Friday.
        (datetime(2026, 11, 25, 19, tzinfo=NEW_YORK), datetime(2026, 11, 27, 11, tzinfo=NEW_YORK)),
    ],
)
def test_an_urgent_request_is_promised_sooner(received_at: datetime, due_at: datetime) -> None:
    with time_machine.travel(received_at, tick=False):
        inquiry = make_inquiry(message="I have chest pain.")
    assert inquiry.urgent
    assert inquiry.due_at == due_at


def test_who_may_be_in_danger_is_not_kept_waiting_as_a_machine() -> None:

    submission = make_submission(message="I want to die.")
    told = intake.receive(submission, key="flooded-form-number-1", signs={Sign.FLOOD})
    trapped = intake.receive(submission, key="flooded-form-number-2", signs={Sign.TRAP})
    assert (told.state, trapped.state) == (State.NEW, State.QUARANTINED)
    assert trapped.urgent, "and is seen there"


def test_words_of_danger_that_come_later_bring_the_promise_forward() -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=NEW_YORK)
    with time_machine.travel(at, tick=False):
        written, corrected = make_inquiry(), make_inquiry()
        correspondence.write(written, text="I want to die.")
        correct(corrected, make_submission(message="I have chest pain."))
    for inquiry in (written, corrected):
        inquiry.refresh_from_db()
        assert (inquiry.urgent, inquiry.due_at) == (True, at.replace(hour=11))
