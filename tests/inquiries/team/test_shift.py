"""Going home: requests are offered one by one, and stay with their owner until accepted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry, Note, Notice, Offer
from inquiries.outcomes import Outcome
from inquiries.states import State
from inquiries.triage import offers, steps, sweep
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_absence, make_inquiry, make_staff

pytestmark = pytest.mark.django_db

SHIFT = "/admin/inquiries/team/shift/"
WORD = "They hear badly. Speak slowly."


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):  # 10 a.m. at the clinic
        yield


@pytest.fixture
def amy() -> User:
    return make_staff(
        Role.COORDINATOR, first_name="Amy", last_name="Lee", email="amy@clinic.example"
    )


@pytest.fixture
def inquiry(coordinator: User) -> Inquiry:
    User.objects.filter(pk=coordinator.pk).update(email="me@clinic.example")
    return make_inquiry(State.CLAIMED, owner=coordinator)


def offer(inquiry: Inquiry, to: User, **said: Any) -> Offer:
    assert inquiry.owner
    asked: dict[str, Any] = {
        "word": WORD,
        "answer_by": timezone.now() + timedelta(hours=1),
        "version": inquiry.version,
        "by": inquiry.owner,
    }
    return offers.offer_request(inquiry, to=to, **asked | said)


def post(client: Client, by: User, said: dict[str, Any]) -> Any:
    client.force_login(by)
    with zeal_ignore():  # each request is offered by itself
        return client.post(SHIFT, said)


def typed(inquiry: Inquiry, to: User | str, word: str = WORD) -> dict[str, Any]:
    return {
        "answer_by": "17:00",
        f"to-{inquiry.pk}": str(getattr(to, "pk", to)),
        f"word-{inquiry.pk}": word,
        f"version-{inquiry.pk}": inquiry.version,
    }


def test_an_offer_stays_with_its_owner_until_it_is_accepted(
    client: Client, coordinator: User, inquiry: Inquiry, amy: User
) -> None:
    kept = make_inquiry(State.CLAIMED, owner=coordinator)
    answer = post(client, coordinator, typed(inquiry, amy) | typed(kept, ""))
    assert answer.status_code == 302
    made = Offer.objects.get()
    assert (made.inquiry, made.offered_to) == (inquiry, amy)
    inquiry.refresh_from_db()
    assert inquiry.owner == coordinator
    assert Notice.objects.get(kind=Notice.Kind.OFFERED).user == amy
    note = Note.objects.get()
    assert WORD.encode() not in bytes(note.__dict__["text"])
    client.force_login(amy)
    page = client.get(SHIFT).text
    assert inquiry.reference in page
    assert WORD not in page, "words are read where reading is recorded"
    assert WORD in client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    post(client, amy, {"answer": f"accept:{made.pk}"})
    inquiry.refresh_from_db()
    assert inquiry.owner == amy
    kinds = [event.kind for event in inquiry.events.order_by("number")]
    assert kinds[-3:] == [Event.Kind.OFFERED, Event.Kind.READ, Event.Kind.TAKEN_OVER]
    assert Notice.objects.filter(kind=Notice.Kind.TAKEN_OVER, user=coordinator).exists()
    assert verify_ledger().faults == []


def test_a_declined_offer_is_told_and_a_withdrawn_one_is_gone(
    client: Client, coordinator: User, inquiry: Inquiry, amy: User
) -> None:
    first = offer(inquiry, amy)
    post(client, amy, {"answer": f"decline:{first.pk}"})
    assert Notice.objects.filter(kind=Notice.Kind.OFFER_DECLINED, user=coordinator).exists()
    second = offer(inquiry, amy)
    post(client, coordinator, {"answer": f"withdraw:{second.pk}"})
    post(client, amy, {"answer": f"accept:{second.pk}"})
    inquiry.refresh_from_db()
    assert inquiry.owner == coordinator
    assert "This offer is gone" in client.get(SHIFT).text
    ended = inquiry.events.filter(kind=Event.Kind.OFFER_ENDED).order_by("number")
    assert [event.result_words for event in ended] == ["declined", "withdrawn"]
    assert verify_ledger().faults == []


def test_an_offer_without_an_answer_is_told_to_owner_and_leads_once(
    coordinator: User, inquiry: Inquiry, amy: User, lead: User
) -> None:
    User.objects.filter(pk=lead.pk).update(email="lead@clinic.example")
    offer(inquiry, amy)
    assert sweep.warn_of_offers() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert sweep.warn_of_offers() == 1
        assert sweep.warn_of_offers() == 0
    told = Notice.objects.filter(kind=Notice.Kind.OFFER_LATE).values_list("user", flat=True)
    assert set(told) == {coordinator.pk, lead.pk}
    inquiry.refresh_from_db()
    assert inquiry.owner == coordinator


def test_the_next_due_time_comes_before_a_later_answer(inquiry: Inquiry, amy: User) -> None:
    late = offer(inquiry, amy, answer_by=inquiry.due_at + timedelta(days=3))
    assert late.answer_by == inquiry.due_at


def test_what_went_another_way_is_offered_no_longer(
    client: Client, coordinator: User, inquiry: Inquiry, amy: User
) -> None:
    made = offer(inquiry, amy)
    steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    client.force_login(amy)
    assert inquiry.reference not in client.get(SHIFT).text
    with pytest.raises(StepRefused):
        offers.accept_offer(made, by=amy)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert sweep.warn_of_offers() == 0
    made.refresh_from_db()
    assert made.result == Offer.Result.MOOT
    assert not Notice.objects.filter(kind=Notice.Kind.OFFER_LATE).exists()


def test_only_the_owner_offers_and_only_whom_it_is_for_answers(
    coordinator: User, inquiry: Inquiry, amy: User, lead: User
) -> None:
    with pytest.raises(StepRefused, match="You can only offer requests that you own"):
        offer(inquiry, coordinator, by=amy)
    made = offer(inquiry, amy)
    for verb, by in (
        (offers.accept_offer, lead),
        (offers.accept_offer, coordinator),
        (offers.decline_offer, lead),
        (offers.withdraw_offer, amy),
    ):
        with pytest.raises(StepRefused):
            verb(made, by=by)
    with pytest.raises(StepRefused, match="You have already offered it to Amy Lee"):
        offer(inquiry, lead)
    made.refresh_from_db()
    assert made.result == ""


def test_refused_offers_are_named_and_keep_their_words(
    client: Client, coordinator: User, inquiry: Inquiry, amy: User
) -> None:
    stale = typed(inquiry, amy)
    steps.add_note(inquiry, text="Called.", version=inquiry.version, by=amy)
    answer = post(client, coordinator, stale)
    assert answer.status_code == 409
    assert WORD in answer.text
    assert "Nothing was saved, because this request changed" in answer.text
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer_by": "09:00"}, "Choose a time later than now"),
        ({"answer_by": "soon"}, "Enter the time like this: 14:30"),
        ({"to": ""}, "Choose a colleague for at least one request"),
        ({"to": "nobody"}, "Choose a colleague who is available"),
        ({"word": "x" * 5001}, "5000 characters"),
    ],
)
def test_bad_input_offers_nothing_and_keeps_what_was_typed(
    client: Client, inquiry: Inquiry, amy: User, change: dict[str, str], said: str
) -> None:
    coordinator = inquiry.owner
    assert coordinator
    fields = typed(inquiry, change.get("to", amy), change.get("word", WORD))
    answer = post(client, coordinator, fields | {"answer_by": change.get("answer_by", "17:00")})
    assert answer.status_code == 422
    assert said in answer.text
    assert change.get("word", WORD) in answer.text
    assert not Offer.objects.exists()


def test_nothing_is_offered_to_someone_who_is_away(inquiry: Inquiry, amy: User) -> None:
    make_absence(amy)
    with pytest.raises(StepRefused, match="They are away today"):
        offer(inquiry, amy)


@pytest.mark.parametrize("answer", ["", "accept", "accept:x", "steal:1", f"accept:{'9' * 18}"])
def test_made_up_answers_do_nothing(client: Client, amy: User, answer: str) -> None:
    assert post(client, amy, {"answer": answer}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_takes_it_over_once(inquiry: Inquiry, amy: User) -> None:
    made = offer(inquiry, amy)

    def accept(_number: int) -> bool:
        try:
            offers.accept_offer(made, by=amy)
        except StepRefused:
            return False
        return True

    assert sorted(together(2, accept)) == [False, True]
    assert inquiry.events.filter(kind=Event.Kind.TAKEN_OVER).count() == 1
    assert verify_ledger().faults == []
