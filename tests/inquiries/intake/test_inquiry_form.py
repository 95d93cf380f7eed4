"""The request form, as patients and families fill it in."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from articles.editing import writing
from inquiries.forms import InquiryForm
from inquiries.intake import consent
from inquiries.models import Addition, Inquiry
from inquiries.states import State
from inquiries.submission import Group, asked
from portal.models import User
from tests.factories import make_article, make_category, make_content, publish
from tests.inquiries.intake.form_pages import ASK, SENT, filled, page_of, value_of

pytestmark = pytest.mark.django_db


def test_required_fields_alone_are_enough(client: Client) -> None:
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


def test_every_field_they_fill_in_arrives(client: Client) -> None:
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


def test_unanswered_questions_are_not_treated_as_answered(client: Client) -> None:
    client.post(ASK, filled())
    inquiry = Inquiry.objects.get()
    assert (inquiry.authority, inquiry.never_contact) == ("", "")
    assert (inquiry.shared_phone, inquiry.shared_email) == (False, False)


def test_people_writing_for_themselves_claim_no_authority_over_others(client: Client) -> None:
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
def test_the_contact_method_follows_from_the_details_they_gave(
    client: Client, fields: dict[str, str], method: str
) -> None:
    assert client.post(ASK, filled(**fields)).status_code == 302
    assert Inquiry.objects.get().contact_method == method


@pytest.mark.parametrize(
    "typed",
    ["(202) 555-0100", "202.555.0100", "+1 202 555 0100", "1-202-555-0100", "202 555 0100 x12"],
)
def test_phone_numbers_are_accepted_in_any_format(client: Client, typed: str) -> None:
    assert client.post(ASK, filled(phone=typed)).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.phone, inquiry.phone_e164) == (typed, "+12025550100")


def test_pasted_control_characters_are_dropped_without_an_error(client: Client) -> None:
    assert client.post(ASK, filled(message="Ana\x00 wrote\x07\x0bthis\u2028.")).status_code == 302
    assert Inquiry.objects.get().message == "Ana wrote\nthis\u2028."


def test_names_are_a_single_line(client: Client) -> None:
    assert client.post(ASK, filled(full_name=" Ana\r\nBcc: x  Example ")).status_code == 302
    assert Inquiry.objects.get().full_name == "Ana Bcc: x Example"


@pytest.mark.parametrize("article", ["no-such", "x" * 3000, "\x00", "../admin"])
def test_an_unknown_article_does_not_reject_the_form(client: Client, article: str) -> None:
    assert client.get(ASK, {"article": article}).status_code == 200
    assert client.post(ASK, filled(article=article)).status_code == 302
    assert Inquiry.objects.get().article is None


@pytest.mark.parametrize("article", ["x" * 201, "\x00", "../admin", "a b"])
def test_an_impossible_article_slug_is_dropped(article: str) -> None:
    form = InquiryForm(filled(article=article))
    assert form.is_valid()
    assert form.cleaned_data["article"] == ""


def test_the_consent_text_they_saw_is_recorded(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(client.get(ASK))
    shown = value_of(page, "consent_version")
    monkeypatch.setitem(consent.CONSENT_TEXTS, "2099-01", "I agree to something else.")
    monkeypatch.setitem(consent.CURRENT_CONSENT_VERSIONS, "en", "2099-01")
    again = page_of(client.post(ASK, filled(consent_version=shown, message="")))
    assert value_of(again, "consent_version") == shown
    assert consent.CONSENT_TEXTS[shown] in again.get_text()
    client.post(ASK, filled(consent_version=shown))
    assert Inquiry.objects.get().consent_version == shown
    fresh = page_of(client.get(ASK))
    assert "I agree to something else." in fresh.get_text()
    client.post(ASK, filled(idempotency_key="another-form-of-theirs", consent_version="2099-01"))
    assert Inquiry.objects.filter(consent_version="2099-01").count() == 1


@pytest.mark.parametrize("version", ["", "1999-01", "x" * 3000])
def test_an_unknown_consent_version_means_the_current_one(client: Client, version: str) -> None:
    client.post(ASK, filled(consent_version=version))
    assert Inquiry.objects.get().consent_version == consent.CURRENT_CONSENT_VERSION


def test_an_unlisted_time_zone_is_accepted_and_kept(client: Client) -> None:
    listed = page_of(client.get(ASK)).select('[name="time_zone"] option')
    assert "America/New_York" in {option["value"] for option in listed}
    page = page_of(client.post(ASK, filled(time_zone="America/Toronto", message="")))
    assert value_of(page, "time_zone") == "America/Toronto"
    client.post(ASK, filled(time_zone="America/Toronto"))
    assert Inquiry.objects.get().time_zone == "America/Toronto"


def test_a_form_filled_in_by_a_bot_is_marked_but_not_lost(client: Client) -> None:
    assert client.post(ASK, filled(website="https://spam.example")).status_code == 302
    assert Inquiry.objects.get().state == State.QUARANTINED


@pytest.mark.parametrize("key", ["one-form-on-one-screen", "a" * 64])
def test_a_form_sent_twice_is_one_request_with_one_reference(client: Client, key: str) -> None:
    references = set()
    for _ in range(3):
        client.post(ASK, filled(idempotency_key=key))
        references.add(page_of(client.get(SENT)).select_one("[data-reference]")["data-reference"])  # type: ignore[index]
    assert len(references) == 1
    assert Inquiry.objects.count() == 1


def test_going_back_to_correct_the_phone_updates_the_same_request(client: Client) -> None:
    client.post(ASK, filled())
    client.post(ASK, filled(phone="202-555-0199"))
    assert Inquiry.objects.get().phone == "202-555-0100"
    assert Addition.objects.get().submission.phone == "202-555-0199"


def test_the_confirmation_names_the_last_chosen_contact_method(client: Client) -> None:
    client.post(ASK, filled())
    assert "call you" in page_of(client.get(SENT)).get_text()
    client.post(ASK, filled(contact_method="email", phone="", email="ana@example.org"))
    assert "email you by" in page_of(client.get(SENT)).get_text()


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


def test_every_opened_form_has_its_own_key(client: Client) -> None:
    keys = {value_of(page_of(client.get(ASK)), "idempotency_key") for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}-[0-9a-f]{11}", key) for key in keys)


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
def test_optional_questions_are_expanded_if_one_was_answered(
    client: Client, fields: dict[str, Any], is_open: bool
) -> None:
    more = page_of(client.post(ASK, filled(message="", **fields))).select_one("main details")
    assert more
    assert more.has_attr("open") == is_open


def test_every_question_but_the_simplest_has_an_explanation(client: Client) -> None:
    make_category()  # otherwise the form does not ask for a topic
    page = page_of(client.get(ASK))
    fields = page.select("form .part .field, form > .field")
    assert len(fields) == len([*asked(*Group), "consent"])
    for field in fields:
        is_plain = field.select('[name="relation"]')
        assert field.select_one(".hint") or is_plain, field


def test_naming_an_interpreter_language_requests_an_interpreter(client: Client) -> None:
    client.post(ASK, filled(interpreter_language="American Sign Language"))
    inquiry = Inquiry.objects.get()
    assert inquiry.interpreter
    assert inquiry.interpreter_language == "American Sign Language"


@pytest.mark.parametrize("address", ["/care-coordinator/", ASK, SENT, "/care-coordinator/paper/"])
def test_the_page_has_a_quick_exit(client: Client, address: str) -> None:
    page = page_of(client.get(address))
    first = page.select("main a")[0]
    assert first.get_text() == "Leave this page"
    assert str(first["href"]).startswith("https://")
    assert set(first["rel"]) == {"noreferrer", "noopener"}
    assert "doesn’t clear your browser’s history" in page.get_text()


def test_the_page_says_what_it_costs_and_what_the_clinic_earns(
    client: Client, settings: Any
) -> None:
    for address in ("/care-coordinator/", ASK):
        settings.CLINIC = replace(settings.CLINIC, interests="We make no money from a study.")
        words = page_of(client.get(address)).get_text(" ", strip=True)
        assert "We make no money from a study." in words
        assert "It’s free" in words


def test_by_default_readers_are_invited_to_ask_what_the_clinic_earns(client: Client) -> None:
    assert "Ask us if we earn money" in client.get("/care-coordinator/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "expected"), [("1", 1), ("2", 2), ("", 2), ("3", 2), ("x" * 400, 2)]
)
def test_a_request_records_which_article_revision_the_sender_read(
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
