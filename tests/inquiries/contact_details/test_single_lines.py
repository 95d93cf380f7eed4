"""Text from outside: no single line keeps invisible characters, whatever page it was typed on."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django import forms
from django.core import mail
from django.test import Client

import inquiries.forms
from articles.forms import fields as typed
from inquiries import private_links
from inquiries.admin.danger_phrases import DangerPhraseAdmin
from inquiries.contact import cautions
from inquiries.danger import phrases
from inquiries.forms import InquiryForm, StepForm
from inquiries.forms.private_page import ProofForm
from inquiries.models import CannedReply, ContactMethod, DangerPhrase, Inquiry, Note
from inquiries.reference import parse_reference
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.states import State
from inquiries.worker import worker
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.intake.form_pages import ASK, filled, page_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
FIND = f"{QUEUE}find/"
PRIVATE = "/care-coordinator/request/"
#: Characters that a web page, a chat or a word processor adds to pasted text.
UNSEEN = ["\u200b", "\ufeff", "\u200e", "\u200f", "\u202e", "\u2060", "\u00ad", "\u034f", "\u2800"]
#: Fields that accept only their own format.
SHAPED = ("slug", "article", "topic", "time_zone", "task", "referral")


def form_classes() -> Iterator[type[forms.BaseForm]]:
    for module in iter_modules(inquiries.forms.__path__, "inquiries.forms."):
        for _, each in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(each, forms.BaseForm) and each.__module__ == module.name:
                yield each


@pytest.mark.parametrize("form", [*form_classes()], ids=lambda form: form.__name__)
def test_every_text_field_drops_invisible_characters(form: Any) -> None:
    for name, field in form.base_fields.items():
        if not isinstance(field, forms.CharField) or name in SHAPED:
            continue
        assert isinstance(
            field, typed.CleanTextField | typed.CleanLineField | typed.CleanCodeField
        ), name
        for unseen in UNSEEN:
            assert field.to_python(f"fi{unseen}eld") == "field", name
            assert field.to_python(unseen * 3) == "", name


def test_every_form_is_checked() -> None:
    names = {each.__name__ for each in form_classes()}
    assert {
        "InquiryForm",
        "FrontDeskForm",
        "ChangeContactForm",
        "ProofForm",
        "MessageForm",
        "NoteForm",
    } <= names
    assert {"ReplyForm", "CannedReplyForm", "CrisisScriptForm", "LinkDuplicateForm"} <= names
    assert len(names) > 20


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_intake_an_invisible_character_does_not_change_the_address(
    client: Client, coordinator: User, unseen: str, settings: Any
) -> None:
    """Mail goes to the cleaned address, and staff find it; both failed once."""
    settings.EMAIL_IS_SET, settings.PORTAL_URL = True, "https://portal.example"
    pasted = f"ana@example.com{unseen}"
    client.post(ASK, filled(contact_method="email", phone="", email=pasted))
    inquiry = Inquiry.objects.get()
    assert inquiry.email == "ana@example.com"
    worker._send_mails()
    assert [each.to for each in mail.outbox] == [["ana@example.com"]]
    for detail in ("ana@example.com", pasted, f"{unseen}ANA＠ｅｘａｍｐｌｅ.com"):
        assert lookup.find_inquiries(detail)[:2] == ("email", [inquiry])
    assert private_links.is_detail_correct(
        inquiry, inquiry, f"{inquiry.page_code[:3]}{unseen}{inquiry.page_code[3:]}"
    )
    client.force_login(coordinator)
    page = client.post(FIND, {"q": pasted}, follow=True)
    assert inquiry.reference in page.text
    assert 'value="ana@example.com"' in page.text, "as it was looked for"


def test_intake_an_address_saved_with_one_is_still_found() -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.com\u200b", phone="")
    assert lookup.find_inquiries("ana@example.com")[:2] == ("email", [inquiry])


@pytest.mark.parametrize("name", ["\u200b\u200b\u200b", "\u3164", "\u2800 \u2800", "\u00ad\ue000"])
def test_intake_an_invisible_name_is_rejected(client: Client, name: str) -> None:
    answer = client.post(ASK, filled(full_name=name))
    assert answer.status_code == 422
    assert "Enter your name" in page_of(answer).get_text()
    assert InquiryForm(filled(message=name)).errors["message"]


def test_intake_a_name_is_cleaned_and_found_however_it_was_pasted(client: Client) -> None:
    said = {
        "full_name": "Schu\u00adbert",
        "message": "A\u200b question",
        "never_contact": "\u202enever",
    }
    client.post(ASK, filled(**said))
    inquiry = Inquiry.objects.get()
    assert (inquiry.full_name, inquiry.message) == ("Schubert", "A question")
    assert inquiry.never_contact == "never"
    for typed_by_staff in ("Schubert", "Schu\u00adbert", "\ufeffschub\u200bert", "SCHU\u2060"):
        assert lookup.find_inquiries(typed_by_staff)[:2] == ("name", [inquiry])


def test_names_keep_their_joiners_and_are_found_without_them(client: Client) -> None:
    client.post(ASK, filled(full_name="علی‌رضا 👨🏽‍⚕️", message="می‌خواهم 👨‍👩‍👧 صحبت کنم"))
    inquiry = Inquiry.objects.get()
    assert inquiry.full_name == "علی‌رضا 👨🏽‍⚕️"
    assert inquiry.message == "می‌خواهم 👨‍👩‍👧 صحبت کنم"
    for asked in ("علی‌رضا", "علیرضا"):
        assert lookup.find_inquiries(asked)[:2] == ("name", [inquiry])
    assert normalized_words("علی‌رضا") == normalized_words("علیرضا")


def test_a_reference_is_recognized_however_it_was_pasted(client: Client, coordinator: User) -> None:
    reference = make_inquiry().reference
    wide = reference.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    client.force_login(coordinator)
    for pasted in (f"\ufeff{reference}", f"{reference[:3]}\u200b{reference[3:]}\u3164", wide):
        assert parse_reference(pasted) == reference
        assert lookup.find_inquiries(pasted)[0] == "reference"
        assert f'data-reference="{reference}"' in client.get(QUEUE, {"q": pasted}).text


# --- The private page -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "detail", ["0100", "01\u200b00", "\u202a0100\u202c", "０１００", "\ufeff0100"]
)
def test_intake_the_digits_open_the_page_however_they_were_pasted(
    client: Client, detail: str
) -> None:
    token = private_links.create_link(make_inquiry())
    client.get(f"{PRIVATE}{token}/")
    mark = page_of(client.get(PRIVATE)).select_one('[name="of"]')["value"]  # type: ignore[index]
    assert client.post(f"{PRIVATE}prove/", {"of": mark, "detail": detail}).status_code == 302


def test_the_last_digits_of_each_number_open_the_page() -> None:
    both = "202-555-0143 or 202-555-0144 mom"
    inquiry = make_inquiry(phone=both, phone_e164="+12025550143")
    assert [
        private_links.is_detail_correct(inquiry, inquiry, each) for each in ("0143", "0144")
    ] == [
        True,
        True,
    ]
    assert not any(
        private_links.is_detail_correct(inquiry, inquiry, each)
        for each in ("3666", "0666", "mom", "", "1")
    )


def test_a_wide_at_sign_does_not_bypass_the_digits(client: Client) -> None:
    """Whoever has a mailed link knows the address; where we have a phone, it proves nothing."""
    inquiry = make_inquiry(contact_method="email", email="ana@example.com")
    client.get(f"{PRIVATE}{private_links.create_link(inquiry, mailed=True)}/")
    mark = page_of(client.get(PRIVATE)).select_one('[name="of"]')["value"]  # type: ignore[index]
    for detail in ("ana@example.com", "ana＠example.com", "ana\u200b@example.com"):
        answer = client.post(f"{PRIVATE}prove/", {"of": mark, "detail": detail})
        assert answer.status_code == 422, detail


def test_a_typo_in_an_address_gets_a_hint_however_it_was_pasted() -> None:
    form = InquiryForm({"email": "ana@gmial.com\u200b"})
    assert "Did you mean ana@gmail.com?" in str(form.fields["email"].help_text)


def test_an_invisible_proof_is_rejected() -> None:
    assert ProofForm({"detail": "\u200b"}).errors["detail"]


# --- Staff ----------------------------------------------------------------------------------------


def test_notes_and_the_leads_lists_are_cleaned(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    note = {"note-text": "Call\u200b after fi\u00adve.", "note-version": inquiry.version}
    client.post(f"{QUEUE}{inquiry.pk}/note/", note)
    assert Note.objects.get().text == "Call after five."
    client.force_login(make_staff(Role.LEAD))
    reply = {"title": "Hel\u200blo", "language": "en", "text": "Hello {na\u200bme}."}
    client.post("/admin/inquiries/cannedreply/add/", reply)
    assert CannedReply.objects.values_list("title", "text").get(title="Hello")[1] == "Hello {name}."
    phrase = {"phrase": "very\u2060 il\u200bl", "language": "en", "kind": "other"}
    client.post("/admin/inquiries/dangerphrase/add/", phrase)
    assert DangerPhrase.objects.filter(phrase="very ill").exists()
    assert DangerPhraseAdmin.__mro__
    assert phrases.has_danger_words("She is very i\u00adll")


def test_text_fields_of_steps_are_cleaning_fields() -> None:
    for form in StepForm.__subclasses__():
        for name, field in form.base_fields.items():
            assert type(field) is not forms.CharField, (form, name)


# --- Pages ----------------------------------------------------------------------------------------

BOTH: dict[str, Any] = {
    "phone": "(202) 555-0143 or 202-555-0144 (mom)",
    "phone_e164": "+12025550143",
}


def section(client: Client, inquiry: Inquiry) -> Any:
    page = page_of(client.get(f"{QUEUE}{inquiry.pk}/change/"))
    return page.select_one('[aria-labelledby="reach"]')


def test_staff_see_each_number_as_a_link_with_the_words_beside_them(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    shown = section(client, make_inquiry(**BOTH))
    calls = {each["href"]: each.get_text() for each in shown.select('a[href^="tel:"]')}
    assert calls == {"tel:+12025550143": "(202) 555-0143", "tel:+12025550144": "(202) 555-0144"}
    assert not shown.select('a[href^="sms:"]')
    assert "They added: mom" in " ".join(shown.get_text().split())
    assert BOTH["phone"] in shown.get_text()


def test_staff_get_a_text_link_for_senders_who_asked_for_texts(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    shown = section(client, make_inquiry(contact_method="text"))
    assert shown.select_one('a[href="sms:+12025550100"]')
    assert shown.select_one('a[href="tel:+12025550100"]').get_text() == "(202) 555-0100"


@pytest.mark.parametrize(
    ("phone", "kept"), [("555-0123 mom", "+15550123666"), ("555-0123", "+15550123")]
)
def test_intake_an_invalid_number_saved_earlier_cannot_be_dialed(
    client: Client, coordinator: User, phone: str, kept: str
) -> None:
    inquiry = make_inquiry(phone=phone, phone_e164=kept)
    client.force_login(coordinator)
    shown = section(client, inquiry)
    assert phone in shown.get_text()
    assert "This is not a number we can call." in shown.get_text()
    assert not shown.select('a[href^="tel:"]')
    if "mom" not in phone:
        assert lookup.find_inquiries(phone)[:2] == ("phone", [inquiry]), "as it was found before"


def test_the_plan_mentions_the_words_beside_the_number(
    client: Client, coordinator: User, settings: Any
) -> None:
    def flags(**fields: Any) -> list[str]:
        sending = make_inquiry(**fields)
        return list(
            cautions.attempt_cautions(
                sending, ContactMethod(sending.contact_method), is_outside=False
            )
        )

    said = "They added to the number: “mom”. Think about who may answer, and when."
    assert said in flags(**BOTH)
    assert said in flags(**BOTH, contact_method="text")
    assert said not in flags(**BOTH, contact_method="email", email="ana@example.com")
    assert not any("added to the number" in each for each in flags())
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BOTH)
    client.force_login(coordinator)
    assert said in client.get(f"{QUEUE}{inquiry.pk}/change/").text
    ours = "This is the clinic’s own number. Look for another way."
    assert ours not in flags()
    settings.CLINIC = type(settings.CLINIC)(**{**vars(settings.CLINIC), "phone": "202-555-0100"})
    assert ours in flags()


def test_the_sender_sees_which_numbers_we_read(client: Client) -> None:
    client.post(ASK, filled(phone=BOTH["phone"]))
    client.post("/care-coordinator/sent/open/")
    shown = page_of(client.get(PRIVATE)).select_one(".contact-details")
    assert shown
    words = " ".join(shown.get_text(" ").split())
    assert BOTH["phone"] in words
    assert "Numbers we found: (202) 555-0143 (202) 555-0144 You also wrote: mom" in words
    copy = client.get(f"{PRIVATE}download/").json()["you_sent"]
    assert copy["phone"] == BOTH["phone"]
    assert copy["phone_numbers"] == ["(202) 555-0143", "(202) 555-0144"]


def test_senders_are_told_that_a_number_saved_earlier_cannot_be_called(client: Client) -> None:
    inquiry = make_inquiry(phone="555-0123", phone_e164="+15550123")
    client.get(f"{PRIVATE}{private_links.create_link(inquiry)}/")
    mark = page_of(client.get(PRIVATE)).select_one('[name="of"]')["value"]  # type: ignore[index]
    client.post(f"{PRIVATE}prove/", {"of": mark, "detail": "0123"})
    shown = page_of(client.get(PRIVATE)).select_one(".contact-details")
    assert shown
    assert "We can’t call this number. Please change it." in shown.get_text()
    typed_now = {"of": mark, "contact_method": "phone", "phone": "555-0123", "language": "en"}
    answer = client.post(f"{PRIVATE}reach/", typed_now)
    assert "This number has no area code." in answer.text
