"""What may be disclosed to whom, word for word, in the sender's language and in English."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.contact import disclosure
from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import User
from tests.factories import make_inquiry, make_submission

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
PHONE = "(202) 555-0123"


@pytest.fixture(autouse=True)
def clinic(settings: Any) -> None:
    """The clinic's name gives away what the call is about."""
    settings.CLINIC = replace(settings.CLINIC, name="Kidney Clinic", phone=PHONE)


def sent(**fields: Any) -> Inquiry:
    return Inquiry(**make_submission(**fields).inquiry_fields())


# --- Word for word --------------------------------------------------------------------------------


def test_a_voicemail_says_only_as_much_as_the_sender_allows() -> None:
    nothing, number, all_of_it = (
        disclosure.voicemail_wording(sent(voicemail=limit), caller="Dana")
        for limit in ("none", "callback_only", "may_identify")
    )
    assert nothing.words == ""
    assert "Hang up" in nothing.notes[0]
    assert number.words == f"Hello, this is Dana. Please call me back at {PHONE}. Thank you."
    assert "Kidney Clinic" in all_of_it.words
    assert PHONE in all_of_it.words


@pytest.mark.parametrize(
    "fields",
    [
        {"voicemail": "callback_only"},
        {"voicemail": "callback_only", "contact_method": "text", "language": "es"},
        # Other people use the phone, and we promised to say nothing until we know who is speaking.
        {"voicemail": "may_identify", "shared_phone": True},
        {"voicemail": "none", "contact_method": "text"},
    ],
)
def test_a_clinic_with_a_revealing_name_is_not_named(fields: dict[str, Any]) -> None:
    sending = sent(**{"contact_method": "phone", **fields})
    sentence = disclosure.attempt_wording(sending, sending.contact_method, caller="Dana")
    for words in (sentence, disclosure.unknown_voice_wording(sending)):
        spoken = f"{words.words} {words.translated}".lower()
        assert not [each for each in ("kidney", "clinic", "coordina", "request") if each in spoken]


def test_without_a_clinic_phone_no_number_is_left(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, phone="")
    for limit in ("callback_only", "may_identify"):
        sentence = disclosure.voicemail_wording(sent(voicemail=limit), caller="Dana")
        assert "I’ll call again" in sentence.words
        assert "call me back" not in sentence.words


SAID = {
    ("none", "phone"): "",
    ("callback_only", "phone"): "Hola, soy Dana. Por favor, llámeme al (202) 555-0123. Gracias.",
    ("callback_only", "text"): "Hola, soy Dana. Por favor, llámeme al (202) 555-0123. Gracias.",
    ("may_identify", "phone"): (
        "Hola, soy Dana, de Coordinación de Atención de Kidney Clinic. Usted nos pidió que nos "
        "comunicáramos con usted. Por favor, llámeme al (202) 555-0123. Gracias."
    ),
}


@pytest.mark.parametrize(("limit", "method"), SAID)
def test_wording_is_in_the_senders_language_with_english_beside_it(limit: str, method: str) -> None:
    """The disclosure limit does not depend on the language."""
    of = {
        language: disclosure.attempt_wording(
            sent(voicemail=limit, contact_method=method, language=language), method, caller="Dana"
        )
        for language in ("en", "es", "")
    }
    assert of["es"].translated == SAID[limit, method]
    assert of["es"].language == ("es" if of["es"].words else "")
    assert of["es"].words == of["en"].words
    assert of["es"].notes == of["en"].notes
    assert (of["en"].translated, of["en"].language) == ("", "")
    assert of[""] == of["en"], "who chose no language is spoken with in English"


def test_without_a_clinic_phone_the_spanish_leaves_no_number_either(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, phone="")
    sending = sent(voicemail="may_identify", language="es")
    said = disclosure.voicemail_wording(sending, caller="Dana").translated
    assert said.endswith("Volveré a llamar más tarde. Gracias.")


def test_an_unknown_voice_is_addressed_in_the_senders_language() -> None:
    said = disclosure.unknown_voice_wording(sent(language="es", full_name="100% Ana %(x)s"))
    assert said.translated.startswith("Hola, ¿puedo hablar con 100% Ana %(x)s, por favor?")


def test_the_interpreter_says_the_words(settings: Any) -> None:
    sending = sent(voicemail="callback_only", interpreter=True, interpreter_language="Mixtec")
    notes = disclosure.voicemail_wording(sending, caller="Dana").notes
    assert notes[1] == "Have the interpreter say it in Mixtec."
    mail = disclosure.attempt_wording(sent(email="ana@example.org"), "email", caller="Dana")
    assert mail.words == ""
    assert "Write to the sender" in mail.notes[0]


# --- To whom --------------------------------------------------------------------------------------


def test_identity_is_confirmed_before_health_is_mentioned() -> None:
    asked = disclosure.listeners(sent(), caller="Dana")[0]
    assert asked.who == "Ana Example, who contacted us"
    assert asked.first.startswith("Ask for the reference number")
    assert "never read it out" in asked.first
    assert "choices" in asked.may


@pytest.mark.parametrize(
    ("authority", "to_the_sender", "to_the_patient"),
    [
        ("asked", "once the patient has told us directly", "If they did: what they ask about"),
        ("guardian", "privacy officer has confirmed their right", "That you’ll call again."),
        ("representative", "seen the document", "does not shut them out"),
        ("unaware", "how the patient can contact us", "as a request of their own"),
        ("", "how the patient can contact us", "as a request of their own"),
    ],
)
def test_what_may_be_said_depends_on_the_senders_authority(
    authority: str, to_the_sender: str, to_the_patient: str
) -> None:
    sending = sent(relation="someone_else", authority=authority, patient_name="Ben Example")
    sender, patient = disclosure.listeners(sending, caller="Dana")[:2]
    assert to_the_sender in sender.may
    assert patient.who == "Ben Example, the patient"
    assert to_the_patient in patient.may


@pytest.mark.parametrize("authority", ["unaware", ""])
def test_patients_who_do_not_know_of_the_request_are_told_nothing(authority: str) -> None:
    sending = sent(relation="someone_else", authority=authority)
    patient = disclosure.listeners(sending, caller="Dana")[1]
    assert patient.first.startswith("Don’t call the patient")
    assert patient.never == ("Not that there is a request, who made it, or what it says.",)


# --- On the page ----------------------------------------------------------------------------------


def page_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def test_the_page_shows_the_wording_and_what_may_be_said_to_whom(
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
    assert told.get_text().index("Let them tell you") < told.get_text().index("You may say")


def test_staff_outside_triage_see_no_plan(client: Client, privacy: User) -> None:
    client.force_login(privacy)
    page = page_of(client, f"{QUEUE}{make_inquiry().pk}/change/")
    assert not page.select("#plan, #telling, #crisis")
    assert page.select_one(f'a[href="{QUEUE}crisis/"]')


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_marks_wording_in_another_language(
    client: Client, coordinator: User, language: str
) -> None:
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, voicemail="callback_only", language=language
    )
    client.force_login(coordinator)
    page = page_of(client, f"{QUEUE}{inquiry.pk}/change/")
    for sentence in page.select(".sentence"):
        spanish, english = sentence.select('[lang="es"]'), sentence.select('[lang="en"]')
        assert len(english) == 1
        assert len(spanish) == (language == "es")
        if spanish:
            assert spanish[0].get_text().startswith("Hola")
    assert len(page.select(".sentence")) == 3
