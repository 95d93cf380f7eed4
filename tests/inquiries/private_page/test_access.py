"""The private page of one request: who gets in, and who stays out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.core import signing
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.test import Client, override_settings
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Delivery, Event, GuessCount, Inquiry, Message
from inquiries.private_page import correspondence
from inquiries.views.private_page import visits
from tests.concurrency import together
from tests.factories import correct, make_inquiry
from tests.inquiries.private_page.browser import (
    DETAIL,
    HERS,
    NOON,
    STEPS,
    WORDS,
    Browser,
    address,
    kinds,
    later,
    latest,
    let_in,
    opens,
    prove,
    with_link_of,
    words_of,
)

pytestmark = pytest.mark.django_db


# --- Getting in -----------------------------------------------------------------------------------


def test_the_link_and_a_detail_open_the_page(client: Client, inquiry: Inquiry, token: str) -> None:
    first = client.get(address(token))
    assert (first.status_code, first["Location"]) == (302, HERS)
    assert "Last four digits" in client.get(HERS).text
    answer = prove(client)
    assert (answer.status_code, answer["Location"]) == (302, HERS)
    page = client.get(HERS)
    assert page.status_code == 200
    assert f'data-reference="{inquiry.reference}"' in page.text


@pytest.mark.parametrize(
    "detail",
    [
        *("0100", " 0100 ", "555-0100", "(202) 555-0100", "+1 202 555 0100"),
        *("\uff10\uff11\uff10\uff10", "\u0660\u0661\u0660\u0660"),
    ],
)
def test_a_detail_may_be_typed_in_many_ways(at_the_door: Client, detail: str) -> None:
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
def test_a_wrong_detail_opens_nothing_and_says_nothing(
    at_the_door: Client, inquiry: Inquiry, detail: str
) -> None:
    answer = prove(at_the_door, detail)
    assert answer.status_code == 422
    assert not opens(at_the_door)
    assert inquiry.reference not in answer.text
    assert "Ana Example" not in answer.text


def test_wrong_details_get_the_same_answer_whatever_they_are(client: Client) -> None:
    client.get(address(private_links.create_link(make_inquiry(email="ana@example.org"))))
    answers = {words_of(prove(client, each)) for each in ("9999", "9@example.org", "123456")}
    assert len(answers) == 1


def test_security_6_without_a_phone_the_page_code_opens_it_and_nothing_else(
    client: Client,
) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org", phone="", phone_e164="")
    client.get(address(private_links.create_link(inquiry, mailed=True)))
    door = words_of(client.get(HERS))
    assert "Your page code" in door
    assert "phone number" not in door
    wrong = f"{(int(inquiry.page_code) + 1) % 10**6:06}"
    for detail in ("", "0000", "ana@example.org", wrong):
        prove(client, detail)
        assert not opens(client), detail
    code = inquiry.page_code
    prove(client, f" {code[:3]}-{code[3:]} ")
    assert opens(client)


def test_a_corrected_number_opens_it_and_the_one_before_no_longer(
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
def test_security_6_no_link_opens_by_the_address_that_the_mail_names(
    client: Client, mailed: bool
) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    client.get(address(private_links.create_link(inquiry, mailed=mailed)))
    assert prove(client, "ana@example.org").status_code == 422
    prove(client, "0100")
    assert opens(client)


def test_straight_from_the_confirmation_nobody_is_asked(client: Client) -> None:
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
    assert "You have no link to this page." in words_of(client.get(HERS))
    client.post(address("link"))
    assert "You have no link to this page." not in words_of(client.get(HERS))


def test_who_leaves_the_confirmation_leaves_nothing_open(client: Client) -> None:
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
    assert "no longer shown here" in client.get(sent).text
    client.post(f"{sent}open/")
    assert not opens(client)


def test_who_sees_a_slip_in_her_address_lands_where_she_corrects_it(client: Client) -> None:
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


# --- Staying out ----------------------------------------------------------------------------------


def test_without_a_cookie_there_is_a_friendly_page(client: Client) -> None:
    answer = client.get(HERS)
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
def test_a_link_that_has_ended_looks_like_one_that_never_was(
    client: Client, inquiry: Inquiry, token: str, end: Callable[[Inquiry], None]
) -> None:
    never = client.get(f"{HERS}{'A' * 43}/")
    end(inquiry)
    answer = client.get(address(token))
    assert answer.status_code == never.status_code == 404
    assert words_of(answer) == words_of(never)
    assert "Call us" in words_of(answer) or "Send us" in words_of(answer)
    assert not client.cookies


@ENDINGS
def test_a_page_that_stands_open_ends_with_its_link(
    ana: Client, inquiry: Inquiry, end: Callable[[Inquiry], None]
) -> None:
    assert opens(ana)
    end(inquiry)
    assert ana.get(HERS).status_code == 404
    answer = ana.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert WORDS in answer.text
    assert not Message.objects.exists()


def test_at_the_door_an_ended_link_is_not_asked_about(
    at_the_door: Client, inquiry: Inquiry
) -> None:
    private_links.revoke_links(inquiry)
    assert prove(at_the_door).status_code == 404


def test_who_came_from_the_confirmation_is_out_too_when_links_are_taken_back(
    inquiry: Inquiry, client: Client, rf: Any
) -> None:
    private_links.revoke_links(inquiry)  # before she came in: that was about others
    let_in(client, rf, inquiry)
    assert opens(client)
    private_links.revoke_links(inquiry)
    assert not opens(client)


def test_a_confirmation_from_before_links_were_taken_back_opens_nothing(
    inquiry: Inquiry, client: Client, rf: Any
) -> None:
    began = timezone.now()
    let_in(client, rf, inquiry, started_at=began)
    assert opens(client)
    private_links.revoke_links(inquiry)
    let_in(client, rf, inquiry, started_at=began)
    assert not opens(client)


def test_after_half_an_hour_without_her_it_asks_again(ana: Client) -> None:
    with later(minutes=29):
        assert opens(ana)
    with later(minutes=58):  # each visit makes it last
        assert opens(ana)
    with later(minutes=89):
        assert not opens(ana)
        assert "Last four digits" in ana.get(HERS).text, "her link is still known"
        prove(ana)
        assert opens(ana)


def test_after_two_hours_it_asks_again_in_any_case(ana: Client) -> None:
    for minutes in range(20, 120, 20):
        with later(minutes=minutes):
            assert opens(ana), minutes
    with later(minutes=121):
        assert not opens(ana)
        assert ana.get(HERS).status_code == 200


def test_after_a_night_the_link_is_needed(ana: Client) -> None:
    with later(hours=9):
        assert ana.get(HERS).status_code == 404


def test_a_cookie_that_was_tampered_with_is_none(ana: Client, at_the_door: Client) -> None:
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
        assert ana.get(HERS).status_code == 404, cookie


def test_ones_own_cookie_opens_only_ones_own_request(ana: Client, inquiry: Inquiry) -> None:
    other = make_inquiry(full_name="Berta Other", phone="202-555-0177", phone_e164="+12025550177")
    ana.get(address(private_links.create_link(other)))
    assert not opens(ana), "another link: another door"
    assert prove(ana).status_code == 422, "and Ana's detail does not open it"
    prove(ana, "0177")
    assert other.reference in ana.get(HERS).text
    assert inquiry.reference not in ana.get(HERS).text


def test_her_own_link_again_does_not_ask_again(ana: Client, token: str, inquiry: Inquiry) -> None:
    for again in (token, private_links.create_link(inquiry)):
        ana.get(address(again))
        assert opens(ana)


def test_the_cookie_is_for_what_senders_see_and_for_no_script(client: Client, token: str) -> None:
    client.get(address(token))
    cookie = client.cookies["request"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == (
        "Lax",
        "/care-coordinator/",
        "",
    )
    assert token not in cookie.value
    secure = Browser()
    secure.get(address(token), secure=True)
    cookie = secure.cookies["__Host-request"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Lax", "/", True)
    secure.post(address("prove"), {"detail": DETAIL}, secure=True)
    assert "data-reference" in secure.get(HERS, secure=True).text


def test_the_token_stands_nowhere_in_the_database(ana: Client, token: str) -> None:
    ana.post(address("write"), {"text": WORDS})
    held = "\n".join(
        str(row) for model in apps.get_models() for row in model._default_manager.values_list()
    )
    assert str(Inquiry.objects.get().reference) in held, "it was looked for where it would be"
    assert token not in held


# --- Guesses --------------------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_security_7_the_sixth_guess_at_one_request_waits(inquiry: Inquiry) -> None:
    visitor, other = with_link_of(inquiry), with_link_of(inquiry)
    for _ in range(5):
        assert prove(visitor, "9999").status_code == 422
    answer = prove(visitor)
    assert answer.status_code == 429, "even a right one"
    assert answer["Retry-After"] == "900"
    assert "try again in 15 minutes" in words_of(answer)
    assert not opens(visitor)
    assert prove(other).status_code == 429, "another link is no other count"
    with later(minutes=15):
        prove(visitor)
        assert opens(visitor)


def test_security_7_who_opened_the_page_before_is_not_shut_out_by_strangers(
    ana: Client, inquiry: Inquiry, token: str
) -> None:
    stranger = with_link_of(inquiry)
    with later(minutes=31):  # the page asks Ana again
        assert [prove(stranger, "9999").status_code for _ in range(6)] == [422] * 5 + [429]
        assert not opens(ana)
        assert prove(ana).status_code == 302
        assert opens(ana)
    with later(hours=9):  # the visit has ended, the browser was not closed
        stranger.get(address(token))
        for _ in range(6):
            prove(stranger, "9999")
        ana.get(address(token))
        assert prove(ana).status_code == 302
    ana.get(address("leave"))
    assert "known" not in ana.cookies or not ana.cookies["known"].value


@time_machine.travel(NOON, tick=False)
def test_security_7_a_browser_known_to_one_request_is_not_to_another(ana: Client) -> None:
    other = make_inquiry(phone="202-555-0177", phone_e164="+12025550177")
    stranger = with_link_of(other)
    for _ in range(5):
        prove(stranger, "9999")
    ana.get(address(private_links.create_link(other)))
    assert prove(ana, "0177").status_code == 429


@time_machine.travel(NOON, tick=False)
def test_security_7_after_thirty_wrong_details_in_all_every_link_ends(client: Client) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    token, other = private_links.create_link(inquiry), private_links.create_link(inquiry)
    tried = 0
    while private_links.find_link(token):
        with later(days=tried // 20, minutes=16 * (tried // 5)):
            visitor = Browser()
            visitor.get(address(token))
            assert prove(visitor, "9999").status_code == 422
            tried += 1
    assert tried == 30
    assert private_links.find_link(other) is None
    assert not private_links.may_mail_link(inquiry, inquiry), "no mail brings another by itself"
    mailed = inquiry.deliveries.get(kind=Delivery.Kind.ENDED)
    assert mailed.state == Delivery.State.WAITING, "the owner is told"
    assert kinds(inquiry)[-1] == Event.Kind.LINKS_ENDED
    assert private_links.may_mail_link_on_request(inquiry, inquiry), (
        "who asks a coordinator gets a new one"
    )


@time_machine.travel(NOON, tick=False)
def test_security_7_where_no_mail_may_go_a_coordinator_has_to_tell_the_owner(
    inquiry: Inquiry,
) -> None:
    correct(inquiry, replace(submission_history.current_submission(inquiry), email=""))
    private_links.create_link(inquiry)
    GuessCount.objects.create(inquiry=inquiry, is_known=False, ever=29)
    visitor = with_link_of(inquiry)
    prove(visitor, "9999")
    event = inquiry.events.get(kind=Event.Kind.LINKS_ENDED)
    assert event.detail == {"asks": True}
    assert latest(inquiry).awaits_answer
    assert verify_ledger().faults == []


@time_machine.travel(NOON, tick=False)
def test_security_7_what_the_owner_gets_right_does_not_forgive_who_guesses(
    inquiry: Inquiry,
) -> None:
    visitor = with_link_of(inquiry)
    for _ in range(4):
        prove(visitor, "9999")
    prove(visitor)
    assert opens(visitor)
    counted = GuessCount.objects.get(inquiry=inquiry, is_known=False)
    assert (counted.ever, counted.recent, counted.today) == (4, 0, 0)


@time_machine.travel(NOON, tick=False)
def test_in_one_day_twenty_guesses_at_one_link_are_all(inquiry: Inquiry) -> None:
    token, tried = private_links.create_link(inquiry), []
    for quarter in range(6):
        with later(minutes=16 * quarter):
            visitor = Browser()
            visitor.get(address(token))
            tried += [prove(visitor, "9999").status_code for _ in range(4)]
    assert tried == [422] * 20 + [429] * 4
    with later(minutes=16 * 6):
        visitor = Browser()
        visitor.get(address(token))
        answer = prove(visitor)
        assert answer.status_code == 429
        assert "hours" in words_of(answer)


def test_a_right_detail_makes_up_for_slips(at_the_door: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            prove(at_the_door, "9999")
        assert prove(at_the_door).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_of_one_network_the_twenty_first_try_waits() -> None:
    for _ in range(20):
        assert prove(with_link_of(make_inquiry()), "9999").status_code == 422
    answer = prove(with_link_of(make_inquiry()))
    assert answer.status_code == 429
    assert answer["Retry-After"] == "895"
    elsewhere = with_link_of(make_inquiry(), REMOTE_ADDR="198.51.100.7")
    prove(elsewhere)
    assert opens(elsewhere)


@pytest.mark.parametrize("broken", ["add", "incr", "touch"])
def test_a_cache_that_is_down_locks_nobody_out(
    client: Client, inquiry: Inquiry, rf: Any, broken: str
) -> None:
    let_in(client, rf, inquiry)
    with (
        later(minutes=31),
        patch.object(FileBasedCache, broken, side_effect=OSError),
    ):
        for _ in range(4):
            assert prove(client, "9999").status_code == 422
        assert prove(client).status_code == 302


def test_without_a_link_guesses_are_counted_too(client: Client, inquiry: Inquiry, rf: Any) -> None:
    let_in(client, rf, inquiry)
    with later(minutes=31):
        tried = [prove(client, "9999").status_code for _ in range(6)]
    assert tried == [422] * 5 + [429]


def test_guesses_at_a_link_are_counted_whatever_becomes_of_the_cache(at_the_door: Client) -> None:
    tried = []
    for _ in range(6):
        tried.append(prove(at_the_door, "9999").status_code)
        cache.clear()
    assert tried == [422] * 5 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_eight_guesses_at_once_five_are_heard(inquiry: Inquiry) -> None:
    token = private_links.create_link(inquiry)

    def guess(_: int) -> int:
        visitor = Browser()
        visitor.get(address(token))
        return int(prove(visitor, "9999").status_code)

    assert sorted(together(8, guess)) == [422] * 5 + [429] * 3


@time_machine.travel(NOON, tick=False)
def test_limits_can_be_switched_off_to_measure(inquiry: Inquiry) -> None:
    visitor = with_link_of(inquiry)
    with override_settings(RATE_LIMITS_ENABLED=False):
        assert {prove(visitor, "9999").status_code for _ in range(25)} == {422}
