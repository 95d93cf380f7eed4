"""Guesses at a private page are counted and limited."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.test import Client, override_settings

from inquiries import private_links, submission_history
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Delivery, Event, GuessCount, Inquiry
from tests.concurrency import together
from tests.factories import correct, make_inquiry
from tests.inquiries.private_page.browser import (
    NOON,
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


@time_machine.travel(NOON, tick=False)
def test_security_7_the_sixth_guess_at_one_request_has_to_wait(inquiry: Inquiry) -> None:
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


def test_security_7_strangers_cannot_lock_out_people_who_opened_the_page_before(
    ana: Client, inquiry: Inquiry, token: str
) -> None:
    stranger = with_link_of(inquiry)
    with later(minutes=31):  # the page asks Ana for a detail again
        assert [prove(stranger, "9999").status_code for _ in range(6)] == [422] * 5 + [429]
        assert not opens(ana)
        assert prove(ana).status_code == 302
        assert opens(ana)
    with later(hours=9):  # the visit has expired, but the browser is still open
        stranger.get(address(token))
        for _ in range(6):
            prove(stranger, "9999")
        ana.get(address(token))
        assert prove(ana).status_code == 302
    ana.get(address("leave"))
    assert "known" not in ana.cookies or not ana.cookies["known"].value


@time_machine.travel(NOON, tick=False)
def test_security_7_a_browser_known_to_one_request_is_unknown_to_others(ana: Client) -> None:
    other = make_inquiry(phone="202-555-0177", phone_e164="+12025550177")
    stranger = with_link_of(other)
    for _ in range(5):
        prove(stranger, "9999")
    ana.get(address(private_links.create_link(other)))
    assert prove(ana, "0177").status_code == 429


@time_machine.travel(NOON, tick=False)
def test_security_7_every_link_ends_after_thirty_wrong_details_in_total(client: Client) -> None:
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
def test_security_7_a_coordinator_has_to_tell_the_owner_if_no_email_is_allowed(
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
def test_security_7_a_correct_detail_does_not_reset_the_total_of_wrong_guesses(
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
def test_one_link_allows_twenty_guesses_a_day(inquiry: Inquiry) -> None:
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


def test_a_correct_detail_resets_earlier_mistakes(at_the_door: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            prove(at_the_door, "9999")
        assert prove(at_the_door).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_the_twenty_first_attempt_from_one_network_has_to_wait() -> None:
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


def test_guesses_without_a_link_are_counted_too(client: Client, inquiry: Inquiry, rf: Any) -> None:
    let_in(client, rf, inquiry)
    with later(minutes=31):
        tried = [prove(client, "9999").status_code for _ in range(6)]
    assert tried == [422] * 5 + [429]


def test_guesses_at_a_link_are_counted_even_if_the_cache_is_cleared(at_the_door: Client) -> None:
    tried = []
    for _ in range(6):
        tried.append(prove(at_the_door, "9999").status_code)
        cache.clear()
    assert tried == [422] * 5 + [429]


@pytest.mark.django_db(transaction=True)
def test_five_of_eight_simultaneous_guesses_are_checked(inquiry: Inquiry) -> None:
    token = private_links.create_link(inquiry)

    def guess(_: int) -> int:
        visitor = Browser()
        visitor.get(address(token))
        return int(prove(visitor, "9999").status_code)

    assert sorted(together(8, guess)) == [422] * 5 + [429] * 3


@time_machine.travel(NOON, tick=False)
def test_limits_can_be_turned_off_for_load_tests(inquiry: Inquiry) -> None:
    visitor = with_link_of(inquiry)
    with override_settings(RATE_LIMITS_ENABLED=False):
        assert {prove(visitor, "9999").status_code for _ in range(25)} == {422}
