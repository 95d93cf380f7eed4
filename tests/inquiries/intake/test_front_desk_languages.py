"""A caller hears the consent in their language, and the request records the version they heard."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import translation

from inquiries.forms import InquiryForm
from inquiries.intake import consent
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry
from inquiries.submission import Group, asked
from portal.models import User
from tests.factories import make_article, make_category
from tests.inquiries.intake.form_pages import page_of, value_of
from tests.inquiries.mail.patient_mails import send_all, whole

pytestmark = pytest.mark.django_db

ENTER = "/admin/inquiries/inquiry/enter/"
IN_SPANISH = f"{ENTER}?language=es"
VERSIONS = consent.CURRENT_CONSENT_VERSIONS
in_each_language = pytest.mark.parametrize("language", list(VERSIONS))


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "idempotency_key": "a-call-in-one-language",
        "channel": "phone",
        "language": "es",
        "full_name": "Ana Example",
        "email": "ana@example.org",
        "message": "Quiere saber más del estudio.",
        "consent": VERSIONS["es"],
        **fields,
    }


def shown_consents(page: BeautifulSoup) -> dict[str, Tag]:
    """Return, by version, the words next to each choice, marked with their language."""
    found = {}
    for choice in page.select('[name="consent"]'):
        words = page.select_one(f'label[for="{choice["id"]}"] [lang]')
        assert words
        found[str(choice["value"])] = words
    return found


# --- What is read to them -------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ENTER, IN_SPANISH])
def test_consent_is_shown_in_each_language_with_none_preselected(
    at_work: Client, address: str
) -> None:
    page = page_of(at_work.get(address))
    shown = shown_consents(page)
    assert [*shown] == [*VERSIONS.values()]
    for language, version in VERSIONS.items():
        assert shown[version]["lang"] == language
        assert consent.CONSENT_TEXTS[version] in shown[version].get_text()
    assert value_of(page, "consent") == ""
    legends = [each.get_text(strip=True) for each in page.select("legend")]
    assert "I read this to the caller, and they agreed" in legends


def test_an_added_language_shows_its_consent_text(
    at_work: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "Français"), ("vi", "Tiếng Việt")]
    monkeypatch.setitem(consent._TEXTS, "fr", {"2026-12-fr": "J’accepte."})
    monkeypatch.setitem(consent.CONSENT_TEXTS, "2026-12-fr", "J’accepte.")
    monkeypatch.setitem(VERSIONS, "fr", "2026-12-fr")
    shown = shown_consents(page_of(at_work.get(ENTER)))
    assert [each["lang"] for each in shown.values()] == ["en", "es", "fr"]
    assert shown["2026-12-fr"].get_text(" ", strip=True) == "Français “J’accepte.”"
    at_work.post(ENTER, filled(consent="2026-12-fr"))
    assert Inquiry.objects.get().consent_version == "2026-12-fr"


def test_spanish_calls_show_each_website_question_in_spanish(
    at_work: Client,
) -> None:
    make_article(categories=[make_category()])  # otherwise there is no topic to ask for
    link = page_of(at_work.get(ENTER)).find("a", string=lambda words: "in Spanish" in str(words))
    assert isinstance(link, Tag)
    assert link["href"] == IN_SPANISH
    page = page_of(at_work.get(IN_SPANISH))
    assert value_of(page, "language") == "es"
    read_out = page.select(".read-aloud")
    assert {each["lang"] for each in read_out} == {"es"}
    with translation.override("es"):
        questions = {str(InquiryForm.base_fields[name].label) for name in asked(*Group)}
    assert {str(each.strong and each.strong.get_text()) for each in read_out} == questions
    assert "No dejen ningún mensaje" in [each.get_text() for each in page.select(".read-aloud *")]


def test_spanish_calls_show_urgent_text_in_both_languages(at_work: Client) -> None:
    page = page_of(at_work.get(IN_SPANISH))
    spanish = page.select_one('.sentence [lang="es"]')
    english = page.select_one(".sentence .beside")
    assert spanish
    assert english
    assert "Llame al 911" in spanish.get_text(" ", strip=True)
    assert "oprima el 2" in spanish.get_text(" ", strip=True)
    assert "Call 911" in english.get_text(" ", strip=True)
    assert "988, press 2" in page.get_text(" ", strip=True)
    assert page.select('a[href="/admin/inquiries/inquiry/crisis/?language=es"]')


@pytest.mark.parametrize("query", ["", "?language=en", "?language=xx", "?language="])
def test_english_calls_show_no_text_in_other_languages(at_work: Client, query: str) -> None:
    page = page_of(at_work.get(ENTER + query))
    assert not page.select(".read-aloud, .sentence")
    assert value_of(page, "language") == ("en" if query == "?language=en" else "")


def test_the_form_after_a_crisis_call_opens_in_the_calls_language(at_work: Client) -> None:
    page = page_of(at_work.get("/admin/inquiries/inquiry/crisis/?language=es"))
    assert page.select(f'a[href="{IN_SPANISH}"]')


# --- What is kept of it ---------------------------------------------------------------------------


@in_each_language
@pytest.mark.parametrize("heard", list(VERSIONS))
def test_the_request_records_the_consent_they_heard_and_the_language_to_write_in(
    at_work: Client, coordinator: User, language: str, heard: str
) -> None:
    answer = at_work.post(ENTER, filled(language=language, consent=VERSIONS[heard]))
    assert answer.status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.language, inquiry.consent_version) == (language, VERSIONS[heard])
    assert inquiry.events.get(kind=Event.Kind.RECEIVED).by == coordinator
    assert verify_ledger().faults == []
    page = page_of(at_work.get(answer["Location"]))
    words = page.find(string=consent.CONSENT_TEXTS[VERSIONS[heard]])
    assert words
    assert words.parent
    assert words.parent["lang"] == heard


@pytest.mark.parametrize("change", [{"consent_version": VERSIONS["en"]}, {"language": "en"}])
def test_changing_the_recorded_consent_afterward_is_detected(
    at_work: Client, change: dict[str, str]
) -> None:
    at_work.post(ENTER, filled())
    Inquiry.objects.update(**change)
    assert verify_ledger().faults


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "We have your request"), ("es", "Tenemos su solicitud")],
)
def test_the_confirmation_is_in_their_chosen_language(
    at_work: Client, settings: Any, language: str, subject: str
) -> None:
    settings.EMAIL_IS_SET, settings.PORTAL_URL = True, "https://portal.example"
    at_work.post(ENTER, filled(language=language, consent=VERSIONS[language]))
    (mail,) = [each for each in send_all() if each.to == ["ana@example.org"]]
    assert mail.subject == f"{subject} ({Inquiry.objects.get().reference})"
    assert f'lang="{language}"' in whole(mail)


# --- What can go wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"consent": ""}, "Read the consent to them. If they agree, choose the language"),
        ({"consent": "1999-01"}, "Choose which consent you read to them"),
        ({"consent": ["on"]}, "Choose which consent you read to them"),
        ({"language": ""}, "Choose the language they want to speak"),
        ({"language": "xx"}, "Choose one of the answers listed"),
    ],
)
def test_missing_choices_are_named_and_typed_text_is_kept(
    at_work: Client, fields: dict[str, Any], error: str
) -> None:
    answer = at_work.post(ENTER, filled(**fields))
    assert answer.status_code == 422
    page = page_of(answer)
    [link] = page.select(".errornote a")
    assert error in link.get_text()
    assert page.select(str(link["href"]))
    sent = filled(**fields)
    for name in ("full_name", "email", "message", "channel"):
        assert value_of(page, name) == sent[name]
    for name in {"language", "consent"} - fields.keys():
        assert value_of(page, name) == sent[name]
    assert bool(page.select(".read-aloud")) is ("language" not in fields)
    assert not page.select(f'a[href="{IN_SPANISH}"]'), "a way that loses what was typed"
    assert not Inquiry.objects.exists()


@in_each_language
def test_a_form_opened_before_a_new_consent_text_keeps_the_old_one(
    at_work: Client, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, text = VERSIONS[language], consent.CONSENT_TEXTS[VERSIONS[language]]
    monkeypatch.setitem(consent._TEXTS[language], "2027-01", "The next one.")
    monkeypatch.setitem(consent.CONSENT_TEXTS, "2027-01", "The next one.")
    monkeypatch.setitem(VERSIONS, language, "2027-01")
    again = page_of(at_work.post(ENTER, filled(consent=before, message="")))
    assert value_of(again, "consent") == before
    assert text in shown_consents(again)[before].get_text()
    at_work.post(ENTER, filled(consent=before))
    assert Inquiry.objects.get().consent_version == before


def test_a_page_from_the_previous_release_implies_no_consent(at_work: Client) -> None:
    """It sent its version in a hidden field, whether or not its box was checked."""
    for checked in ({"consent": ""}, {"consent": "on"}):
        answer = at_work.post(ENTER, filled(consent_version=VERSIONS["en"], **checked))
        assert answer.status_code == 422
    assert not Inquiry.objects.exists()
