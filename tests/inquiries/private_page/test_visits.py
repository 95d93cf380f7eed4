"""The private page of one request: who is kept out, and when a visit ends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core import signing
from django.test import Client
from django.utils import timezone

from inquiries import private_links
from inquiries.models import Inquiry, Message
from inquiries.private_page import correspondence
from inquiries.views.private_page import visits
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import (
    DETAIL,
    PRIVATE,
    STEPS,
    WORDS,
    Browser,
    address,
    later,
    let_in,
    opens,
    prove,
    words_of,
)

pytestmark = pytest.mark.django_db


def test_without_a_cookie_there_is_a_friendly_page(client: Client) -> None:
    answer = client.get(PRIVATE)
    assert answer.status_code == 404
    assert "If you have a private link, open it again." in words_of(answer)
    for step in STEPS:
        assert client.get(address(step)).status_code == 404, step


def _revoked(inquiry: Inquiry) -> None:
    private_links.revoke_links(inquiry)


def _expired(inquiry: Inquiry) -> None:
    inquiry.links.update(ends_at=timezone.now())


def _erased(inquiry: Inquiry) -> None:
    correspondence.erase_by_sender(inquiry)


ENDINGS = pytest.mark.parametrize("end", [_revoked, _expired, _erased])


@ENDINGS
def test_an_ended_link_looks_like_one_that_never_existed(
    client: Client, inquiry: Inquiry, token: str, end: Callable[[Inquiry], None]
) -> None:
    never = client.get(f"{PRIVATE}{'A' * 43}/")
    end(inquiry)
    answer = client.get(address(token))
    assert answer.status_code == never.status_code == 404
    assert words_of(answer) == words_of(never)
    assert "Call us" in words_of(answer) or "Send us" in words_of(answer)
    assert not client.cookies


@ENDINGS
def test_an_open_page_ends_with_its_link(
    ana: Client, inquiry: Inquiry, end: Callable[[Inquiry], None]
) -> None:
    assert opens(ana)
    end(inquiry)
    assert ana.get(PRIVATE).status_code == 404
    answer = ana.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert WORDS in answer.text
    assert not Message.objects.exists()


def test_an_ended_link_does_not_ask_for_a_detail(at_the_door: Client, inquiry: Inquiry) -> None:
    private_links.revoke_links(inquiry)
    assert prove(at_the_door).status_code == 404


def test_revoking_links_also_locks_out_people_who_came_from_the_confirmation(
    inquiry: Inquiry, client: Client, rf: Any
) -> None:
    private_links.revoke_links(inquiry)  # revoked before this visit, so it does not end it
    let_in(client, rf, inquiry)
    assert opens(client)
    private_links.revoke_links(inquiry)
    assert not opens(client)


def test_a_confirmation_from_before_links_were_revoked_opens_nothing(
    inquiry: Inquiry, client: Client, rf: Any
) -> None:
    began = timezone.now()
    let_in(client, rf, inquiry, started_at=began)
    assert opens(client)
    private_links.revoke_links(inquiry)
    let_in(client, rf, inquiry, started_at=began)
    assert not opens(client)


def test_after_half_an_hour_of_inactivity_it_asks_again(ana: Client) -> None:
    with later(minutes=29):
        assert opens(ana)
    with later(minutes=58):  # each visit extends it
        assert opens(ana)
    with later(minutes=89):
        assert not opens(ana)
        assert "Last four digits" in ana.get(PRIVATE).text, "the link is still known"
        prove(ana)
        assert opens(ana)


def test_after_two_hours_it_asks_again_in_any_case(ana: Client) -> None:
    for minutes in range(20, 120, 20):
        with later(minutes=minutes):
            assert opens(ana), minutes
    with later(minutes=121):
        assert not opens(ana)
        assert ana.get(PRIVATE).status_code == 200


def test_after_a_night_the_link_is_needed(ana: Client) -> None:
    with later(hours=9):
        assert ana.get(PRIVATE).status_code == 404


def test_a_tampered_cookie_is_ignored(ana: Client, at_the_door: Client) -> None:
    theirs = make_inquiry()
    good = ana.cookies["request"].value
    payload, _, signature = good.partition(":")
    visit = visits.Visit(str(theirs.pk), None, 0.0, 9e9, is_proven=True)
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        f"{payload[:-2]}xx:{signature}",
        signing.dumps(list(vars(visit).values()), salt="inquiries.sent"),
        signing.dumps(list(vars(visit).values()), key="x", salt="inquiries.visit"),
        signing.dumps(["two", "words"], salt="inquiries.visit"),
        signing.dumps({"reference": theirs.reference}, salt="inquiries.visit"),
        "",
        "\u00e9",
    ]
    for cookie in forged:
        ana.cookies["request"] = cookie
        assert ana.get(PRIVATE).status_code == 404, cookie


def test_a_visitors_cookie_opens_only_their_own_request(ana: Client, inquiry: Inquiry) -> None:
    other = make_inquiry(full_name="Berta Other", phone="202-555-0177", phone_e164="+12025550177")
    ana.get(address(private_links.create_link(other)))
    assert not opens(ana), "another link: another door"
    assert prove(ana).status_code == 422, "and Ana's detail does not open it"
    prove(ana, "0177")
    assert other.reference in ana.get(PRIVATE).text
    assert inquiry.reference not in ana.get(PRIVATE).text


def test_reopening_their_own_link_does_not_ask_again(
    ana: Client, token: str, inquiry: Inquiry
) -> None:
    for again in (token, private_links.create_link(inquiry)):
        ana.get(address(again))
        assert opens(ana)


def test_the_cookie_is_limited_to_sender_pages_and_hidden_from_scripts(
    client: Client, token: str
) -> None:
    client.get(address(token))
    cookie = client.cookies["request"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == (
        "Lax",
        "/",
        "",
    )
    assert token not in cookie.value
    secure = Browser()
    secure.get(address(token), secure=True)
    cookie = secure.cookies["__Host-request"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Lax", "/", True)
    secure.post(address("prove"), {"detail": DETAIL}, secure=True)
    assert "data-reference" in secure.get(PRIVATE, secure=True).text


def test_the_token_is_not_in_the_database(ana: Client, token: str) -> None:
    ana.post(address("write"), {"text": WORDS})
    held = "\n".join(
        str(row) for model in apps.get_models() for row in model._default_manager.values_list()
    )
    assert str(Inquiry.objects.get().reference) in held, "it was looked for where it would be"
    assert token not in held
