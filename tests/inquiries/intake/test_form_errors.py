"""The form that comes back with errors: each error is named, and nothing typed is lost."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from inquiries.forms import InquiryForm
from inquiries.models import Inquiry
from tests.factories import make_article
from tests.inquiries.intake.form_pages import ASK, SENT, filled, page_of, value_of

pytestmark = pytest.mark.django_db

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
    ({"email": "ana@"}, "email", "Enter an email address like"),
    ({"contact_method": "", "phone": ""}, "contact_method", "Choose how we should contact you"),
    (
        {"contact_method": "", "email": "a@b.org"},
        "contact_method",
        "Choose how we should contact you",
    ),
    ({"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}"}, "email", "too long"),
    ({"contact_method": "pigeon"}, "contact_method", "Choose phone call, text message, or email"),
    ({"topic": "no-such-topic"}, "topic", "Choose a topic from the list"),
    ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose one of the answers listed"),
    ({"relation": "pet"}, "relation", "Choose one of the answers listed"),
    ({"authority": "king"}, "authority", "Choose one of the answers listed"),
    ({"never_contact": "x" * 501}, "never_contact", "500 characters or fewer. You used 501."),
    ({"voicemail": "sing"}, "voicemail", "Choose one of the answers listed"),
    ({"best_time": ["midnight"]}, "best_time", "Choose one of the answers listed"),
    ({"language": "tlh"}, "language", "Choose one of the answers listed"),
    ({"message": ""}, "message", "Tell us in a few words"),
    ({"message": "x" * 5001}, "message", "5000 characters or fewer. You used 5001."),
    ({"consent": ""}, "consent", "Check the box"),
]

TYPED = {"full_name", "patient_name", "phone", "email", "never_contact", "message"}


@pytest.mark.parametrize(("fields", "name", "message"), ERRORS)
def test_an_error_is_explained_at_its_field_and_nothing_is_lost(
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
            continue  # the page has no such choice to keep
        kept = value_of(page, key)
        assert kept == (",".join(value) if isinstance(value, list) else value), key


def test_errors_are_listed_in_page_order(client: Client) -> None:
    page = page_of(client.post(ASK, {}))
    summary = page.select_one('[role="alert"]')
    assert summary
    targets = [str(link["href"]).removeprefix("#") for link in summary.select("a")]
    fields = [field.get("id") for field in page.select("form [id]")]
    places = [fields.index(target) for target in targets]
    assert len(targets) == 4
    assert places == sorted(places)


def test_a_link_to_the_form_says_where_they_came_from(client: Client) -> None:
    article = make_article(title="Kidney tests")
    page = page_of(client.get(ASK, {"article": article.slug}))
    assert "Kidney tests" in page.get_text()
    assert value_of(page, "article") == article.slug
    again = page_of(client.post(ASK, filled(article=article.slug, message="")))
    assert "Kidney tests" in again.get_text()


def test_a_form_without_a_valid_csrf_token_comes_back_filled_in() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(ASK, filled(message="Please keep this."))
    assert response.status_code == 422
    page = page_of(response)
    assert value_of(page, "message") == "Please keep this."
    assert "press “Send my request” again" in page.get_text()
    assert not Inquiry.objects.exists()
    token = value_of(page, "csrfmiddlewaretoken")
    again = strict.post(ASK, filled(message="Please keep this.", csrfmiddlewaretoken=token))
    assert again.status_code == 302
    assert Inquiry.objects.get().message == "Please keep this."


def test_other_forms_without_a_csrf_token_are_refused_with_a_styled_page() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert "We couldn’t check that form" in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_rejected(client: Client, method: str) -> None:
    assert getattr(client, method)(ASK).status_code == 405


def test_too_many_fields_or_bytes_are_rejected_in_plain_words(client: Client) -> None:
    many = client.post(ASK, {f"field-{number}": "x" for number in range(300)})
    assert many.status_code == 400
    assert "Something was wrong with that" in many.text
    long = client.post(ASK, {"message": "x" * 1_600_000})
    assert long.status_code == 413
    assert "too much to send at once" in long.text


def test_an_email_typo_is_pointed_out_when_the_form_comes_back(client: Client) -> None:
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


def test_an_email_typo_is_accepted_and_asked_about_afterward(client: Client) -> None:
    response = client.post(ASK, filled(contact_method="email", email="ana@gmial.com"))
    assert response.status_code == 302
    assert Inquiry.objects.get().email == "ana@gmial.com"
    page = page_of(client.get(SENT))
    asked = page.select_one(".email-typo")
    assert asked
    assert "You typed …@gmial.com. Did you mean …@gmail.com?" in asked.get_text()
    assert asked.select_one('form[action="/care-coordinator/sent/open/"] button')
    assert "ana@" not in page.get_text()


def test_an_unsaved_form_comes_back_with_the_phone_number_first(
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
