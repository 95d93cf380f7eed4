"""The emergency card appears in the language of the danger words, the sender's and the page's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries import private_links
from inquiries.models import Inquiry
from inquiries.private_page import correspondence
from inquiries.states import State
from inquiries.triage import steps
from inquiries.views.emergency_card import list_card_languages
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission
from tests.inquiries.private_page.browser import PRIVATE, Browser, prove, with_link_of

pytestmark = pytest.mark.django_db

ASK = "/care-coordinator/ask/"
SENT = "/care-coordinator/sent/"
CALM = "I would like to understand my test results."
ENGLISH = "I have chest pain."
SPANISH = "Quiero morir."
FORM = {
    "full_name": "Ana Example",
    "phone": "202-555-0100",
    "consent": "on",
    "idempotency_key": "one-form-on-one-screen",
}


def card_of(page: str) -> Tag | None:
    return BeautifulSoup(page, "html.parser").select_one(".emergency")


def languages_of(page: str) -> list[str]:
    """Return the languages of the card's parts, in order."""
    card = card_of(page)
    assert card
    return [str(part["lang"]) for part in card.select("[lang]")]


def words_of(page: str, language: str) -> str:
    card = card_of(page)
    assert card
    (part,) = card.select(f"[lang={language}]")
    return " ".join(part.get_text().split())


def send(client: Client, message: str, **fields: Any) -> str:
    """Send a request, and return what the confirmation says."""
    form = {
        "full_name": "Ana Example",
        "phone": "202-555-0100",
        "message": message,
        "consent": "on",
        "idempotency_key": "one-form-on-one-screen",
        **fields,
    }
    assert client.post(ASK, form).status_code == 302
    return client.get(SENT).text


def private_page(inquiry: Inquiry) -> str:
    visitor = with_link_of(inquiry)
    prove(visitor)
    return visitor.get(PRIVATE).text


@contextmanager
def database_down() -> Iterator[None]:
    def refuse(*args: Any) -> Any:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        yield


ANSWERED_IN = pytest.mark.parametrize(
    ("message", "language", "expected"),
    [
        (ENGLISH, "en", ["en"]),
        (SPANISH, "en", ["es", "en"]),
        (SPANISH, "es", ["es", "en"]),
        (ENGLISH, "es", ["en", "es"]),
    ],
)


@ANSWERED_IN
def test_intake_spanish_danger_words_are_answered_in_both_languages(
    client: Client, message: str, language: str, expected: list[str]
) -> None:
    assert languages_of(send(client, message, language=language)) == expected


@ANSWERED_IN
def test_intake_spanish_danger_words_are_answered_in_both_languages_on_the_private_page(
    message: str, language: str, expected: list[str]
) -> None:
    inquiry = make_inquiry(message=message, language=language)
    assert languages_of(private_page(inquiry)) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [(ENGLISH, ["es", "en"]), (SPANISH, ["es"]), (CALM + ENGLISH, ["es", "en"])],
)
def test_a_page_in_a_chosen_language_shows_that_language_first(
    client: Client, message: str, expected: list[str]
) -> None:
    client.post(f"/es{ASK}", {**FORM, "message": message})
    assert languages_of(client.get(f"/es{SENT}").text) == expected
    inquiry = Inquiry.objects.get()
    visitor = with_link_of(inquiry)
    prove(visitor)
    assert languages_of(visitor.get(f"/es{PRIVATE}").text)[0] == "es"


def test_words_beside_the_message_bring_the_card_in_their_language(client: Client) -> None:
    assert "es" not in languages_of(send(client, CALM, never_contact="Not after 6 p.m."))
    other = Client()
    page = send(other, CALM, never_contact=SPANISH, idempotency_key="another-form-on-a-screen")
    assert "es" in languages_of(page)


def test_only_the_part_in_the_page_language_says_where_the_request_is(
    client: Client,
) -> None:
    client.post(f"/es{ASK}", {**FORM, "message": ENGLISH})
    page = client.get(f"/es{SENT}").text
    assert "Todavía tenemos su solicitud. Puede verla más abajo." in words_of(page, "es")
    assert words_of(page, "en").endswith("We still have your request.")


def test_words_in_two_languages_are_answered_once_in_each(client: Client) -> None:
    page = send(client, f"{SPANISH} {ENGLISH} {SPANISH}")
    assert sorted(languages_of(page)) == ["en", "es"]


def test_the_latest_words_are_answered_first() -> None:
    inquiry = make_inquiry(message=ENGLISH)
    assert languages_of(private_page(inquiry)) == ["en"]
    correspondence.write_message(inquiry, text=SPANISH)
    assert languages_of(private_page(inquiry)) == ["es", "en"]
    correspondence.write_message(inquiry, text=ENGLISH)
    assert languages_of(private_page(inquiry)) == ["en", "es"]


def test_a_language_chosen_later_counts() -> None:
    inquiry = make_inquiry(message=ENGLISH)
    correct(inquiry, make_submission(message=ENGLISH, language="es"))
    assert languages_of(private_page(inquiry)) == ["en", "es"]


def test_staff_replies_do_not_count_as_the_senders_words(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, message=ENGLISH)
    private_links.create_link(inquiry)
    steps.reply(inquiry, text=SPANISH, version=inquiry.version, by=coordinator)
    assert languages_of(private_page(inquiry)) == ["en"]


def test_calm_words_get_the_usual_advice_in_the_page_language(client: Client) -> None:
    assert "Are you safe right now?" not in send(client, CALM, language="es")
    assert "¿Está a salvo" not in private_page(make_inquiry(message=CALM, language="es"))


def test_a_spooled_request_is_answered_in_both_languages(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    form = {
        "full_name": "Ana Example",
        "phone": "202-555-0100",
        "message": SPANISH,
        "consent": "on",
        "idempotency_key": "one-form-on-one-screen",
    }
    with database_down():
        assert client.post(ASK, form).status_code == 302
    page = client.get(SENT).text
    assert "Your request is saved." in page
    assert languages_of(page) == ["es", "en"]


def test_each_part_has_its_own_heading_and_the_first_labels_the_card(
    client: Client,
) -> None:
    page = BeautifulSoup(send(client, SPANISH), "html.parser")
    headings = [each.get_text() for each in page.select("main h1, main h2")][:3]
    assert headings == [
        "¿Está a salvo en este momento?",
        "Are you safe right now?",
        "Thank you. We have your request.",
    ]
    card = page.select_one(".emergency")
    assert card
    assert card["aria-labelledby"] == "urgent-title-es"
    assert page.select_one("#urgent-title-es")
    ids = [each["id"] for each in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_each_card_gives_examples_of_danger(client: Client) -> None:
    page = send(client, SPANISH)
    for language, names in {
        "en": ("chest pain", "seizure", "overdose", "hurting you", "fever", "almost no urine"),
        "es": (
            "dolor en el pecho",
            "convulsión",
            "sobredosis",
            "hace daño",
            "fiebre",
            "casi no orina",
        ),
    }.items():
        words = words_of(page, language)
        for name in (*names, "911", "988"):
            assert name in words, (language, name)
    numbers = card_of(page).select("a")  # type: ignore[union-attr]
    assert {each["href"] for each in numbers} == {"tel:911", "tel:988", "sms:911"}


def test_patient_9_each_card_says_how_to_get_help_without_hearing(client: Client) -> None:
    page = send(client, SPANISH)
    english, spanish = words_of(page, "en"), words_of(page, "es")
    assert "Text 911 where available, or call 911 by TTY." in english
    assert "A relay service (dial 711) can also make the call" in english
    assert "Envíe un mensaje de texto al 911 donde esté disponible" in spanish
    assert "Un servicio de retransmisión (marque 711)" in spanish


def test_the_spanish_card_explains_how_988_answers_in_spanish(client: Client) -> None:
    words = words_of(send(client, SPANISH), "es")
    assert "Llame o envíe un mensaje de texto al 988" in words
    assert "Para español, llame y oprima el 2, o envíe la palabra AYUDA." in words


@pytest.mark.parametrize("line", ["024", ""])
def test_other_crisis_lines_are_not_described_like_988(
    client: Client, settings: Any, line: str
) -> None:
    settings.CLINIC = replace(settings.CLINIC, crisis_line=line, emergency_number="112")
    page = send(client, SPANISH)
    spanish, english = words_of(page, "es"), words_of(page, "en")
    for absent in ("oprima el 2", "AYUDA", "mensaje de texto", "988", "911"):
        assert absent not in spanish
    assert "Call or text" not in english
    assert "Llame al 112 ahora" in spanish
    for words in (f"Llame al {line} si piensa", f"Call {line} if you’re thinking"):
        assert (words in spanish + english) == bool(line)


def test_a_confirmation_from_an_older_release_still_shows_the_card() -> None:
    assert list_card_languages(()) == ["en"]
    assert list_card_languages(["fr", "es", "es", ""]) == ["es", "en"]


def test_the_card_adds_no_queries_to_the_private_page() -> None:
    """The words are loaded already: they are the messages that the page shows."""
    costs = []
    for message in (CALM, SPANISH):
        visitor = with_link_of(make_inquiry(message=message))
        assert isinstance(visitor, Browser)
        prove(visitor)
        with CaptureQueriesContext(connection) as made:
            visitor.get(PRIVATE)
        costs.append(len(made))
    assert costs[0] == costs[1]
