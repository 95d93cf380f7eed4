"""The private page uses the language of its address; what people wrote is not translated."""

from typing import Any

import pytest
from django.forms import CharField
from django.test import Client

from inquiries.forms.private_page import ChangeContactForm
from inquiries.models import Delivery, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_links import create_link
from inquiries.states import AttemptResult, EmergencyHelp, ErasureReason, State, WaitReason
from inquiries.triage import steps
from inquiries.views.private_page import words
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.private_page.browser import PRIVATE, Browser, latest, reply, words_of

pytestmark = pytest.mark.django_db

SPANISH = f"/es{PRIVATE}"


@pytest.fixture
def coordinator() -> User:
    return make_staff(Role.COORDINATOR, first_name="Jo", last_name="Doe")


@pytest.fixture
def roberto() -> Inquiry:
    return make_inquiry(
        full_name="Roberto Díaz",
        language="es",
        contact_method="email",
        email="roberto@example.org",
        message="¿Qué significa esto?",
    )


@pytest.fixture
def visitor(roberto: Inquiry) -> Browser:
    """A sender who came by the mailed link and gave the detail."""
    visitor = Browser()
    visitor.get(f"{SPANISH}{create_link(roberto, mailed=True)}/")
    visitor.post(f"{SPANISH}prove/", {"detail": "0100"})
    return visitor


def take_steps(inquiry: Inquiry, by: User) -> None:
    reply(inquiry, by, "Thank you, Roberto. Can we talk on Monday?")
    now = latest(inquiry)
    now = steps.log_attempt(now, method="phone", reached="nobody", version=now.version, by=by)
    how = {"method": "phone", "identity": "reference"}
    now = steps.log_conversation(now, **how, version=now.version, by=by)
    steps.close(now, outcome=Outcome.ANSWERED, version=now.version, by=by)


def test_the_spanish_page_is_all_in_spanish_except_what_we_wrote(
    visitor: Client, roberto: Inquiry, coordinator: User
) -> None:
    take_steps(roberto, coordinator)
    page = words_of(visitor.get(SPANISH))
    for sentence in (
        "Contestamos su solicitud. Ya está cerrada.",
        "Jo Doe (Coordinación de Atención) le llamó. Nadie contestó.",
        "Jo Doe (Coordinación de Atención) habló con usted por teléfono.",
        "Jo Doe (Coordinación de Atención): Cerrada: hablamos con usted o le escribimos, y",
        "Usted la envió.",
        "Comuníquense conmigo por Correo electrónico",
        "Thank you, Roberto. Can we talk on Monday?",
        "¿Qué significa esto?",
    ):
        assert sentence in page
    for english in ("called you", "Closed:", "Care Coordinator)", "You sent it"):
        assert english not in page


def test_the_url_sets_the_language_and_the_header_keeps_the_page(visitor: Client) -> None:
    english: Any = visitor.get(PRIVATE)
    assert 'lang="en"' in english.text
    assert "You sent it." in words_of(english)
    assert f'href="{SPANISH}"' in english.text
    assert "Usted la envió." in words_of(visitor.get(SPANISH))
    reach = visitor.get(f"{PRIVATE}reach/").text
    assert f'href="{SPANISH}reach/"' in reach


def test_the_file_keeps_its_keys_and_translates_the_rest(
    visitor: Client, roberto: Inquiry, coordinator: User
) -> None:
    take_steps(roberto, coordinator)
    files: list[Any] = [visitor.get(f"{each}download/") for each in (PRIVATE, SPANISH)]
    here, there = (each.json() for each in files)
    assert files[1]["Content-Disposition"] == 'attachment; filename="mi-solicitud.json"'
    assert "Usted la envió." in files[1].content.decode(), "people read it, too"
    assert list(here) == list(there)
    assert here["you_sent"] == there["you_sent"], "codes are for programs"
    kinds = [[each["kind"] for each in data["what_happened"]] for data in (here, there)]
    assert kinds[0] == kinds[1]
    said = {each["kind"]: each["what"] for each in there["what_happened"]}
    assert said["replied"] == "Jo Doe (Coordinación de Atención) le escribió."
    assert (here["state"], there["state"]) == ("Closed", "Cerrada")
    assert there["outcome"] == "Contestamos su solicitud. Ya está cerrada."
    assert "Tenemos su solicitud" in [each["what"] for each in there["emails_to_you"]]
    copy = words_of(visitor.get(f"{SPANISH}copy/"))
    for each in there["what_happened"]:
        assert each["what"] in copy


def test_a_link_made_on_a_spanish_page_leads_to_a_spanish_page(visitor: Client) -> None:
    assert f"http://testserver{SPANISH}" in visitor.post(f"{SPANISH}link/").text
    assert f"http://testserver{PRIVATE}" in visitor.post(f"{PRIVATE}link/").text


def test_mistakes_are_named_in_the_language_of_the_page(visitor: Client) -> None:
    answer: Any = visitor.post(f"{SPANISH}erase/")
    assert answer.status_code == 422
    assert "Para borrar todo, primero marque la casilla" in words_of(answer)
    wrong: Any = Browser().post(f"{SPANISH}new-link/", {"reference": "", "email": ""})
    assert "Escriba su número de referencia" in words_of(wrong)


def test_every_typed_field_comes_back_under_its_name() -> None:
    typed = {
        name
        for name, field in ChangeContactForm.base_fields.items()
        if isinstance(field, CharField)
    }
    assert typed <= set(words.TYPED)


def test_every_possible_value_has_wording() -> None:
    for told, all_of_it in (
        (words.STATES, State),
        (words.MAILS, Delivery.Kind),
        (words.MAIL_STATES, Delivery.State),
        (words.HANDED_OVER, EmergencyHelp),
        (words.ERASED, ErasureReason),
        (words.WAITS, WaitReason),
        (words.ATTEMPT_RESULTS, AttemptResult),
    ):
        assert set(told) == set(all_of_it)
