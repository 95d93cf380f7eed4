"""What may be said to whom, and the crisis script one key away."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.contact import crisis_scripts, disclosure
from inquiries.models import AuditEntry, CrisisScript, Inquiry
from inquiries.states import State
from portal.models import User
from tests.factories import make_inquiry, make_submission

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
SCRIPTS = "/admin/inquiries/crisisscript/"
PHONE = "(202) 555-0123"


@pytest.fixture(autouse=True)
def clinic(settings: Any) -> None:
    """A name that says what it is about."""
    settings.CLINIC = replace(settings.CLINIC, name="Kidney Clinic", phone=PHONE)


def sent(**fields: Any) -> Inquiry:
    return Inquiry(**make_submission(**fields).inquiry_fields())


# --- Word for word --------------------------------------------------------------------------------


def test_as_much_is_left_on_a_voicemail_as_she_allows() -> None:
    nothing, number, all_of_it = (
        disclosure.voicemail_wording(sent(voicemail=limit), caller="Dana")
        for limit in ("none", "callback_only", "may_identify")
    )
    assert nothing.words == ""
    assert "Hang up" in nothing.note
    assert number.words == f"Hello, this is Dana. Please call me back at {PHONE}. Thank you."
    assert "Kidney Clinic" in all_of_it.words
    assert PHONE in all_of_it.words


@pytest.mark.parametrize(
    "fields",
    [
        {"voicemail": "callback_only"},
        {"voicemail": "callback_only", "contact_method": "text", "language": "es"},
        # Others use it: we promised to say nothing until we know that it is she.
        {"voicemail": "may_identify", "shared_phone": True},
        {"voicemail": "none", "contact_method": "text"},
    ],
)
def test_a_clinic_whose_name_tells_is_not_named(fields: dict[str, Any]) -> None:
    sending = sent(**{"contact_method": "phone", **fields})
    sentence = disclosure.attempt_wording(sending, sending.contact_method, caller="Dana")
    for words in (sentence, disclosure.unknown_voice_wording(sending)):
        spoken = f"{words.words} {words.spanish}".lower()
        assert not [each for each in ("kidney", "clinic", "coordina", "request") if each in spoken]


def test_without_a_phone_of_ours_no_number_is_left(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, phone="")
    for limit in ("callback_only", "may_identify"):
        sentence = disclosure.voicemail_wording(sent(voicemail=limit), caller="Dana")
        assert "I will call again" in sentence.words
        assert "call me back" not in sentence.words


def test_in_her_language_and_with_her_interpreter() -> None:
    spanish = disclosure.voicemail_wording(
        sent(voicemail="may_identify", language="es"), caller="Dana"
    )
    assert spanish.spanish.startswith("Hola, soy Dana")
    assert not disclosure.voicemail_wording(sent(voicemail="may_identify"), caller="Dana").spanish
    sending = sent(voicemail="callback_only", interpreter=True, interpreter_language="Mixtec")
    assert (
        "interpreter say it in Mixtec" in disclosure.voicemail_wording(sending, caller="Dana").note
    )
    mail = disclosure.attempt_wording(sent(email="ana@example.org"), "email", caller="Dana")
    assert mail.words == ""
    assert "Write to the sender" in mail.note


# --- To whom --------------------------------------------------------------------------------------


def test_who_speaks_is_made_sure_of_before_a_word_about_health() -> None:
    asked = disclosure.listeners(sent(), caller="Dana")[0]
    assert asked.who == "Ana Example, who asked us"
    assert asked.first == disclosure.IDENTITY_CHECK
    assert "never read it out" in asked.first
    assert "choices" in asked.may


@pytest.mark.parametrize(
    ("authority", "to_the_sender", "to_the_patient"),
    [
        ("asked", "once the patient has told us herself", "If she did: what she asks about"),
        ("guardian", "privacy officer has made sure", "That you will call again."),
        ("representative", "seen the paper", "does not shut her out"),
        ("unaware", "how the patient can ask us herself", "as a request of her own"),
        ("", "how the patient can ask us herself", "as a request of her own"),
    ],
)
def test_by_what_right_she_asks_decides_what_is_told(
    authority: str, to_the_sender: str, to_the_patient: str
) -> None:
    sending = sent(relation="someone_else", authority=authority, patient_name="Ben Example")
    sender, patient = disclosure.listeners(sending, caller="Dana")[:2]
    assert to_the_sender in sender.may
    assert patient.who == "Ben Example, the patient"
    assert to_the_patient in patient.may


@pytest.mark.parametrize("authority", ["unaware", ""])
def test_a_patient_who_knows_nothing_of_it_is_told_nothing(authority: str) -> None:
    sending = sent(relation="someone_else", authority=authority)
    patient = disclosure.listeners(sending, caller="Dana")[1]
    assert patient.first.startswith("Do not call the patient")
    assert patient.never == "Not that there is a request, not who made it, not what it says."


# --- On the page ----------------------------------------------------------------------------------


def page_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def test_the_page_gives_the_sentence_and_opens_what_may_be_said_for_a_call(
    client: Client, coordinator: User
) -> None:
    coordinator.first_name = "Dana"
    coordinator.save()
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, voicemail="callback_only")
    client.force_login(coordinator)
    page = page_of(client, f"{QUEUE}{inquiry.pk}/change/")
    sentence = page.select_one(".plan .sentence")
    assert sentence
    assert sentence.get_text().strip().startswith("Hello, this is Dana.")
    told = page.select_one("#telling")
    assert told
    assert told.has_attr("open")
    assert told.get_text().index("Let her say it") < told.get_text().index("You may say")
    by_mail = make_inquiry(
        State.CLAIMED, owner=coordinator, contact_method="email", email="ana@example.org"
    )
    told = page_of(client, f"{QUEUE}{by_mail.pk}/change/").select_one("#telling")
    assert told
    assert not told.has_attr("open")


def test_who_takes_no_part_in_triage_is_given_no_plan(client: Client, privacy: User) -> None:
    client.force_login(privacy)
    page = page_of(client, f"{QUEUE}{make_inquiry().pk}/change/")
    assert not page.select("#plan, #telling, #crisis")
    assert page.select_one(f'a[href="{QUEUE}crisis/"]')


# --- Danger ---------------------------------------------------------------------------------------


def test_the_script_is_one_key_away_from_the_queue_and_from_a_request(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(State.CLAIMED)
    page = page_of(client, f"{QUEUE}{inquiry.pk}/change/")
    link = page.select_one('a[accesskey="e"]')
    assert link
    assert (link["href"], link.get_text()) == ("#crisis", "Somebody is in danger")
    section = page.select_one("#crisis")
    assert section
    assert "Are you thinking of killing yourself?" in section.get_text()
    assert "call 911 on another phone" in section.get_text()
    assert "Add the crisis line to the call: 988." in section.get_text()
    forms = page.select('form[action$="/handover/"]')
    assert len(forms) == len(section.select('form[action$="/handover/"]')) == 1
    link = page_of(client, QUEUE).select_one('a[accesskey="e"]')
    assert link
    assert link["href"] == f"{QUEUE}crisis/"
    assert "Thoughts of suicide" in client.get(f"{QUEUE}crisis/").text


def test_the_hand_over_is_logged_beside_the_script_and_asked_for_again_there(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    address = f"{QUEUE}{inquiry.pk}/handover/"
    answer = client.post(address, {"handover-version": 1})
    assert answer.status_code == 422
    section = BeautifulSoup(answer.text, "html.parser").select_one("#crisis")
    assert section
    assert "Choose who took over" in section.get_text()
    typed = {"handover-version": 1, "handover-to": "services"}
    assert client.post(address, typed).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.urgency == "urgent"


def test_where_there_is_no_crisis_line_the_sentence_still_helps(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, crisis_line="", emergency_number="112")
    steps = " ".join(step for script in crisis_scripts.filled_scripts() for step in script.steps)
    assert "Add the crisis line to the call: 112, because no crisis line is set" in steps
    assert "{" not in steps


def test_where_no_script_is_left_the_number_is(client: Client, coordinator: User) -> None:
    CrisisScript.objects.all().delete()
    client.force_login(coordinator)
    assert "Call 911, and stay on the line" in client.get(f"{QUEUE}crisis/").text


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ("Call {emergency} or {crisis_line}.", ""),
        ("Call {Emergency}.", "{Emergency}"),
        ("Call {phone} or {}.", "{phone}, {}"),
        ("Call {{emergency}}.", "{, }"),
        ("Call {emergency", "{emergency"),
        ("Call 5} now.", "}"),
    ],
)
def test_a_lead_keeps_the_scripts_and_nothing_stays_unfilled(
    client: Client, lead: User, steps: str, refused: str
) -> None:
    client.force_login(lead)
    typed = {"title": "A fall", "steps": steps, "position": "3"}
    answer = client.post(f"{SCRIPTS}add/", typed)
    kept = AuditEntry.objects.filter(kind=AuditEntry.Kind.SCRIPTS_CHANGED)
    if refused:
        assert f"Nothing is filled in for {refused}. In braces" in answer.text
        assert not kept.exists()
    else:
        assert answer.status_code == 302
        assert crisis_scripts.filled_scripts()[-1].steps == ("Call 911 or 988.",)
        assert [entry.detail for entry in kept] == [{"change": "added"}]
