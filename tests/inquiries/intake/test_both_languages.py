"""A request's journey in each language: what holds in English also holds under a prefix."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from inquiries.intake import consent, front_desk
from inquiries.models import Inquiry
from inquiries.states import SpamSignal
from portal.http import limits
from portal.models import User
from tests.factories import make_article, make_inquiry
from tests.inquiries.intake.form_pages import filled, page_of, value_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Place:
    """The form's address in one language, and what is said there."""

    language: str
    prefix: str
    thanks: str
    enter_name: str
    again: str
    saved: str
    not_kept: str

    @property
    def ask(self) -> str:
        return f"{self.prefix}/care-coordinator/ask/"

    @property
    def sent(self) -> str:
        return f"{self.prefix}/care-coordinator/sent/"

    @property
    def consent_version(self) -> str:
        return consent.CURRENT_CONSENT_VERSIONS[self.language]


ENGLISH = Place(
    language="en",
    prefix="",
    thanks="Thank you. We have your request.",
    enter_name="Enter your name",
    again="press “Send my request” again",
    saved="Your request is saved.",
    not_kept="We couldn’t save your request just now",
)
SPANISH = Place(
    language="es",
    prefix="/es",
    thanks="Gracias. Tenemos su solicitud.",
    enter_name="Escriba su nombre",
    again="oprima “Enviar mi solicitud” otra vez",
    saved="Su solicitud está guardada.",
    not_kept="No pudimos guardar su solicitud en este momento",
)
in_each_language = pytest.mark.parametrize(
    "place", [ENGLISH, SPANISH], ids=lambda each: each.language
)


@pytest.fixture(autouse=True)
def _spool(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")


@contextmanager
def database_down() -> Iterator[None]:
    def refuse(*args: Any) -> Any:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        yield


def words_of(response: Any) -> str:
    return page_of(response).get_text(" ", strip=True)


# --- From the form to the confirmation ------------------------------------------------------------


@in_each_language
def test_form_and_confirmation_use_the_language_of_the_page(client: Client, place: Place) -> None:
    page = page_of(client.get(place.ask))
    assert page.html
    assert page.html["lang"] == place.language
    assert page.select(f'form[action="{place.ask}?send"]')
    assert value_of(page, "language") == place.language
    assert value_of(page, "consent_version") == place.consent_version
    shown = page.select_one('[for="id_consent"]')
    assert shown
    assert consent.CONSENT_TEXTS[place.consent_version] in shown.get_text()
    response = client.post(place.ask, filled(consent_version=place.consent_version))
    assert (response.status_code, response["Location"]) == (302, place.sent)
    inquiry = Inquiry.objects.get()
    assert (inquiry.language, inquiry.consent_version) == (place.language, place.consent_version)
    confirmed = client.get(place.sent)
    assert place.thanks in words_of(confirmed)
    assert page_of(confirmed).select_one(f'[data-reference="{inquiry.reference}"]')


@in_each_language
@pytest.mark.parametrize("chosen", ["en", "es"])
def test_the_sender_chooses_which_language_to_speak(
    client: Client, place: Place, chosen: str
) -> None:
    client.post(place.ask, filled(language=chosen))
    assert Inquiry.objects.get().language == chosen


@in_each_language
def test_each_language_is_listed_by_its_own_name(client: Client, place: Place) -> None:
    options = page_of(client.get(place.ask)).select('[name="language"] + label')
    assert [each.get_text() for each in options] == ["English", "Español"]
    marked = [each.select_one("[lang]") for each in options]
    assert [each and each["lang"] for each in marked] == [
        None if code == place.language else code for code in ("en", "es")
    ]


def test_the_confirmation_is_also_available_in_the_other_language(client: Client) -> None:
    client.post(SPANISH.ask, filled())
    page = client.get(SPANISH.sent)
    assert SPANISH.thanks in words_of(page)
    assert page_of(page).select_one(f'header a[hreflang="en"][href="{ENGLISH.sent}"]')
    assert ENGLISH.thanks in words_of(client.get(ENGLISH.sent))


# --- What can go wrong ----------------------------------------------------------------------------


@in_each_language
def test_errors_are_in_the_language_of_the_page(client: Client, place: Place) -> None:
    response = client.post(place.ask, filled(full_name="", message="Hola, ¿me llaman?"))
    assert response.status_code == 422
    page = page_of(response)
    summary = page.select_one('[role="alert"]')
    assert summary
    assert place.enter_name in summary.get_text()
    assert value_of(page, "message") == "Hola, ¿me llaman?"
    assert not Inquiry.objects.exists()


@in_each_language
def test_a_form_without_a_valid_csrf_token_loses_nothing(place: Place) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(place.ask, filled(message="¿Me llaman, por favor?"))
    assert response.status_code == 422
    page = page_of(response)
    assert place.again in page.get_text()
    token = value_of(page, "csrfmiddlewaretoken")
    typed = filled(message=value_of(page, "message"), csrfmiddlewaretoken=token)
    assert strict.post(place.ask, typed)["Location"] == place.sent
    assert Inquiry.objects.get().message == "¿Me llaman, por favor?"


@in_each_language
def test_a_form_sent_twice_is_one_request(client: Client, place: Place) -> None:
    for _ in range(2):
        client.post(place.ask, filled())
        assert place.thanks in words_of(client.get(place.sent))
    assert Inquiry.objects.count() == 1


@in_each_language
def test_a_request_is_kept_as_sent_while_the_database_is_down(client: Client, place: Place) -> None:
    with database_down():
        response = client.post(place.ask, filled(consent_version=place.consent_version))
        assert (response.status_code, response["Location"]) == (302, place.sent)
        assert place.saved in words_of(client.get(place.sent))
    assert not Inquiry.objects.exists()
    assert front_desk.replay_spool() == (1, 0)
    inquiry = Inquiry.objects.get()
    assert (inquiry.language, inquiry.consent_version) == (place.language, place.consent_version)


@in_each_language
def test_an_unsaved_form_comes_back_in_the_language_of_the_page(
    client: Client, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(entry: Any) -> None:
        raise front_desk.NotAccepted

    monkeypatch.setattr(front_desk, "accept_submission", refuse)
    response = client.post(place.ask, filled(consent_version=place.consent_version))
    assert response.status_code == 503
    page = page_of(response)
    assert place.not_kept in page.get_text()
    assert value_of(page, "message") == "May I talk to someone?"
    assert value_of(page, "consent_version") == place.consent_version


@in_each_language
def test_floods_are_marked_at_each_url_and_counted_together(
    client: Client, place: Place, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS_ENABLED = True
    one = {SpamSignal.FLOOD: limits.Limit(1, 600, "address")}
    monkeypatch.setitem(limits.FLOOD_LIMITS, "inquiries:ask", one)
    client.post(ENGLISH.ask, filled(idempotency_key="the-first-of-these-forms"))
    assert client.post(place.ask, filled(full_name="Ben Example")).status_code == 302
    marked = Inquiry.objects.filter(suspicion__contains=SpamSignal.FLOOD.value)
    assert marked.count() == 1


# --- What was agreed to ---------------------------------------------------------------------------


@in_each_language
@pytest.mark.parametrize("version", list(consent.CONSENT_TEXTS))
def test_the_consent_text_shown_is_the_one_recorded(
    client: Client, place: Place, version: str
) -> None:
    """This includes the words of an older page, and of a page in the other language."""
    again = page_of(client.post(place.ask, filled(consent_version=version, message="")))
    assert value_of(again, "consent_version") == version
    label = again.select_one('[for="id_consent"]')
    assert label
    assert consent.CONSENT_TEXTS[version] in label.get_text()
    marked = label.select_one("[lang]")
    written_in = consent.language_of(version)
    assert (marked and marked["lang"]) == (written_in if written_in != place.language else None)
    client.post(place.ask, filled(consent_version=version))
    assert Inquiry.objects.get().consent_version == version


@in_each_language
@pytest.mark.parametrize("version", ["", "1999-01-es", "x" * 3000])
def test_an_unknown_consent_version_means_the_pages_current_one(
    client: Client, place: Place, version: str
) -> None:
    client.post(place.ask, filled(consent_version=version))
    assert Inquiry.objects.get().consent_version == place.consent_version


def test_each_site_language_has_a_consent_text(settings: Any) -> None:
    assert set(consent.CURRENT_CONSENT_VERSIONS) == {code for code, _ in settings.LANGUAGES}
    length = Inquiry._meta.get_field("consent_version").max_length or 0
    assert all(len(version) <= length for version in consent.CONSENT_TEXTS)


def test_the_consent_text_is_shown_again_unchanged(client: Client) -> None:
    client.post(SPANISH.ask, filled(consent_version=SPANISH.consent_version))
    client.post("/care-coordinator/sent/open/")
    copy = client.get("/care-coordinator/request/download/").json()
    assert copy["you_agreed_to"] == consent.CONSENT_TEXTS[SPANISH.consent_version]


def test_staff_can_read_the_recorded_consent_text(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry(consent_version=SPANISH.consent_version)
    client.force_login(coordinator)
    page = page_of(client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/"))
    words = page.find(string=consent.CONSENT_TEXTS[SPANISH.consent_version])
    assert words
    assert words.parent
    assert words.parent["lang"] == "es"


# --- What the clinic says of itself ---------------------------------------------------------------


@pytest.mark.parametrize("path", ["/es/care-coordinator/", "/es/care-coordinator/paper/"])
def test_hours_without_a_translation_are_marked_as_english(
    client: Client, settings: Any, path: str
) -> None:
    ours = {"phone": "(202) 555-0123", "hours": "Weekdays & Saturdays, 9 to 5"}
    settings.CLINIC = replace(settings.CLINIC, **ours)
    assert '<span lang="en">Weekdays &amp; Saturdays, 9 to 5</span>' in client.get(path).text
    settings.CLINIC = replace(settings.CLINIC, translations={"es": {"hours": "De 9 a 5 <hoy>"}})
    said = client.get(path).text
    assert "Nuestro horario: De 9 a 5 &lt;hoy&gt;." in said
    assert "Weekdays" not in said


def test_default_clinic_texts_are_translated_into_each_language(client: Client) -> None:
    said = words_of(client.get("/es/care-coordinator/"))
    assert "Nuestro horario: de lunes a viernes, de 9 a.m. a 5 p.m., hora del Este." in said
    assert "Pregúntenos si ganamos dinero" in said


def test_the_article_they_read_keeps_its_own_language(client: Client) -> None:
    article = make_article(title="Kidney tests")
    link = page_of(client.get(SPANISH.ask, {"article": article.slug})).select_one(".came-from a")
    assert link
    assert (link["lang"], link.get_text()) == ("en", "Kidney tests")
