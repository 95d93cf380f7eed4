"""The private page of one request: who gets in."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries import private_links, submission_history
from inquiries.models import Inquiry
from tests.factories import correct, make_inquiry
from tests.inquiries.private_page.browser import PRIVATE, address, opens, prove, words_of

pytestmark = pytest.mark.django_db


def test_the_link_plus_a_detail_opens_the_page(
    client: Client, inquiry: Inquiry, token: str
) -> None:
    first = client.get(address(token))
    assert (first.status_code, first["Location"]) == (302, PRIVATE)
    assert "Last four digits" in client.get(PRIVATE).text
    answer = prove(client)
    assert (answer.status_code, answer["Location"]) == (302, PRIVATE)
    page = client.get(PRIVATE)
    assert page.status_code == 200
    assert f'data-reference="{inquiry.reference}"' in page.text


@pytest.mark.parametrize(
    "detail",
    [
        *("0100", " 0100 ", "555-0100", "(202) 555-0100", "+1 202 555 0100"),
        *("\uff10\uff11\uff10\uff10", "\u0660\u0661\u0660\u0660"),
    ],
)
def test_a_detail_can_be_typed_in_many_ways(at_the_door: Client, detail: str) -> None:
    prove(at_the_door, detail)
    assert opens(at_the_door)


@pytest.mark.parametrize(
    "detail",
    [
        "9999",
        "100",
        "00",
        "",
        "   ",
        "01",
        "@",
        "ana",
        "ana@example.com",
        "ana@example.org",
        "@" * 999,
    ],
)
def test_a_wrong_detail_opens_nothing_and_reveals_nothing(
    at_the_door: Client, inquiry: Inquiry, detail: str
) -> None:
    answer = prove(at_the_door, detail)
    assert answer.status_code == 422
    assert not opens(at_the_door)
    assert inquiry.reference not in answer.text
    assert "Ana Example" not in answer.text


def test_all_wrong_details_get_the_same_answer(client: Client) -> None:
    client.get(address(private_links.create_link(make_inquiry(email="ana@example.org"))))
    answers = {words_of(prove(client, each)) for each in ("9999", "9@example.org", "123456")}
    assert len(answers) == 1


def test_security_6_without_a_phone_only_the_page_code_opens_it(
    client: Client,
) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org", phone="", phone_e164="")
    client.get(address(private_links.create_link(inquiry, mailed=True)))
    door = words_of(client.get(PRIVATE))
    assert "Your page code" in door
    assert "phone number" not in door
    wrong = f"{(int(inquiry.page_code) + 1) % 10**6:06}"
    for detail in ("", "0000", "ana@example.org", wrong):
        prove(client, detail)
        assert not opens(client), detail
    code = inquiry.page_code
    prove(client, f" {code[:3]}-{code[3:]} ")
    assert opens(client)


def test_a_corrected_number_opens_it_and_the_old_one_no_longer_does(
    at_the_door: Client, inquiry: Inquiry
) -> None:
    before = submission_history.current_submission(inquiry)
    new = {"phone": "202-555-0199", "phone_e164": "+12025550199", "email": "new@example.org"}
    correct(inquiry, type(before)(**{**vars(before), **new}))
    for detail in ("0100", "new@example.org"):
        prove(at_the_door, detail)
        assert not opens(at_the_door), detail
    prove(at_the_door, "0199")
    assert opens(at_the_door)


@pytest.mark.parametrize("mailed", [True, False])
def test_security_6_the_email_address_opens_no_link(client: Client, mailed: bool) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    client.get(address(private_links.create_link(inquiry, mailed=mailed)))
    assert prove(client, "ana@example.org").status_code == 422
    prove(client, "0100")
    assert opens(client)


def test_opening_it_straight_from_the_confirmation_asks_for_no_detail(client: Client) -> None:
    client.post(
        "/care-coordinator/ask/",
        {
            "full_name": "Ana Example",
            "phone": "202-555-0100",
            "message": "May I talk to someone?",
            "consent": "on",
            "idempotency_key": "one-form-on-one-screen",
        },
    )
    client.post("/care-coordinator/sent/open/")
    assert opens(client)
    assert "You don’t have a link to this page." in words_of(client.get(PRIVATE))
    client.post(address("link"))
    assert "You don’t have a link to this page." not in words_of(client.get(PRIVATE))


def test_leaving_the_confirmation_leaves_nothing_open(client: Client) -> None:
    sent = "/care-coordinator/sent/"
    client.post(
        "/care-coordinator/ask/",
        {
            "full_name": "Ana Example",
            "phone": "202-555-0100",
            "message": "May I talk to someone?",
            "consent": "on",
            "idempotency_key": "one-form-on-one-screen",
        },
    )
    page = BeautifulSoup(client.get(sent).text, "html.parser")
    leave = page.select_one(".quick-exit a")
    assert leave
    client.get(str(leave["href"]))
    assert "no longer available here" in client.get(sent).text
    client.post(f"{sent}open/")
    assert not opens(client)


def test_people_who_notice_an_email_typo_are_taken_to_where_they_can_fix_it(client: Client) -> None:
    answer = client.post(
        "/care-coordinator/ask/",
        {
            "full_name": "Ana Example",
            "email": "ana@gmial.com",
            "message": "May I talk to someone?",
            "consent": "on",
            "idempotency_key": "one-form-on-one-screen",
        },
        follow=True,
    )
    form = BeautifulSoup(answer.text, "html.parser").select_one(".email-typo form")
    assert form
    fields = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    answer = client.post(str(form["action"]), fields)
    assert answer["Location"] == f"{address('reach')}#id_email"
    page = BeautifulSoup(client.get(address("reach")).text, "html.parser")
    assert page.find(id="id_email")
