"""The private page of one request: what senders can do there."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries import privacy, private_links, submission_history
from inquiries.ledger import events
from inquiries.models import Inquiry, Message
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, State
from inquiries.triage import steps as triage
from inquiries.views.private_page import quick_exit
from portal.models import User
from tests.inquiries.private_page.browser import (
    PRIVATE,
    STEPS,
    WORDS,
    Browser,
    address,
    kinds,
    later,
    latest,
    opens,
    prove,
    reply,
    typed_into,
    words_of,
)

pytestmark = pytest.mark.django_db


def test_a_message_arrives_once_no_matter_how_often_it_is_sent(
    ana: Client, inquiry: Inquiry
) -> None:
    for _ in range(3):
        answer = ana.post(address("write"), {"text": WORDS})
        assert (answer.status_code, answer["Location"]) == (302, f"{PRIVATE}?done=written")
    ana.post(address("write"), {"text": "Something else."})
    ana.post(address("write"), {"text": WORDS})
    assert [each.text for each in Message.objects.order_by("pk")] == [WORDS, "Something else."]
    assert "We have your message" in ana.get(f"{PRIVATE}?done=written").text
    with later(minutes=11):
        ana.post(address("write"), {"text": WORDS})
    assert kinds(inquiry).count("wrote") == 3


def test_the_same_text_after_our_answer_is_a_new_message(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    ana.post(address("write"), {"text": "Yes"})
    reply(inquiry, coordinator, "And may we call at noon?")
    ana.post(address("write"), {"text": "Yes"})
    assert kinds(inquiry).count("wrote") == 2
    ana.post(address("withdraw"))
    ana.post(address("write"), {"text": "Yes"})
    assert kinds(inquiry).count("wrote") == 3, "and so it is after they had withdrawn"
    assert latest(inquiry).state == State.NEW


@pytest.mark.parametrize("text", ["", "   \n", "x" * 5001])
def test_an_invalid_message_comes_back_unchanged(ana: Client, text: str) -> None:
    answer = ana.post(address("write"), {"text": text})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert typed_into(answer, "text") == text
    assert not Message.objects.exists()


def test_the_sender_can_change_their_contact_details(ana: Client, inquiry: Inquiry) -> None:
    opened = BeautifulSoup(ana.get(address("reach")).text, "html.parser")
    assert opened.select_one('[name="phone"]')["value"] == "(202) 555-0100"  # type: ignore[index]
    fields = {
        "contact_method": "text",
        "phone": "202-555-0188",
        "email": "new@example.org",
        "shared_phone": "on",
        "shared_email": "on",
        "never_contact": "Never after six.",
        "voicemail": "may_identify",
        "best_time": ["morning", "evening"],
        "time_zone": "Europe/Madrid",
        "language": "es",
        "interpreter": "on",
    }
    for _ in range(2):  # doing it twice is the same as doing it once
        answer = ana.post(address("reach"), fields)
        assert (answer.status_code, answer["Location"]) == (302, f"{PRIVATE}?done=saved")
    now = submission_history.current_submission(latest(inquiry))
    for name, value in fields.items():
        expected = {"best_time": "morning,evening"}.get(name, True if value == "on" else value)
        assert getattr(now, name) == expected, name
    assert now.phone_e164 == "+12025550188"
    assert (now.message, now.full_name) == (inquiry.message, "Ana Example"), "all else stays"
    assert kinds(inquiry).count("added") == 1
    page = words_of(ana.get(PRIVATE))
    assert "202-555-0188 (other people use it, too)" in page
    assert "You changed what you told us." in page


def test_people_who_used_an_emailed_link_stay_in_after_changing_their_address(
    client: Client, inquiry: Inquiry
) -> None:
    client.get(address(private_links.create_link(inquiry, mailed=True)))
    prove(client)
    assert client.post(address("reach"), STEPS["reach"]).status_code == 302
    assert opens(client)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"contact_method": "email", "email": ""}, "Enter your email address"),
        ({"contact_method": "phone", "phone": ""}, "Enter your phone number"),
        ({"contact_method": "phone", "phone": "12"}, "Enter a phone number with its area code"),
        ({"email": "ana@"}, "Enter an email address like name@example.com"),
        ({"never_contact": "x" * 501}, "500 characters or fewer"),
        ({"language": "xx"}, "Choose one of the answers listed"),
    ],
)
def test_invalid_contact_details_come_back_with_everything_they_typed(
    ana: Client, inquiry: Inquiry, fields: dict[str, str], fault: str
) -> None:
    typed = {"contact_method": "phone", "phone": "202-555-0144", "email": "x@example.org"} | fields
    answer = ana.post(address("reach"), {"never_contact": "At night."} | typed)
    assert answer.status_code == 422
    assert fault in words_of(answer)
    assert typed_into(answer, "never_contact") == typed.get("never_contact", "At night.")
    assert f'value="{typed["phone"]}"' in answer.text or not typed["phone"]
    assert "added" not in kinds(inquiry)


def test_the_sender_can_withdraw_and_come_back(ana: Client, inquiry: Inquiry) -> None:
    assert "Cancel your request?" in words_of(ana.get(address("withdraw")))
    for _ in range(2):
        assert ana.post(address("withdraw"))["Location"] == f"{PRIVATE}?done=withdrawn"
    assert latest(inquiry).outcome == Outcome.WITHDRAWN
    assert kinds(inquiry).count("closed") == 1
    page = words_of(ana.get(PRIVATE))
    assert "You canceled your request" in page
    assert "Did we answer your question?" not in page, "they have not asked to be"


def test_erasing_takes_two_steps_and_leaves_none_of_their_data(
    ana: Client, inquiry: Inquiry, token: str
) -> None:
    assert "What we keep" in words_of(ana.get(address("erase")))
    assert ana.post(address("erase")).status_code == 422
    assert latest(inquiry).state == State.NEW
    answer = ana.post(address("erase"), {"sure": "on"})
    assert answer["Location"] == address("erased")
    assert not ana.cookies["request"].value, "the cookie is gone"
    assert latest(inquiry).state == State.ERASED
    assert "Done. We erased what you told us." in words_of(ana.get(address("erased")))
    assert ana.get(PRIVATE).status_code == 404
    assert ana.get(address(token)).status_code == 404


def test_senders_get_their_text_back_if_we_erase_the_request_meanwhile(
    ana: Client, inquiry: Inquiry, privacy: User
) -> None:
    def erase_first(*args: Any, **kwargs: Any) -> Any:
        now = latest(inquiry)
        erase(now, reason=ErasureReason.ASKED, version=now.version, by=privacy)
        return write(*args, **kwargs)

    write = correspondence.write_message
    with patch.object(correspondence, "write_message", erase_first):
        answer = ana.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert "This request was erased" in words_of(answer)
    assert WORDS in answer.text


erase = privacy.erase_inquiry


@pytest.mark.parametrize(("word", "answered"), [("yes", True), ("no", False)])
def test_the_sender_says_whether_we_answered(
    ana: Client, inquiry: Inquiry, coordinator: User, word: str, answered: bool
) -> None:
    assert "Did we answer your question?" not in ana.get(PRIVATE).text, "nobody has yet"
    reply(inquiry, coordinator, "Here is the answer.")
    assert "Did we answer your question?" in ana.get(PRIVATE).text
    now = latest(inquiry)
    triage.close(now, outcome=Outcome.ANSWERED, version=now.version, by=coordinator)
    for _ in range(2):
        assert ana.post(address("answered"), {"answered": word}).status_code == 302
    now = latest(inquiry)
    assert now.said_answered is answered
    assert now.state == (State.CLOSED if answered else State.NEW)
    assert kinds(inquiry).count("judged") == 1
    assert ana.post(address("answered"), {"answered": "maybe"}).status_code == 422


def test_the_sender_can_download_everything(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    ana.post(address("write"), {"text": WORDS})
    ana.post(address("reach"), STEPS["reach"])
    events.record_reading(latest(inquiry), by=coordinator)
    answer = ana.get(address("download"))
    assert answer["Content-Disposition"] == 'attachment; filename="my-request.json"'
    copy = json.loads(answer.content)
    assert copy["reference"] == inquiry.reference
    assert copy["you_sent"]["full_name"] == "Ana Example"
    assert copy["you_changed"][0]["email"] == "new@example.org"
    assert [each["text"] for each in copy["messages"]] == [inquiry.message, WORDS]
    assert {"read", "wrote", "received"} <= {each["kind"] for each in copy["what_happened"]}
    assert len(copy["private_links"]) == 1
    assert len(copy["emails_to_you"]) == 3


def test_a_new_link_is_shown_once_and_opens_the_page(ana: Client, inquiry: Inquiry) -> None:
    assert ana.get(address("link")).status_code == 200
    assert inquiry.links.count() == 1
    answer = ana.post(address("link"))
    page = BeautifulSoup(answer.text, "html.parser")
    link = page.select_one("#address").get_text().strip()  # type: ignore[union-attr]
    assert link.startswith(f"http://testserver{PRIVATE}")
    other = Browser()
    other.get(link)
    prove(other)
    assert opens(other)
    assert link not in ana.get(address("link")).text


def test_revoking_links_is_explained_first_and_ends_the_page(
    ana: Client, inquiry: Inquiry, token: str
) -> None:
    assert "This page will also close" in words_of(ana.get(address("revoke")))
    assert opens(ana)
    answer = ana.post(address("revoke"))
    assert answer["Location"] == address("revoked")
    assert not ana.cookies["request"].value
    assert "All your private links are turned off" in words_of(ana.get(address("revoked")))
    assert ana.get(address(token)).status_code == 404
    assert latest(inquiry).state == State.NEW, "the request goes on"


def test_leaving_takes_one_click_and_closes_the_page(ana: Client) -> None:
    page = BeautifulSoup(ana.get(PRIVATE).text, "html.parser")
    link = page.select_one(".quick-exit a")
    assert link
    assert "noreferrer" in link["rel"]
    answer = ana.get(str(link["href"]))
    assert (answer.status_code, answer["Location"]) == (302, quick_exit.EXIT_URL)
    assert ana.get(PRIVATE).status_code == 404
