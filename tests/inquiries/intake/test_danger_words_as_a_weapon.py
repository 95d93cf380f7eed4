"""Danger words lift only the quarantine, and a crowd is not an attack (security 2)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inquiries import privacy as erasing
from inquiries.intake import bursts, front_desk, reception, spool
from inquiries.intake.arrival import Arrival
from inquiries.intake.spool import SpoolEntry
from inquiries.models import Delivery, Inquiry, Notice, Origin
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, IdentityCheck, SpamSignal, State
from inquiries.triage import steps
from inquiries.worker import jobs
from portal.models import Role, User
from tests.factories import correct, make_inquiry, make_staff, make_submission
from tests.inquiries.intake.attacks import DANGER, ELSEWHERE, MACHINE, send, send_many
from tests.inquiries.intake.form_pages import ASK, SENT, filled, page_of
from tests.inquiries.private_page.browser import address, prove, with_link_of

pytestmark = pytest.mark.django_db

MONDAY = "2026-11-23T15:00:00Z"
BY_MAIL: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def chief() -> User:
    return make_staff(Role.LEAD, email="chief@example.org")


def mailed(*inquiries: Inquiry) -> int:
    return Delivery.objects.filter(inquiry__in=inquiries).count()


def told(user: User) -> list[str]:
    return sorted(user.notices.filter(inquiry=None).values_list("kind", flat=True))


def burst(number: int = 5, **fields: Any) -> list[Inquiry]:
    return [make_inquiry(network=MACHINE, message=DANGER, **fields) for _ in range(number)]


# --- An attack ------------------------------------------------------------------------------------


def test_security_2_sixty_urgent_posts_in_four_seconds_email_few_strangers(
    chief: User,
) -> None:
    sent = send_many(60, seconds=4, message=DANGER)
    assert {each.state for each in sent} == {State.NEW}, "nobody in danger is kept waiting"
    assert all(each.urgent for each in sent)
    assert mailed(*sent) == 4
    assert [each.mails_held for each in sent] == [False] * 4 + [True] * 56
    assert Inquiry.objects.open().folded().count() == 1
    assert Inquiry.objects.open().count() == 60, "nothing is discarded by itself"
    assert told(chief) == [Notice.Kind.BURST]


def test_security_2_spam_signals_not_state_decide_whether_emails_are_held() -> None:
    for signals in ({SpamSignal.TRAP}, {SpamSignal.FLOOD}, {SpamSignal.REPEATS}):
        for message in (DANGER, "May I talk to someone?"):
            inquiry = make_inquiry(signals=signals, message=message, **BY_MAIL)
            assert inquiry.mails_held
            assert mailed(inquiry) == 0, (signals, message)
    assert mailed(make_inquiry(message=DANGER, signals={SpamSignal.HASTE}, **BY_MAIL)) == 1


@pytest.mark.parametrize("phone_first", [True, False])
def test_security_2_a_correction_does_not_email_strangers_either(phone_first: bool) -> None:
    fields = {} if phone_first else BY_MAIL
    inquiry = make_inquiry(signals={SpamSignal.FLOOD}, message=DANGER, **fields)
    for number in range(3):
        words = make_submission(
            message=DANGER, contact_method="email", email=f"stranger-{number}@example.org"
        )
        inquiry = correct(inquiry, words)
    inquiry = correspondence.write_message(inquiry, text=DANGER, gave_detail=False)
    assert mailed(inquiry) == 0


@pytest.mark.parametrize("sign", [SpamSignal.TRAP, SpamSignal.FLOOD])
def test_security_2_a_bot_that_gets_its_own_link_proves_nothing(
    sign: SpamSignal, client: Client
) -> None:
    inquiry = make_inquiry(signals={sign}, message=DANGER, **BY_MAIL)
    visitor = with_link_of(inquiry)  # as the private page gives to whoever just sent
    prove(visitor)
    visitor.post(address("write"), {"text": DANGER})
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW
    assert inquiry.mails_held
    assert mailed(inquiry) == 0


def test_security_2_the_confirmation_does_not_promise_a_held_email() -> None:
    burst()
    for network, is_promised in ((MACHINE, False), (ELSEWHERE, True)):
        client, key = Client(), f"somebody-who-shares-{network}"
        client.post(
            ASK, filled(idempotency_key=key, message=DANGER, **BY_MAIL), REMOTE_ADDR=network
        )
        said = " ".join(page_of(client.get(SENT)).get_text(" ").split())
        assert "We have your request." in said
        assert ("We’ll also email you a confirmation" in said) is is_promised, network
        assert ("The email we send you" in said) is is_promised, network


# --- What was held is sent later ------------------------------------------------------------------


def test_security_2_held_emails_go_out_when_staff_clear_them(coordinator: User) -> None:
    held = burst(6, **BY_MAIL)[-1]
    assert mailed(held) == 0
    cleared = steps.clear_from_quarantine(held, version=held.version, by=coordinator)
    assert (cleared.state, cleared.mails_held, cleared.burst) == (State.NEW, False, None)
    assert mailed(held) == 1


def test_security_2_held_emails_go_out_after_a_conversation_with_the_patient(
    coordinator: User,
) -> None:
    held = make_inquiry(signals={SpamSignal.FLOOD}, message=DANGER, **BY_MAIL)
    held = steps.claim(held, version=held.version, by=coordinator)
    assert mailed(held) == 0, "of a claim alone nobody knows who it is"
    how = {"method": "phone", "identity": IdentityCheck.OWN_WORDS}
    held = steps.log_conversation(held, **how, version=held.version, by=coordinator)
    assert (held.mails_held, mailed(held)) == (False, 1)


# --- A burst --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "is_burst"), [(4, False), (5, True)])
def test_security_2_the_fifth_request_makes_a_burst(number: int, is_burst: bool) -> None:
    sent = burst(number, **BY_MAIL)
    assert Inquiry.objects.folded().count() == (1 if is_burst else number)
    assert (SpamSignal.BURST in sent[-1].suspicion) is is_burst
    assert mailed(*sent) == 4


@pytest.mark.parametrize(("minutes", "rows"), [(9.9, 1), (10.1, 2)])
def test_security_2_ten_quiet_minutes_end_a_burst(minutes: float, rows: int) -> None:
    burst()
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        burst(1)
        assert Inquiry.objects.folded().count() == rows


def test_security_2_a_burst_across_the_top_of_the_hour_is_one_burst() -> None:
    with time_machine.travel("2026-11-23T15:59:58Z", tick=False) as clock:
        for _ in range(6):
            burst(1)
            clock.shift(1)
    assert Inquiry.objects.folded().count() == 1


def test_security_2_a_flood_without_danger_words_is_one_quarantine_row() -> None:
    sent = send_many(40, seconds=20, message="Buy my pills.")
    held = [each for each in sent if each.state == State.QUARANTINED]
    assert len(held) == 10
    assert Inquiry.objects.quarantined().folded().count() == 1
    assert Inquiry.objects.open().folded().count() == 30


def test_security_2_a_family_sharing_one_ip_address_is_not_affected(chief: User) -> None:
    sent = [
        send(message=words)
        for words in (
            "My father has chest pain. Please call me.",
            "My husband has chest pain since noon, what shall I do?",
            "Grandpa is not well, chest pain. My mother wrote to you, too.",
            "May I talk to someone about my own test results?",
        )
    ]
    assert {each.state for each in sent} == {State.NEW}
    assert mailed(*sent) == 4
    assert Inquiry.objects.open().folded().count() == 4
    assert told(chief) == []


def test_security_2_other_networks_are_not_affected() -> None:
    burst(20)
    other = send(ELSEWHERE, message=DANGER)
    assert (other.state, other.suspicion, mailed(other)) == (State.NEW, "", 1)
    assert Inquiry.objects.folded().count() == 2


def test_security_2_calls_entered_by_staff_are_not_a_burst(coordinator: User) -> None:
    for number in range(8):
        reception.receive_inquiry(
            make_submission(message=DANGER), Arrival(key=f"caller-{number:020}", by=coordinator)
        )
    assert Inquiry.objects.folded().count() == 8
    assert not Origin.objects.exists()


# --- A crowd --------------------------------------------------------------------------------------


def test_security_2_six_hundred_requests_after_a_tv_mention_are_a_crowd(chief: User) -> None:
    """Six hundred people send similar words over HTTP; one in ten may be in danger."""
    began, sent = timezone.now(), []
    for number in range(600):
        with time_machine.travel(began + timedelta(seconds=number), tick=False):
            network = f"10.{number // 200}.{number % 200}.7"
            words = "I saw you on television. Please call me about stem cells for my knee."
            danger = f" {DANGER}" if number % 10 == 0 else ""
            sent.append(send(network, message=f"{words}{danger}"))
    assert {each.state for each in sent} == {State.NEW}, "no quarantine"
    assert mailed(*sent) == 600
    assert Inquiry.objects.open().folded().count() == 600
    assert told(chief) == [Notice.Kind.CROWD]


def test_security_2_an_attack_within_a_crowd_is_held_but_the_crowd_is_not(chief: User) -> None:
    crowd, attack = [], []
    for number in range(120):
        crowd.append(send(f"10.0.{number}.7", message="I saw you on television. May I ask?"))
        if number % 4 == 0:
            attack.append(send(message=DANGER))
    assert mailed(*crowd) == 120
    assert mailed(*attack) == 4
    assert Inquiry.objects.open().folded().count() == 121
    assert told(chief) == [Notice.Kind.BURST, Notice.Kind.CROWD]


def test_security_2_leads_are_notified_hourly_during_an_attack(chief: User) -> None:
    burst(9)
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        burst(6)
        assert told(chief) == [Notice.Kind.BURST]
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        Notice.objects.update(state=Notice.State.SENT, settled_at=timezone.now())
        burst(1)
        assert told(chief) == [Notice.Kind.BURST] * 2


# --- What is kept of a network --------------------------------------------------------------------


def test_security_2_only_a_network_hash_is_kept_for_a_week(privacy: User) -> None:
    erased, kept = burst(2)
    origin = Origin.objects.get(inquiry=kept)
    for value in (origin.network, origin.sketch):
        assert len(bytes(value)) == 16
        assert b"203" not in bytes(value)
    erasing.erase_inquiry(erased, reason=ErasureReason.ASKED, version=erased.version, by=privacy)
    assert list(Origin.objects.all()) == [origin]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        jobs.JOBS["tidy"].do()
    assert not Origin.objects.exists()
    assert Inquiry.objects.open().count() == 1


def test_security_2_the_network_hash_is_spooled_with_the_request(
    settings: Any, tmp_path: Any
) -> None:
    settings.SPOOL_DIR = str(tmp_path)
    for number in range(6):
        spool.write_entry(
            SpoolEntry(
                submission=make_submission(message=DANGER, **BY_MAIL),
                key=f"one-form-in-the-spool-{number}",
                network=bursts.hash_network(MACHINE),
            )
        )
    assert front_desk.replay_spool() == (6, 0)
    assert Inquiry.objects.folded().count() == 1
    assert Delivery.objects.count() == 4
