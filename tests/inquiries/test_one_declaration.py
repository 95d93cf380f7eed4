"""What follows from the declaration of a sender's fields, for every field, now and later."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection, models
from django.test import Client

from inquiries.forms import FrontDeskForm, InquiryForm
from inquiries.forms.private_page import ChangeContactForm
from inquiries.models import Inquiry
from inquiries.models.sealed import SealedField
from inquiries.privacy import erase_inquiry
from inquiries.states import ErasureReason
from inquiries.submission import COLUMNS, DECLARED, NOTHING_SAID, Group, asked
from portal.models import User
from tests.factories import make_article, make_category
from tests.inquiries.examples import example
from tests.inquiries.private_page.browser import PRIVATE, Browser, address, let_in, words_of

QUESTIONS = asked(*Group)
#: Texts that are not a sender's words: a part of the day, a time zone, a version of our text.
CLEAR_TEXTS = {"best_time", "time_zone", "consent_version"}
#: Fields that nobody fills in by hand.
NOT_ON_PAPER = {"relation", "topic", "time_zone"}


EVERYTHING = {name: example(name) for name in QUESTIONS}
#: These words may be stored only sealed, and whoever may read them must see each of them.
WORDS = {name: EVERYTHING[name] for name in QUESTIONS if DECLARED[name].sealed}
LABELS = {str(declared.label) for declared in DECLARED.values() if declared.label}


@pytest.fixture
def inquiry(client: Client) -> Inquiry:
    topic = make_category()
    make_article(categories=[topic])
    form = {"idempotency_key": "a-form-that-says-all", "topic": topic.slug, "consent": "on"}
    assert client.post("/care-coordinator/ask/", EVERYTHING | form).status_code == 302
    return Inquiry.objects.get()


def staff_page(client: Client, inquiry: Inquiry, by: User) -> str:
    client.force_login(by)
    return words_of(client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/"))


def row_of(inquiry: Inquiry) -> dict[str, Any]:
    """Return the row as stored; columns have the names of their fields."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(NOTHING_SAID)} FROM inquiries_inquiry "  # noqa: S608 - our own
            "WHERE reference = %s",
            [inquiry.reference],
        )
        return dict(zip(NOTHING_SAID, cursor.fetchone(), strict=True))


# --- Declared as a whole --------------------------------------------------------------------------


def test_every_field_has_its_column_and_text_is_sealed() -> None:
    for name in COLUMNS:
        column: Any = Inquiry._meta.get_field(name)
        assert isinstance(column, SealedField) == DECLARED[name].sealed, name
        is_chosen = isinstance(column, models.BooleanField) or bool(column.choices)
        assert DECLARED[name].sealed or is_chosen or name in CLEAR_TEXTS, name


def test_the_form_and_the_desk_ask_every_question() -> None:
    assert set(QUESTIONS) <= InquiryForm.base_fields.keys()
    assert set(QUESTIONS) <= FrontDeskForm.base_fields.keys()
    assert set(ChangeContactForm.base_fields) <= set(QUESTIONS)
    assert set(DECLARED) - set(QUESTIONS) == {"phone_e164", "email_checked", "consent_version"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/care-coordinator/ask/", "/admin/inquiries/inquiry/enter/"])
def test_every_question_is_on_the_page(client: Client, coordinator: User, path: str) -> None:
    client.force_login(coordinator)
    page = BeautifulSoup(client.get(path).text, "html.parser")
    asked_there = [str(each["name"]) for each in page.select("form [name]")]
    assert set(QUESTIONS) <= set(asked_there)


@pytest.mark.django_db
def test_every_question_can_be_answered_on_paper(client: Client) -> None:
    page = words_of(client.get("/care-coordinator/paper/")).casefold()
    for name in set(QUESTIONS) - NOT_ON_PAPER:
        assert str(InquiryForm.base_fields[name].label).casefold() in page, name


# --- What becomes of it ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_answer_is_saved_and_its_text_is_sealed(inquiry: Inquiry) -> None:
    for name, said in WORDS.items():
        assert getattr(inquiry, name) == said
    row = row_of(inquiry)
    assert [name for name in QUESTIONS if name in row and not row[name]] == []
    for name, said in WORDS.items():
        assert said.encode() not in bytes(row[name]), name


@pytest.mark.django_db
def test_staff_and_sender_see_every_word(
    client: Client, inquiry: Inquiry, coordinator: User, rf: Any
) -> None:
    browser = Browser()
    let_in(browser, rf, inquiry)
    for page in (staff_page(client, inquiry, coordinator), words_of(browser.get(PRIVATE))):
        assert [said for said in WORDS.values() if said not in page] == []
        assert [label for label in LABELS if label not in page] == []


@pytest.mark.django_db
def test_every_answer_is_in_the_download(inquiry: Inquiry, rf: Any) -> None:
    browser = Browser()
    let_in(browser, rf, inquiry)
    sent = browser.get(address("download")).json()["you_sent"]
    assert sent.keys() >= set(COLUMNS)
    assert {name: sent[name] for name in WORDS} == WORDS


@pytest.mark.django_db
def test_changes_on_the_private_page_are_shown_beside_the_original_answers(
    client: Client, inquiry: Inquiry, coordinator: User, rf: Any
) -> None:
    browser = Browser()
    let_in(browser, rf, inquiry)
    page = BeautifulSoup(browser.get(address("reach")).text, "html.parser")
    names = [*ChangeContactForm.base_fields]
    assert set(names) <= {str(each["name"]) for each in page.select("form [name]")}
    now = {name: example(name, number=2) for name in names}
    assert browser.post(address("reach"), now).status_code == 302
    download = browser.get(address("download")).json()
    texts = WORDS.keys() & set(names)
    assert {name: download["you_changed"][0][name] for name in texts} == {
        name: now[name] for name in texts
    }
    seen = staff_page(client, inquiry, coordinator)
    assert [name for name in texts if now[name] not in seen or WORDS[name] not in seen] == []


@pytest.mark.django_db
def test_rejected_input_comes_back_as_it_was_typed(client: Client) -> None:
    texts = {name: WORDS[name] for name in ChangeContactForm.base_fields if name in WORDS}
    page = words_of(client.post(address("reach"), texts))
    assert [name for name, said in texts.items() if said not in page] == []


@pytest.mark.django_db
def test_erasing_leaves_nothing_behind(inquiry: Inquiry, privacy: User) -> None:
    erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    assert not any(row_of(inquiry).values())
