"""The crisis scripts: one key away, with the clinic's numbers, in the language of the call."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.contact import crisis_scripts
from inquiries.models import AuditEntry, CrisisScript
from inquiries.states import State
from portal.models import User
from tests.factories import make_crisisscript, make_inquiry

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
SCRIPTS = "/admin/inquiries/crisisscript/"


def page_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def spoken(language: str) -> str:
    """Return everything that is read aloud on a call in this language."""
    scripts = crisis_scripts.filled_scripts(language)
    return " ".join(step.words for script in scripts for step in script.steps)


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
    assert "Are you thinking about killing yourself?" in section.get_text()
    assert "call 911 on another phone" in section.get_text()
    assert "Add the crisis line to the call: 988." in section.get_text()
    forms = page.select('form[action$="/handover/"]')
    assert len(forms) == len(section.select('form[action$="/handover/"]')) == 1
    link = page_of(client, QUEUE).select_one('a[accesskey="e"]')
    assert link
    assert link["href"] == f"{QUEUE}crisis/"
    assert "Thoughts of suicide" in client.get(f"{QUEUE}crisis/").text


def test_the_handover_is_logged_beside_the_script_and_errors_appear_there(
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


def test_without_a_crisis_line_the_sentence_still_helps(settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, crisis_line="", emergency_number="112")
    assert "Add the crisis line to the call: 112, because no crisis line is set" in spoken("en")
    assert "línea de crisis a la llamada: 112, porque esta clínica no tiene" in spoken("es")
    assert "{" not in spoken("en") + spoken("es")


def test_without_any_scripts_the_number_is_shown(client: Client, coordinator: User) -> None:
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
def test_leads_edit_the_scripts_and_unknown_placeholders_are_rejected(
    client: Client, lead: User, steps: str, refused: str
) -> None:
    client.force_login(lead)
    typed = {"title": "A fall", "language": "en", "steps": steps, "position": "3"}
    answer = client.post(f"{SCRIPTS}add/", typed)
    kept = AuditEntry.objects.filter(kind=AuditEntry.Kind.SCRIPTS_CHANGED)
    if refused:
        assert f"Unknown in braces: {refused}. You can use" in answer.text
        assert not kept.exists()
    else:
        assert answer.status_code == 302
        assert crisis_scripts.filled_scripts()[-1].steps[0].words == "Call 911 or 988."
        assert [entry.detail for entry in kept] == [{"change": "added"}]


# --- In the language of the call ------------------------------------------------------------------


def test_each_built_in_script_exists_in_both_languages_step_by_step() -> None:
    scripts = crisis_scripts.filled_scripts("es")
    assert [script.language for script in scripts] == ["es", "es"]
    english = crisis_scripts.filled_scripts()
    assert [script.when_in_english for script in scripts] == [script.when for script in english]
    for script, original in zip(scripts, english, strict=True):
        assert not script.english_steps
        assert len(script.steps) == len(original.steps)
        assert all(step.english for step in script.steps)


def test_the_spanish_script_says_which_key_to_press(settings: Any) -> None:
    """The English beside it names the key too, because its reader dials for a call in Spanish."""
    assert "la línea de crisis a la llamada: 988, oprima el 2." in spoken("es")
    beside = [step.english for step in crisis_scripts.filled_scripts("es")[1].steps]
    assert "Add the crisis line to the call: 988, press 2." in " ".join(beside)
    assert "press 2" not in spoken("en")
    settings.CLINIC = replace(settings.CLINIC, crisis_line="(202) 555-0177")
    assert "la línea de crisis a la llamada: (202) 555-0177." in spoken("es")


def test_an_untranslated_script_appears_in_english() -> None:
    fall = make_crisisscript(title="A fall", steps="Ask: “Can you move?”")
    shown = crisis_scripts.filled_scripts("es")
    assert [script.language for script in shown if script.when == fall.title] == ["en"]
    assert len(shown) == 3


def test_a_translation_with_different_lines_shows_the_full_english_beside_it() -> None:
    fall = make_crisisscript(title="A fall", steps="Ask: “Can you move?”\nCall {emergency}.")
    make_crisisscript(
        title="Una caída", steps="Llame al {emergency}.", language="es", translation_of=fall
    )
    (script,) = [each for each in crisis_scripts.filled_scripts("es") if each.when == "Una caída"]
    assert [step.english for step in script.steps] == [""]
    assert script.english_steps == ("Ask: “Can you move?”", "Call 911.")


def test_without_scripts_in_the_page_language_others_are_shown() -> None:
    CrisisScript.objects.filter(language="en").delete()
    assert [script.language for script in crisis_scripts.filled_scripts()] == ["es", "es"]


@pytest.mark.parametrize(
    ("query", "first", "offered"),
    [
        ("", "Say:", ["?language=es"]),
        ("?language=es", "Diga:", ["?language=en"]),
        ("?language=xx", "Say:", ["?language=es"]),
        ("?language=en", "Say:", ["?language=es"]),
    ],
)
def test_the_scripts_page_works_for_calls_in_either_language(
    client: Client, coordinator: User, query: str, first: str, offered: list[str]
) -> None:
    client.force_login(coordinator)
    page = page_of(client, f"{QUEUE}crisis/{query}")
    step = page.select_one(".scripts li span")
    assert step
    assert step.get_text().startswith(first)
    assert step["lang"] == ("es" if first == "Diga:" else "en")
    links = [str(link["href"]) for link in page.select(".scripts-languages a")]
    assert links == [f"{QUEUE}crisis/{each}" for each in offered]


@pytest.mark.parametrize(("language", "said"), [("en", "Say:"), ("es", "Diga:")])
def test_a_request_shows_the_scripts_in_its_language(
    client: Client, coordinator: User, language: str, said: str
) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(State.CLAIMED, language=language)
    section = page_of(client, f"{QUEUE}{inquiry.pk}/change/").select_one("#crisis")
    assert section
    steps = section.select(f'.scripts li span[lang="{language}"]')
    assert steps[0].get_text().startswith(said)
    assert bool(section.select(".scripts .beside")) == (language == "es")


@pytest.mark.parametrize(("language", "said"), [("en", "This is in the same language"), ("es", "")])
def test_a_translation_must_be_in_a_different_language_than_its_original(
    client: Client, lead: User, language: str, said: str
) -> None:
    client.force_login(lead)
    fall = make_crisisscript(title="A fall")
    typed = {"title": "Una caída", "steps": "Llame.", "position": "1", "language": language}
    answer = client.post(f"{SCRIPTS}add/", {**typed, "translation_of": fall.pk})
    assert answer.status_code == (200 if said else 302)
    assert said in answer.text
    assert fall.translations.exists() == (not said)
