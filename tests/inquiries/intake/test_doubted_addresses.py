"""Security 6: no link goes to an address that looks mistyped before the sender has confirmed it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from inquiries import private_links, submission_history
from inquiries.models import AccessLink, Inquiry
from inquiries.states import IdentityCheck, State
from inquiries.triage import contact_steps
from inquiries.worker import worker
from portal.models import User
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db

ASK, SENT = "/care-coordinator/ask/", "/care-coordinator/sent/"
OPEN, PAGE = f"{SENT}open/", "/care-coordinator/request/"
MISTYPED = "ana@gmial.com"


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


def send(client: Client, email: str = MISTYPED) -> str:
    client.post(
        ASK,
        {
            "full_name": "Ana Example",
            "contact_method": "email",
            "email": email,
            "message": "May I talk to someone?",
            "consent": "on",
            "idempotency_key": "one-form-on-one-screen",
        },
    )
    return client.get(SENT).text


def mails() -> list[str]:
    """Send all mail that is due, and return the text of each message, with or without a link."""
    mail.outbox.clear()
    while worker._send_mails():
        pass
    return [str(each.body) for each in mail.outbox]


def hidden(client: Client) -> dict[str, str]:
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    field = page.select_one('form[action$="/address/"] [name="of"]')
    return {"of": str(field["value"]) if field else ""}


def test_security_6_a_mistyped_address_gets_a_confirmation_without_a_link(
    client: Client,
) -> None:
    page = send(client)
    assert "Is your email address right?" in page
    assert "has a private link" not in page, "the page promises none"
    (body,) = mails()
    assert "We have your request" in body
    assert "/care-coordinator/request/" not in body
    assert not AccessLink.objects.exists()


def test_security_6_an_undoubted_address_gets_its_link_at_once(client: Client) -> None:
    assert "has a private link" in send(client, "ana@example.org")
    assert "/care-coordinator/request/" in mails()[0]


def test_security_6_confirming_the_address_sends_the_link(client: Client) -> None:
    send(client)
    mails()
    client.post(OPEN, {"to": "right"})
    page = client.get(SENT).text
    assert "Is your email address right?" not in page
    assert "has a private link" in page
    (body,) = mails()
    assert "/care-coordinator/request/" in body
    assert AccessLink.objects.count() == 1


def test_security_6_confirming_twice_counts_once(client: Client) -> None:
    send(client)
    client.post(OPEN, {"to": "right"})
    events = Inquiry.objects.get().events.count()
    client.post(OPEN, {"to": "right"})
    assert Inquiry.objects.get().events.count() == events


def test_security_6_a_stranger_cannot_confirm_the_address(client: Client) -> None:
    send(client)
    stranger = Client()
    send(stranger)
    stranger.post(OPEN, {"to": "right"})
    mails()
    assert not AccessLink.objects.exists()


def test_security_6_the_address_can_be_confirmed_on_the_private_page(client: Client) -> None:
    send(client)
    client.post(OPEN)
    assert "Is your email address right?" in client.get(PAGE).text
    answer = client.post(f"{PAGE}address/", hidden(client))
    assert answer["Location"] == f"{PAGE}?done=address"
    assert "Is your email address right?" not in client.get(PAGE).text
    assert any("/care-coordinator/request/" in body for body in mails())


def test_security_6_the_address_can_be_confirmed_to_a_coordinator(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(
        State.CLAIMED,
        owner=coordinator,
        contact_method="email",
        email=MISTYPED,
        phone="",
        phone_e164="",
    )
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "may be mistyped" in page
    assert "Confirm contact details" in page
    assert not private_links.may_mail_link(inquiry, inquiry)
    contact_steps.confirm_submission(
        inquiry, number=1, identity=IdentityCheck.REFERENCE, version=inquiry.version, by=coordinator
    )
    assert private_links.may_mail_link(inquiry, submission_history.current_sending(inquiry))
    assert any("/care-coordinator/request/" in body for body in mails())


def test_security_6_a_new_mistyped_address_is_questioned_again(client: Client) -> None:
    send(client)
    client.post(OPEN, {"to": "right"})
    mails()
    page = send(client, "ana@hotmial.com")
    assert "Is your email address right?" in page
    assert not any("/care-coordinator/request/" in body for body in mails())


# --- The code of the page -------------------------------------------------------------------------


def test_security_6_the_code_is_on_the_confirmation_but_in_no_email(client: Client) -> None:
    page = BeautifulSoup(send(client, "ana@example.org"), "html.parser")
    code = "".join(page.select_one(".page-code").get_text().split())  # type: ignore[union-attr]
    assert code == Inquiry.objects.get().page_code
    assert len(code) == 6
    (body,) = mails()
    assert "It will ask for your page code" in body
    assert code not in body
    assert f"{code[:3]} {code[3:]}" not in body


def test_security_6_people_who_gave_a_phone_number_are_asked_for_its_digits(client: Client) -> None:
    assert "page code" not in send(client, "")
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    assert "It will ask for the last four digits of your phone number" in mails()[0]
    assert inquiry.page_code not in mails()


def test_security_6_people_without_a_phone_number_see_the_code_on_the_page(
    client: Client,
) -> None:
    send(client, "ana@example.org")
    client.post(OPEN)
    code = Inquiry.objects.get().page_code
    assert f"{code[:3]} {code[3:]}" in client.get(PAGE).text


def test_security_6_a_coordinator_can_look_up_a_lost_code(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(contact_method="email", email="a@x.org", phone="", phone_e164="")
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert f"{inquiry.page_code[:3]} {inquiry.page_code[3:]}" in page
    with_phone = make_inquiry()
    page = client.get(f"/admin/inquiries/inquiry/{with_phone.pk}/change/").text
    assert "Page code" not in page


def test_security_6_each_request_has_its_own_code() -> None:
    codes = {make_inquiry().page_code for _ in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
