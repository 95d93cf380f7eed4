"""A request is stored once, even if its form is sent twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from inquiries import reference
from inquiries.intake import consent, corrections, reception
from inquiries.intake.arrival import Arrival, Correction
from inquiries.models import Addition, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.privacy import erase_inquiry
from inquiries.states import ErasureReason, State
from inquiries.submission import Submission
from inquiries.triage import steps
from portal.models import User
from tests.concurrency import together
from tests.factories import (
    FIRST,
    again,
    correct,
    make_article,
    make_category,
    make_inquiry,
    make_submission,
)

pytestmark = pytest.mark.django_db

KEY = "one-form-on-one-screen"


@time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False)
def test_a_request_is_stored_with_its_reference_deadline_source_and_first_event() -> None:
    article, topic = make_article(), make_category()
    inquiry = reception.receive_inquiry(
        make_submission(message="Can I talk to someone?"),
        Arrival(key=KEY, article=article, topic=topic),
    )
    stored = Inquiry.objects.get()
    assert stored == inquiry
    assert stored.reference == reference.reference_for(KEY)
    assert stored.message == "Can I talk to someone?"
    assert (stored.article, stored.topic) == (article, topic)
    assert stored.consent_version == consent.CURRENT_CONSENT_VERSION
    assert stored.received_at == datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert stored.due_at == datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert stored.state == State.NEW
    event = stored.events.get()
    assert (event.kind, event.by, event.version) == (Event.Kind.RECEIVED, None, 1)


def test_the_same_form_sent_again_is_the_same_request() -> None:
    first = reception.receive_inquiry(make_submission(), Arrival(key=KEY))
    again = reception.receive_inquiry(make_submission(), Arrival(key=KEY))
    assert again == first
    assert again.version == 1
    assert Inquiry.objects.count() == 1
    assert Event.objects.count() == 1


def test_the_same_form_with_different_text_is_kept_as_an_addition() -> None:
    first = reception.receive_inquiry(make_submission(), Arrival(key=KEY, sender=FIRST))
    corrected = make_submission(phone="(202) 555-0199", phone_e164="+12025550199")
    second = reception.receive_inquiry(corrected, Arrival(key=KEY, sender=again()))
    assert second.reference == first.reference
    assert second.phone == first.phone, "what came first stays as it came"
    addition = Addition.objects.get(event__inquiry=first)
    assert addition.submission.phone == "(202) 555-0199"
    assert addition.event.kind == Event.Kind.ADDED
    assert second.version == 2, "who has it open learns that there is more"


def test_an_addition_sent_again_adds_nothing() -> None:
    corrected = make_submission(message="Please call my sister instead.")
    reception.receive_inquiry(make_submission(), Arrival(key=KEY))
    reception.receive_inquiry(corrected, Arrival(key=KEY))
    reception.receive_inquiry(corrected, Arrival(key=KEY))
    assert Addition.objects.count() == 1


def test_undoing_a_correction_counts_as_the_latest_version() -> None:
    corrected = make_submission(message="Please call my sister instead.")
    for submission, sender in ((make_submission(), FIRST), (corrected, again())):
        reception.receive_inquiry(submission, Arrival(key=KEY, sender=sender))
    reception.receive_inquiry(make_submission(), Arrival(key=KEY, sender=again()))
    said = [addition.submission.message for addition in Addition.objects.order_by("pk")]
    assert said == [corrected.message, make_submission().message]


def test_an_addition_to_a_closed_request_reopens_it() -> None:
    closed = make_inquiry(State.CLOSED, key=KEY)
    again = make_inquiry(key=KEY, message="One more question.")
    assert again == closed
    assert again.state == State.NEW
    assert (again.owner, again.outcome, again.closed_at) == (None, "", None)
    assert again.due_at > again.received_at
    kinds = again.events.values_list("kind", flat=True)
    assert list(kinds)[-2:] == [Event.Kind.UNPROVEN, Event.Kind.REOPENED]


def test_a_correction_that_races_with_an_erasure_is_a_new_request(
    monkeypatch: pytest.MonkeyPatch, privacy: User
) -> None:
    first, correct = make_inquiry(key=KEY), corrections.correct_inquiry

    def erased_before(inquiry: Inquiry, submission: Submission, correction: Correction) -> Inquiry:
        erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
        return correct(inquiry, submission, correction)

    monkeypatch.setattr(corrections, "correct_inquiry", erased_before)
    again = make_inquiry(key=KEY, message="One more question.")
    assert again.reference != first.reference
    assert again.message == "One more question."


def test_a_taken_reference_is_replaced_by_the_next_one() -> None:
    other = make_inquiry()
    Inquiry.objects.filter(pk=other.pk).update(reference=reference.reference_for(KEY))
    inquiry = reception.receive_inquiry(make_submission(), Arrival(key=KEY))
    assert inquiry.reference == reference.reference_for(KEY, attempt=1)


def test_it_gives_up_when_every_reference_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_inquiry().reference
    monkeypatch.setattr(reception, "reference_for", lambda key, attempt: taken)
    with pytest.raises(RuntimeError, match="references in a row"):
        reception.receive_inquiry(make_submission(), Arrival(key=KEY))
    assert Inquiry.objects.count() == 1


def test_a_database_constraint_error_is_not_mistaken_for_a_repeat() -> None:
    with pytest.raises(IntegrityError):
        reception.receive_inquiry(make_submission(full_name=""), Arrival(key=KEY))
    assert not Inquiry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("corrected", [False, True], ids=["same words", "other words"])
def test_eight_simultaneous_submissions_are_one_request(corrected: bool) -> None:
    def send(number: int) -> str:
        words = f"attempt {number}" if corrected else "Please call me."
        return reception.receive_inquiry(make_submission(message=words), Arrival(key=KEY)).reference

    assert len(set(together(8, send))) == 1
    inquiry = Inquiry.objects.get()
    said = {inquiry.message} | {each.submission.message for each in Addition.objects.all()}
    assert said == (
        {f"attempt {number}" for number in range(8)} if corrected else {"Please call me."}
    )
    versions = list(inquiry.events.values_list("version", flat=True))
    assert versions == list(range(1, inquiry.version + 1))


def test_a_new_question_in_a_correction_starts_the_clock(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    inquiry = steps.log_conversation(
        inquiry, method="phone", identity="detail", version=inquiry.version, by=coordinator
    )
    assert not inquiry.awaits_answer
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        moved = correct(inquiry, make_submission(phone="(202) 555-0199"))
        assert not moved.awaits_answer, "a new number is no question"
        asked = correct(moved, make_submission(message="One more question."))
        assert asked.awaits_answer
        assert asked.due_at > timezone.now()


def test_a_reopened_request_awaits_an_answer(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    inquiry = steps.log_conversation(
        inquiry, method="phone", identity="detail", version=inquiry.version, by=coordinator
    )
    closed = steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    opened = steps.reopen(closed, version=closed.version, by=coordinator)
    assert opened.awaits_answer


def test_a_correction_entered_for_a_caller_is_attributed_to_the_coordinator(
    coordinator: User,
) -> None:
    make_inquiry(key=KEY)
    reception.receive_inquiry(
        make_submission(message="They moved."), Arrival(key=KEY, by=coordinator)
    )
    assert Addition.objects.get().event.by == coordinator
