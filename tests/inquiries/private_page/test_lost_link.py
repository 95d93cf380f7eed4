"""Patient 9: a lost private link can be replaced without a voice call, and nothing is revealed."""

from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from inquiries import private_links
from inquiries.models import Event, Inquiry
from inquiries.states import State
from inquiries.worker import worker
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db

LOST = "/care-coordinator/request/new-link/"
BY_MAIL: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


def ask(inquiry: Inquiry | str, email: str = "ana@example.org") -> str:
    reference = inquiry if isinstance(inquiry, str) else inquiry.reference
    client = Client()
    answer = client.post(LOST, {"reference": reference, "email": email}, follow=True)
    assert answer.status_code == 200
    return answer.text


def links_sent() -> int:
    while worker._send_mails():
        pass
    sent = [each for each in mail.outbox if "Your private link" in each.subject]
    assert all(each.to == ["ana@example.org"] for each in sent)
    return len(sent)


@pytest.mark.parametrize("state", [State.NEW, State.CLAIMED, State.WAITING, State.CLOSED])
def test_the_link_goes_to_the_address_on_file(state: State) -> None:
    inquiry = make_inquiry(state, **BY_MAIL)
    ask(inquiry, "Ana@Example.org")
    assert links_sent() == 1
    assert private_links.live_links(inquiry).exists()
    inquiry.refresh_from_db()
    assert inquiry.state == state
    event = inquiry.events.get(kind=Event.Kind.LINK_ASKED)
    assert event.by is None


def test_the_answer_does_not_reveal_whether_a_request_exists() -> None:
    theirs = make_inquiry(**BY_MAIL)
    others = [
        (theirs.reference, "someone.else@example.org"),
        ("K7QM-3XRT-9WL4", "ana@example.org"),
        ("nonsense", "ana@example.org"),
        (make_inquiry(email="ana@example.org").reference, "ana@example.org"),
        (make_inquiry(shared_email=True, **BY_MAIL).reference, "ana@example.org"),
        (make_inquiry(State.QUARANTINED, **BY_MAIL).reference, "ana@example.org"),
        (make_inquiry(State.ERASED, **BY_MAIL).reference, "ana@example.org"),
    ]
    answers = {ask(*each) for each in others}
    assert links_sent() == 0
    assert {ask(theirs)} == answers
    assert links_sent() == 1


def test_a_domain_may_be_written_in_its_own_script_or_in_ascii() -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@bücher.example")
    ask(inquiry, "ana@xn--bcher-kva.example")
    assert inquiry.deliveries.filter(kind="link").exists()


def test_people_who_revoked_all_links_get_none_this_way() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    private_links.revoke_links(inquiry)
    ask(inquiry)
    assert links_sent() == 0


def test_it_cannot_be_used_to_flood_an_inbox() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    for _ in range(3):
        ask(inquiry)
    assert links_sent() == 1, "who asks thrice before it went gets one"
    for _ in range(8):
        ask(inquiry)
        links_sent()
    assert links_sent() == 5
    assert inquiry.events.filter(kind=Event.Kind.LINK_ASKED).count() == 5


def test_mistakes_are_named_and_typed_text_is_kept(client: Client) -> None:
    answer = client.post(LOST, {"reference": "K7QM-3XRT-9WL4", "email": "josé"})
    assert answer.status_code == 422
    assert "This one has no @." in answer.text
    assert "K7QM-3XRT-9WL4" in answer.text
    assert answer["Cache-Control"] == "private, no-store"


def test_alternatives_to_a_voice_call_are_listed(client: Client, settings: Any) -> None:
    settings.CLINIC = replace(
        settings.CLINIC,
        phone="(202) 555-0123",
        tty="(202) 555-0124",
        text_number="(202) 555-0125",
        postal_address="1 Example Street, Exampleville",
    )
    for page in (LOST, "/care-coordinator/request/not-a-link-of-ours-at-all-000000/"):
        words = client.get(page).text
        for way in ("dial <a", "tel:711", "TTY:", "sms:+12025550125", "Write to us or visit us"):
            assert way in words, (page, way)
    assert LOST in client.get("/care-coordinator/request/not-a-link-of-ours-at-all-000000/").text
