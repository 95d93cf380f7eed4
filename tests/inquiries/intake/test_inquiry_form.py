"""The form, as patients and families fill it in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from articles.editing import writing
from inquiries.forms import InquiryForm
from inquiries.intake import consent, topics
from inquiries.models import Addition, Inquiry
from inquiries.states import State
from inquiries.submission import Group, asked
from portal.models import User
from tests.factories import make_article, make_category, make_content, publish

pytestmark = pytest.mark.django_db

ASK = "/care-coordinator/ask/"
SENT = "/care-coordinator/sent/"


@pytest.fixture(autouse=True)
def _topics_read_anew() -> Iterator[None]:
    topics.clear_cache()
    yield
    topics.clear_cache()


def filled(**fields: Any) -> dict[str, Any]:
    """The least that is needed."""
    return {
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        "idempotency_key": "one-form-on-one-screen",
        **fields,
    }


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def value_of(page: BeautifulSoup, name: str) -> str:
    """What a field of the page holds."""
    fields = page.select(f'[name="{name}"]')
    assert fields, name
    if fields[0].name == "textarea":
        return fields[0].get_text().removeprefix("\n")
    if fields[0].name == "select":
        chosen = fields[0].select("option[selected]")
        return str(chosen[0]["value"]) if chosen else ""
    if fields[0].get("type") in {"radio", "checkbox"}:
        return ",".join(
            str(field.get("value", "on")) for field in fields if field.has_attr("checked")
        )
    return str(fields[0].get("value", ""))


# --- Sending --------------------------------------------------------------------------------------


def test_the_least_that_is_needed_is_enough(client: Client) -> None:
    response = client.post(ASK, filled())
    assert response.status_code == 302
    assert response["Location"] == SENT
    inquiry = Inquiry.objects.get()
    assert (inquiry.full_name, inquiry.phone, inquiry.phone_e164) == (
        "Ana Example",
        "202-555-0100",
        "+12025550100",
    )
    assert (inquiry.relation, inquiry.voicemail, inquiry.language) == ("self", "none", "en")
    assert inquiry.state == State.NEW
    assert not inquiry.suspicion


def test_everything_she_can_tell_us_arrives(client: Client) -> None:
    topic = make_category("Lupus")
    article = make_article(slug="kidney-tests", categories=[topic])
    everything = filled(
        relation="someone_else",
        patient_name="Ben Example",
        authority="guardian",
        contact_method="email",
        phone="+34 600 000 000 ext. 7",
        email="ana@example.org",
        shared_phone="on",
        shared_email="on",
        never_contact="Never at work.\r\nNever by text.",
        voicemail="may_identify",
        best_time=["morning", "evening"],
        time_zone="Europe/Madrid",
        language="es",
        interpreter="on",
        topic=topic.slug,
        message="Line one.\r\nLine “two”.",
        article="kidney-tests",
    )
    assert client.post(ASK, everything).status_code == 302
    inquiry = Inquiry.objects.get()
    assert inquiry.message == "Line one.\nLine “two”."
    assert inquiry.phone == "+34 600 000 000 ext. 7", "as typed, with the extension"
    assert inquiry.phone_e164 == "+34600000000"
    assert inquiry.best_time == "morning,evening"
    assert (inquiry.topic, inquiry.article) == (topic, article)
    for name in (
        *("relation", "patient_name", "authority", "contact_method", "email", "voicemail"),
        *("time_zone", "language"),
    ):
        assert getattr(inquiry, name) == everything[name]
    assert inquiry.interpreter
    assert (inquiry.shared_phone, inquiry.shared_email) == (True, True)
    assert inquiry.never_contact == "Never at work.\nNever by text."


def test_what_was_not_said_is_not_taken_for_said(client: Client) -> None:
    client.post(ASK, filled())
    inquiry = Inquiry.objects.get()
    assert (inquiry.authority, inquiry.never_contact) == ("", "")
    assert (inquiry.shared_phone, inquiry.shared_email) == (False, False)


def test_who_writes_for_herself_claims_no_authority_over_another(client: Client) -> None:
    client.post(ASK, filled(relation="self", authority="guardian"))
    assert Inquiry.objects.get().authority == ""


@pytest.mark.parametrize(
    ("fields", "method"),
    [
        ({"contact_method": ""}, "phone"),
        ({"contact_method": "", "phone": "", "email": "ana@example.org"}, "email"),
        ({"email": "ana@example.org"}, "phone"),
        ({"contact_method": "text"}, "text"),
    ],
)
def test_how_to_reach_her_is_taken_from_what_she_gave(
    client: Client, fields: dict[str, str], method: str
) -> None:
    assert client.post(ASK, filled(**fields)).status_code == 302
    assert Inquiry.objects.get().contact_method == method


@pytest.mark.parametrize(
    "typed",
    ["(202) 555-0100", "202.555.0100", "+1 202 555 0100", "1-202-555-0100", "202 555 0100 x12"],
)
def test_a_phone_number_comes_in_any_shape(client: Client, typed: str) -> None:
    assert client.post(ASK, filled(phone=typed)).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.phone, inquiry.phone_e164) == (typed, "+12025550100")


def test_control_characters_from_a_paste_are_dropped_not_complained_about(client: Client) -> None:
    assert client.post(ASK, filled(message="Ana\x00 wrote\x07\x0bthis\u2028.")).status_code == 302
    assert Inquiry.objects.get().message == "Ana wrote\nthis\u2028."


def test_a_name_is_one_line(client: Client) -> None:
    assert client.post(ASK, filled(full_name=" Ana\r\nBcc: x  Example ")).status_code == 302
    assert Inquiry.objects.get().full_name == "Ana Bcc: x Example"


@pytest.mark.parametrize("article", ["no-such", "x" * 3000, "\x00", "../admin"])
def test_an_unknown_article_is_no_reason_to_refuse_her(client: Client, article: str) -> None:
    assert client.get(ASK, {"article": article}).status_code == 200
    assert client.post(ASK, filled(article=article)).status_code == 302
    assert Inquiry.objects.get().article is None


@pytest.mark.parametrize("article", ["x" * 201, "\x00", "../admin", "a b"])
def test_what_can_be_no_article_goes_no_further(article: str) -> None:
    form = InquiryForm(filled(article=article))
    assert form.is_valid()
    assert form.cleaned_data["article"] == ""


def test_the_consent_text_she_saw_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(client.get(ASK))
    shown = value_of(page, "consent_version")
    monkeypatch.setitem(consent.CONSENT_TEXTS, "2099-01", "I agree to something else.")
    monkeypatch.setattr("inquiries.forms.inquiry.CURRENT_CONSENT_VERSION", "2099-01")
    again = page_of(client.post(ASK, filled(consent_version=shown, message="")))
    assert value_of(again, "consent_version") == shown
    assert consent.CONSENT_TEXTS[shown] in again.get_text()
    client.post(ASK, filled(consent_version=shown))
    assert Inquiry.objects.get().consent_version == shown
    fresh = page_of(client.get(ASK))
    assert "I agree to something else." in fresh.get_text()
    client.post(ASK, filled(idempotency_key="another-form-of-hers", consent_version="2099-01"))
    assert Inquiry.objects.filter(consent_version="2099-01").count() == 1


@pytest.mark.parametrize("version", ["", "1999-01", "x" * 3000])
def test_an_unknown_consent_version_means_todays(client: Client, version: str) -> None:
    client.post(ASK, filled(consent_version=version))
    assert Inquiry.objects.get().consent_version == consent.CURRENT_CONSENT_VERSION


def test_a_time_zone_that_is_not_listed_is_taken_and_kept(client: Client) -> None:
    listed = page_of(client.get(ASK)).select('[name="time_zone"] option')
    assert "America/New_York" in {option["value"] for option in listed}
    page = page_of(client.post(ASK, filled(time_zone="America/Toronto", message="")))
    assert value_of(page, "time_zone") == "America/Toronto"
    client.post(ASK, filled(time_zone="America/Toronto"))
    assert Inquiry.objects.get().time_zone == "America/Toronto"


def test_a_form_filled_by_a_machine_is_marked_and_not_lost(client: Client) -> None:
    assert client.post(ASK, filled(website="https://spam.example")).status_code == 302
    assert Inquiry.objects.get().state == State.QUARANTINED


# --- Sending twice --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["one-form-on-one-screen", "a" * 64])
def test_sent_twice_it_is_one_request_with_one_reference(client: Client, key: str) -> None:
    references = set()
    for _ in range(3):
        client.post(ASK, filled(idempotency_key=key))
        references.add(page_of(client.get(SENT)).select_one("[data-reference]")["data-reference"])  # type: ignore[index]
    assert len(references) == 1
    assert Inquiry.objects.count() == 1


def test_going_back_to_correct_the_phone_adds_to_the_same_request(client: Client) -> None:
    client.post(ASK, filled())
    client.post(ASK, filled(phone="202-555-0199"))
    assert Inquiry.objects.get().phone == "202-555-0100"
    assert Addition.objects.get().submission.phone == "202-555-0199"


def test_the_confirmation_speaks_of_the_way_she_chose_last(client: Client) -> None:
    client.post(ASK, filled())
    assert "call you" in page_of(client.get(SENT)).get_text()
    client.post(ASK, filled(contact_method="email", phone="", email="ana@example.org"))
    assert "answer you by email" in page_of(client.get(SENT)).get_text()


def test_a_change_of_topic_alone_is_kept_too(client: Client) -> None:
    topic = make_article().categories.get()
    client.post(ASK, filled())
    client.post(ASK, filled(topic=topic.slug))
    assert Addition.objects.get().submission.topic == topic.name


@pytest.mark.parametrize("key", ["", "short", "has spaces in it and more", "x" * 65, "ключ" * 10])
def test_a_broken_key_does_not_join_two_strangers(client: Client, key: str) -> None:
    client.post(ASK, filled(idempotency_key=key))
    client.post(ASK, filled(idempotency_key=key, full_name="Ben Example"))
    assert Inquiry.objects.count() == 2


def test_every_opened_form_has_a_key_of_its_own(client: Client) -> None:
    keys = {value_of(page_of(client.get(ASK)), "idempotency_key") for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}-[0-9a-f]{11}", key) for key in keys)


# --- Errors ---------------------------------------------------------------------------------------

ERRORS = [
    ({"full_name": ""}, "full_name", "Enter your name"),
    ({"full_name": " \n "}, "full_name", "Enter your name"),
    ({"full_name": "A" * 201}, "full_name", "200 characters or fewer"),
    ({"patient_name": "A" * 201}, "patient_name", "200 characters or fewer"),
    ({"phone": ""}, "phone", "Enter your phone number"),
    ({"contact_method": "text", "phone": ""}, "phone", "Enter your phone number"),
    ({"phone": "not a number"}, "phone", "Enter a phone number with its area code"),
    ({"phone": "555"}, "phone", "Enter a phone number with its area code"),
    ({"phone": "1" * 61}, "phone", "60 characters or fewer"),
    ({"contact_method": "email"}, "email", "Enter your email address"),
    ({"email": "ana@"}, "email", "Enter an email address in the form"),
    ({"contact_method": "", "phone": ""}, "contact_method", "Choose how we should reach you"),
    (
        {"contact_method": "", "email": "a@b.org"},
        "contact_method",
        "Choose how we should reach you",
    ),
    ({"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}"}, "email", "too long"),
    ({"contact_method": "pigeon"}, "contact_method", "Choose phone call, text message or email"),
    ({"topic": "no-such-topic"}, "topic", "Choose a topic from the list"),
    ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose one of the answers listed"),
    ({"relation": "pet"}, "relation", "Choose one of the answers listed"),
    ({"authority": "king"}, "authority", "Choose one of the answers listed"),
    ({"never_contact": "x" * 501}, "never_contact", "500 characters or fewer. It has 501."),
    ({"voicemail": "sing"}, "voicemail", "Choose one of the answers listed"),
    ({"best_time": ["midnight"]}, "best_time", "Choose one of the answers listed"),
    ({"language": "tlh"}, "language", "Choose one of the answers listed"),
    ({"message": ""}, "message", "Enter a few words"),
    ({"message": "x" * 5001}, "message", "5,000 characters or fewer. It has 5001."),
    ({"consent": ""}, "consent", "Tick the box"),
]


TYPED = {"full_name", "patient_name", "phone", "email", "never_contact", "message"}


@pytest.mark.parametrize(("fields", "name", "message"), ERRORS)
def test_an_error_is_named_tied_to_its_field_and_loses_nothing(
    client: Client, fields: dict[str, str], name: str, message: str
) -> None:
    typed = (
        filled(
            relation="someone_else",
            patient_name="Ben Example",
            authority="asked",
            shared_phone="on",
            never_contact="Never at work.",
            voicemail="callback_only",
            best_time=["evening"],
            time_zone="America/Chicago",
            language="es",
            interpreter="on",
        )
        | fields
    )
    response = client.post(ASK, typed)
    assert response.status_code == 422
    assert not Inquiry.objects.exists()
    page = page_of(response)
    assert page.title
    assert page.title.get_text(strip=True).startswith("Error:")
    summary = page.select_one('[role="alert"]')
    assert summary
    links = [link for link in summary.select("a") if message in link.get_text()]
    assert len(links) == 1
    field = page.find(id=str(links[0]["href"]).removeprefix("#"))
    assert field, "the link in the summary leads to the field"
    described = field.get("aria-describedby") or field.find_parent("fieldset").get(  # type: ignore[union-attr]
        "aria-describedby"
    )
    errors = [page.find(id=each) for each in str(described).split()]
    assert any(message in error.get_text() for error in errors if error)
    for key, value in typed.items():
        if key in {"full_name", "message"} and not str(value).strip():
            continue
        if key in fields and key not in TYPED:
            continue  # no such choice to keep
        kept = value_of(page, key)
        assert kept == (",".join(value) if isinstance(value, list) else value), key


def test_several_errors_are_listed_in_the_order_of_the_page(client: Client) -> None:
    page = page_of(client.post(ASK, {}))
    summary = page.select_one('[role="alert"]')
    assert summary
    targets = [str(link["href"]).removeprefix("#") for link in summary.select("a")]
    fields = [field.get("id") for field in page.select("form [id]")]
    places = [fields.index(target) for target in targets]
    assert len(targets) == 4
    assert places == sorted(places)


def test_a_link_to_the_form_says_where_she_came_from(client: Client) -> None:
    article = make_article(title="Kidney tests")
    page = page_of(client.get(ASK, {"article": article.slug}))
    assert "Kidney tests" in page.get_text()
    assert value_of(page, "article") == article.slug
    again = page_of(client.post(ASK, filled(article=article.slug, message="")))
    assert "Kidney tests" in again.get_text()


def test_a_form_that_cannot_prove_itself_is_shown_again_with_everything_in_it() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(ASK, filled(message="Please keep this."))
    assert response.status_code == 422
    page = page_of(response)
    assert value_of(page, "message") == "Please keep this."
    assert "press “Send my request” once more" in page.get_text()
    assert not Inquiry.objects.exists()
    token = value_of(page, "csrfmiddlewaretoken")
    again = strict.post(ASK, filled(message="Please keep this.", csrfmiddlewaretoken=token))
    assert again.status_code == 302
    assert Inquiry.objects.get().message == "Please keep this."


def test_other_forms_without_proof_are_refused_in_the_sites_own_look() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert "We could not check that form" in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(ASK).status_code == 405


def test_a_flood_of_fields_or_bytes_is_refused_plainly(client: Client) -> None:
    many = client.post(ASK, {f"field-{number}": "x" for number in range(300)})
    assert many.status_code == 400
    assert "too large" in many.text
    long = client.post(ASK, {"message": "x" * 1_600_000})
    assert long.status_code == 413
    assert "too much at once" in long.text


# --- Questions that few need to answer ------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, False),
        ({"voicemail": "none", "time_zone": ""}, False),
        ({"shared_phone": "on"}, True),
        ({"shared_email": "on"}, True),
        ({"voicemail": "callback_only"}, True),
        ({"best_time": ["morning"]}, True),
        ({"time_zone": "Europe/Madrid"}, True),
        ({"never_contact": "Never at work."}, True),
        ({"voicemail": "sing"}, True),
    ],
)
def test_more_questions_stand_open_where_one_was_answered(
    client: Client, fields: dict[str, Any], is_open: bool
) -> None:
    more = page_of(client.post(ASK, filled(message="", **fields))).find("details")
    assert more
    assert more.has_attr("open") == is_open


def test_every_question_has_its_reason(client: Client) -> None:
    page = page_of(client.get(ASK))
    fields = page.select("form .part .field, form > .field")
    assert len(fields) == len([*asked(*Group), "consent"])
    for field in fields:
        assert field.select_one(".hint"), field


def test_who_names_a_language_means_an_interpreter(client: Client) -> None:
    client.post(ASK, filled(interpreter_language="American Sign Language"))
    inquiry = Inquiry.objects.get()
    assert inquiry.interpreter
    assert inquiry.interpreter_language == "American Sign Language"


# --- Slips in her address -------------------------------------------------------------------------


def test_a_slip_in_the_address_is_hinted_at_when_the_form_comes_back(client: Client) -> None:
    page = page_of(client.post(ASK, filled(email="ana@gmial.com", message="")))
    field = page.find(id="id_email")
    assert field
    hint = page.find(id=str(field["aria-describedby"]))
    assert hint
    assert "Did you mean ana@gmail.com?" in hint.get_text()
    assert not page.select("#id_email_error"), "it is no error"
    fine = client.post(ASK, filled(email="ana@gmail.co", message=""))
    assert "Did you mean" not in fine.text
    wild = client.post(ASK, filled(email="<b>x</b>@gmial.com", message=""))
    assert "Did you mean &lt;b&gt;x&lt;/b&gt;@gmail.com?" in wild.text


def test_a_slip_in_the_address_refuses_nobody_and_is_asked_about_afterwards(client: Client) -> None:
    response = client.post(ASK, filled(contact_method="email", email="ana@gmial.com"))
    assert response.status_code == 302
    assert Inquiry.objects.get().email == "ana@gmial.com"
    page = page_of(client.get(SENT))
    asked = page.select_one(".email-typo")
    assert asked
    assert "You wrote …@gmial.com. Did you mean …@gmail.com?" in asked.get_text()
    assert asked.select_one('form[action="/care-coordinator/sent/open/"] button')
    assert "ana@" not in page.get_text()


# --- The confirmation -----------------------------------------------------------------------------


def test_the_confirmation_shows_reference_and_promise_and_survives_a_reload(
    client: Client,
) -> None:
    client.post(ASK, filled())
    inquiry = Inquiry.objects.get()
    for _ in range(2):
        response = client.get(SENT)
        page = page_of(response)
        reference = page.select_one("[data-reference]")
        assert reference
        assert reference["data-reference"] == inquiry.reference
        assert f"{timezone.localtime(inquiry.due_at):%A}" in page.get_text()
        assert "no-store" in response["Cache-Control"]


def test_the_cookie_of_the_confirmation_is_its_own_signed_and_short_lived(client: Client) -> None:
    response = client.post(ASK, filled(email="ana@example.org"))
    cookie = response.cookies["sent"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/care-coordinator/",
        True,
        "Lax",
    )
    assert 0 < cookie["max-age"] <= 3600
    for private in ("Ana Example", "555-0100", "ana@"):
        assert private not in cookie.value
    client.cookies["sent"] = f"x{cookie.value}"
    page = page_of(client.get(SENT))
    assert not page.select_one("[data-reference]")


def test_an_hour_later_the_device_shows_nothing(client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=1, minutes=1)):
        client.post(ASK, filled())
    response = client.get(SENT)
    assert response.status_code == 200
    assert not page_of(response).select_one("[data-reference]")


def test_a_promise_that_has_passed_is_not_made_again(client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        client.post(ASK, filled())
    client.post(ASK, filled())
    words = page_of(client.get(SENT)).get_text(" ", strip=True)
    assert "We promised to try by" in words
    assert "We will try to call" not in words


def test_the_page_about_coordinators_says_when_we_answer(client: Client) -> None:
    with time_machine.travel("2026-11-25T15:00:00Z", tick=False):
        page = page_of(client.get("/care-coordinator/"))
    words = page.get_text(" ", strip=True)
    assert "Friday" in words, "Thursday is Thanksgiving"
    assert "911" in words
    assert page.select(f'a[href="{ASK}"]')


def confirmation(**context: Any) -> BeautifulSoup:
    told = {
        "reference": "K7QM-2F4P-9XWD",
        "due_at": timezone.now(),
        "contact_method": "phone",
        **context,
    }
    request = RequestFactory().get(SENT)
    return BeautifulSoup(
        render_to_string("inquiries/confirmation/page.html", told, request), "html.parser"
    )


def test_words_that_may_mean_danger_put_the_emergency_card_first() -> None:
    page = confirmation(urgent=True)
    headings = [heading.get_text() for heading in page.select("main h1, main h2")]
    assert headings[:2] == ["Are you safe right now?", "Thank you. We have your request."]
    assert "988" in page.select(".emergency")[0].get_text()
    calm = confirmation()
    assert calm.select_one("main h1, main h2") == calm.select_one("h1")
    assert calm.select(".emergency"), "the advice stands all the same"


def test_a_request_in_the_spool_is_safe_and_has_no_page_yet() -> None:
    words = confirmation(is_spooled=True, email_hint=["gmial.com", "gmail.com"])
    assert "It is safe with us" in words.get_text()
    assert not words.select("main form")
    assert not words.select('main a[href$="request/"]')


def test_the_confirmation_leads_to_her_request_where_it_may(client: Client) -> None:
    client.post(ASK, filled())
    buttons = page_of(client.get(SENT)).select('form[action$="/sent/open/"] button')
    assert [button.get_text() for button in buttons] == ["See, correct or withdraw your request"]
    assert not confirmation().select("main form")


@pytest.mark.parametrize(
    ("fields", "comes"),
    [
        ({}, False),
        ({"email": "ana@example.org", "contact_method": "phone"}, True),
        ({"email": "ana@example.org", "contact_method": "phone", "shared_email": "on"}, False),
        ({"email": "ana@example.org", "contact_method": "email", "shared_email": "on"}, True),
    ],
)
def test_she_is_told_of_a_mail_only_where_one_comes(
    client: Client, fields: dict[str, str], comes: bool
) -> None:
    client.post(ASK, filled(**fields))
    assert ("We also send a confirmation" in client.get(SENT).text) == comes


# --- When nothing could keep it -------------------------------------------------------------------


def test_what_could_not_be_kept_comes_back_with_the_phone_first(
    settings: Any,
) -> None:
    settings.CLINIC = replace(settings.CLINIC, phone="(202) 555-0123")
    form = InquiryForm(filled(message="Please keep this."))
    assert form.is_valid()
    context = {"form": form, "not_saved": True}
    html = render_to_string("inquiries/inquiry_form/page.html", context, RequestFactory().post(ASK))
    page = BeautifulSoup(html, "html.parser")
    assert page.title
    assert page.title.get_text(strip=True).startswith("Not sent yet")
    alert = page.select_one('main [role="alert"]')
    assert alert
    assert alert.select_one('a[href="tel:+1-202-555-0123"]')
    assert "Nothing is lost" in alert.get_text()
    assert value_of(page, "message") == "Please keep this."
    assert value_of(page, "idempotency_key") == "one-form-on-one-screen"


# --- Around the form ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/care-coordinator/", ASK, SENT, "/care-coordinator/paper/"])
def test_the_page_can_be_left_at_once(client: Client, address: str) -> None:
    page = page_of(client.get(address))
    first = page.select("main a")[0]
    assert first.get_text() == "Leave this page"
    assert str(first["href"]).startswith("https://")
    assert set(first["rel"]) == {"noreferrer", "noopener"}
    assert "does not clear your browser’s history" in page.get_text()


def test_what_it_costs_and_what_the_clinic_earns_is_said(client: Client, settings: Any) -> None:
    for address in ("/care-coordinator/", ASK):
        settings.CLINIC = replace(settings.CLINIC, interests="We earn nothing from a study.")
        words = page_of(client.get(address)).get_text(" ", strip=True)
        assert "We earn nothing from a study." in words
        assert "free of charge" in words


def test_by_default_readers_are_invited_to_ask_what_the_clinic_earns(client: Client) -> None:
    assert "Ask us whether we earn anything" in client.get("/care-coordinator/").text


def test_the_form_on_paper_asks_the_same_and_can_be_sent_by_post(
    client: Client, settings: Any
) -> None:
    settings.CLINIC = replace(
        settings.CLINIC, phone="(202) 555-0123", postal_address="1 Example Street"
    )
    response = client.get("/care-coordinator/paper/")
    assert response["Cache-Control"] == "public, max-age=60"
    page = page_of(response)
    paper = page.select_one(".paper-form")
    assert paper
    words = paper.get_text(" ", strip=True)
    for said in (
        *("1 Example Street", "(202) 555-0123", "911", "988", "free of charge"),
        *(consent.CONSENT_TEXTS[consent.CURRENT_CONSENT_VERSION], consent.CURRENT_CONSENT_VERSION),
        *("I am a parent or legal guardian", "Do not leave a message", "Spanish", "interpreter"),
        *("Other people use or answer this phone", "never contact you"),
    ):
        assert said in words
    assert not page.select("main form, main input")
    assert page_of(client.get("/care-coordinator/")).select('a[href="/care-coordinator/paper/"]')


def test_the_form_on_paper_does_without_phone_and_address(client: Client) -> None:
    words = page_of(client.get("/care-coordinator/paper/")).get_text(" ", strip=True)
    assert "None" not in words
    assert "please use the form on our website" in words


# --- What she had read ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "expected"), [("1", 1), ("2", 2), ("", 2), ("3", 2), ("x" * 400, 2)]
)
def test_a_request_keeps_which_words_she_had_before_her(
    number: str, expected: int, client: Client, editor: User
) -> None:
    article = make_article()
    edited = writing.save_revision(
        article, make_content(), interests="None", version=article.version, by=editor
    )
    published = publish(edited)
    draft = writing.save_revision(
        published, make_content(), interests="None", version=published.version, by=editor
    )
    assert draft.head.number == 3, "which no reader has seen"
    page = client.get("/care-coordinator/ask/", {"article": article.slug, "revision": number})
    assert f'name="revision" value="{number[:9]}"' in page.text or not number
    client.post(ASK, filled(article=article.slug, revision=number))
    inquiry = Inquiry.objects.get()
    assert inquiry.revision
    assert (inquiry.article, inquiry.revision.number) == (article, expected)
