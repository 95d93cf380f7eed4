"""Closing a request as a duplicate of another one, what that one takes over, and undoing it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Clock, Event, Inquiry, Notice
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import State, Step, Urgency
from inquiries.triage import duplicates, steps
from portal.models import User
from tests.concurrency import together
from tests.factories import make_inquiry, make_task
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db


def link(inquiry: Inquiry, of: Inquiry, by: User) -> Inquiry:
    return duplicates.link_duplicate(inquiry, of=of, version=inquiry.version, by=by)


def unlink(inquiry: Inquiry, by: User) -> Inquiry:
    return duplicates.unlink_duplicate(inquiry, version=inquiry.version, by=by)


def test_a_duplicate_is_closed_with_its_own_outcome_and_no_verdict(coordinator: User) -> None:
    first, again = make_inquiry(), make_inquiry(message="I asked last week.")
    linked = link(again, first, coordinator)
    assert (linked.state, linked.outcome) == (State.CLOSED, Outcome.DUPLICATE)
    assert linked.duplicate_of == first
    assert {clock.verdict for clock in linked.clocks.all()} == {Clock.Verdict.VOID}
    assert verify_ledger().faults == []


def test_undoing_brings_back_the_same_deadlines(coordinator: User) -> None:
    first, again = make_inquiry(), make_inquiry()

    def deadlines() -> list[dict[str, Any]]:
        fields = ("pk", "kind", "started_at", "due_at", "stopped_at", "verdict", "warn_at")
        return list(again.clocks.order_by("pk").values(*fields))

    before = deadlines()
    linked = link(again, first, coordinator)
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        undone = unlink(linked, coordinator)
    assert deadlines() == before
    assert (undone.state, undone.outcome, undone.closed_at) == (State.NEW, "", None)
    assert undone.duplicate_of is None
    assert undone.due_at == again.due_at
    assert verify_ledger().faults == []


@pytest.mark.parametrize("state", [State.NEW, State.CLAIMED, State.CONNECTED, State.WAITING])
def test_the_other_request_waits_for_an_answer_no_later_than_was_promised(
    state: State, coordinator: User
) -> None:
    monday = datetime(2026, 11, 23, 15, tzinfo=UTC)  # 10 o'clock at the clinic
    with time_machine.travel(monday):
        again = make_inquiry()
    with time_machine.travel(monday + timedelta(days=1)):
        first = make_inquiry(state, owner=coordinator)
        link(again, first, coordinator)
    first.refresh_from_db()
    assert first.is_open
    assert first.state != State.WAITING, "it goes on"
    assert first.awaits_answer
    assert first.due_at == again.due_at
    assert verify_ledger().faults == []


def test_a_closed_request_is_reopened_and_goes_to_whoever_had_the_duplicate(
    coordinator: User, lead: User
) -> None:
    first = make_inquiry(State.CLOSED, owner=lead)
    again = make_inquiry(State.CLAIMED, owner=coordinator)
    link(again, first, coordinator)
    first.refresh_from_db()
    assert (first.state, first.owner) == (State.CLAIMED, coordinator)
    assert first.due_at <= again.due_at
    assert verify_ledger().faults == []


def test_an_unclaimed_duplicate_returns_a_closed_request_to_the_queue(coordinator: User) -> None:
    first, again = make_inquiry(State.CLOSED), make_inquiry()
    link(again, first, coordinator)
    first.refresh_from_db()
    assert (first.state, first.owner) == (State.NEW, None)


def test_the_owner_of_the_other_request_is_told(coordinator: User, lead: User) -> None:
    User.objects.filter(pk=lead.pk).update(email="lead@example.org")
    lead.refresh_from_db()
    first = make_inquiry(State.CLAIMED, owner=lead)
    link(make_inquiry(), first, coordinator)
    assert Notice.objects.get(inquiry=first).kind == Notice.Kind.WROTE


def test_the_other_request_has_the_higher_urgency(coordinator: User) -> None:
    first, again = make_inquiry(), make_inquiry()
    again = steps.set_urgency(again, urgency=Urgency.SOON, version=again.version, by=coordinator)
    link(again, first, coordinator)
    first.refresh_from_db()
    assert (first.urgency, first.is_graded) == (Urgency.SOON, True)
    assert verify_ledger().faults == []


def test_danger_that_nobody_judged_counts_on_the_other_request(coordinator: User) -> None:
    first = make_inquiry()
    first = steps.set_urgency(first, urgency=Urgency.ROUTINE, version=first.version, by=coordinator)
    link(make_inquiry(message="I want to die."), first, coordinator)
    first.refresh_from_db()
    assert (first.urgent, first.is_graded, first.urgency) == (True, False, Urgency.URGENT)
    assert verify_ledger().faults == []


def test_a_duplicate_is_not_linked_where_it_would_be_lost(coordinator: User) -> None:
    first, second, third = make_inquiry(), make_inquiry(), make_inquiry()
    link(second, first, coordinator)
    first.refresh_from_db()
    withdrawn = correspondence.withdraw_inquiry(make_inquiry())
    for inquiry, of, why in (
        (third, third, "the same request"),
        (third, second, f"is linked to {first.reference}"),
        (first, third, "Other requests are linked to this one"),
        (third, make_inquiry(State.ERASED), "Erased"),
        (third, make_inquiry(State.QUARANTINED), "In quarantine"),
        (third, withdrawn, "this is a new wish"),
        (make_task().inquiry, first, "open tasks"),
    ):
        inquiry.refresh_from_db()
        by = inquiry.owner or coordinator
        with pytest.raises(StepRefused, match=why):
            link(inquiry, of, by)
    with pytest.raises(StepRefused, match="not linked to another"):
        unlink(third, coordinator)


def test_a_duplicate_that_its_sender_withdrew_stays_withdrawn(coordinator: User) -> None:
    linked = link(make_inquiry(), make_inquiry(), coordinator)
    withdrawn = correspondence.withdraw_inquiry(linked)
    with pytest.raises(StepRefused, match=r"closed by itself .* Reopen it instead"):
        unlink(withdrawn, coordinator)
    withdrawn.refresh_from_db()
    assert (withdrawn.state, withdrawn.outcome) == (State.CLOSED, Outcome.WITHDRAWN)


def test_only_the_owner_or_a_lead_closes_a_claimed_request_as_a_duplicate(
    coordinator: User, lead: User
) -> None:
    first, again = make_inquiry(), make_inquiry(State.CLAIMED, owner=lead)
    with pytest.raises(StepRefused, match="has claimed this request"):
        link(again, first, coordinator)
    assert link(again, first, lead).state == State.CLOSED


def test_a_duplicate_cannot_be_chosen_as_an_outcome(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    with pytest.raises(StepRefused, match="choose the request that it repeats"):
        steps.close(inquiry, outcome=Outcome.DUPLICATE, version=inquiry.version, by=coordinator)


@pytest.mark.django_db(transaction=True)
def test_when_two_requests_are_linked_to_each_other_one_link_wins(coordinator: User) -> None:
    pair = [make_inquiry(), make_inquiry()]

    def try_it(number: int) -> bool:
        try:
            link(pair[number], pair[1 - number], coordinator)
        except StepRefused:
            return False
        return True

    assert sorted(together(2, try_it)) == [False, True]
    assert Inquiry.objects.filter(duplicate_of__isnull=False).count() == 1
    assert Inquiry.objects.open().count() == 1


def test_erasing_an_open_request_brings_back_its_duplicates(
    coordinator: User, privacy: User
) -> None:
    first, again = make_inquiry(), make_inquiry()
    linked = link(again, first, coordinator)
    first.refresh_from_db()
    take(Step.ERASE, first, privacy)
    linked.refresh_from_db()
    assert (linked.state, linked.duplicate_of, linked.due_at) == (State.NEW, None, again.due_at)
    assert verify_ledger().faults == []


def test_an_erased_duplicate_stays_erased(coordinator: User, privacy: User) -> None:
    first = make_inquiry()
    linked = link(make_inquiry(), first, coordinator)
    erased = take(Step.ERASE, linked, privacy)
    assert erased.duplicate_of is None
    first.refresh_from_db()
    take(Step.ERASE, first, privacy)
    assert verify_ledger().faults == []


def test_a_message_reopens_the_duplicate_and_both_owners_are_told(
    coordinator: User, lead: User
) -> None:
    User.objects.filter(pk=lead.pk).update(email="lead@example.org")
    lead.refresh_from_db()
    linked = link(make_inquiry(), make_inquiry(State.CLAIMED, owner=lead), coordinator)
    Notice.objects.all().delete()
    correspondence.write_message(linked, text="I moved.")
    linked.refresh_from_db()
    assert linked.state == State.NEW
    assert Notice.objects.filter(inquiry=linked.duplicate_of, user=lead).exists()


def test_links_of_the_release_before_still_verify(coordinator: User) -> None:
    """Their events led nowhere, and the ledger does not ask them to."""
    from inquiries.ledger import transitions
    from inquiries.triage.steps import save_and_record

    for state in (State.NEW, State.CLAIMED, State.CLOSED):
        inquiry, of = make_inquiry(state, owner=coordinator), make_inquiry()
        held = transitions.lock_inquiry(inquiry)
        held.duplicate_of = of
        save_and_record(held, Event.Kind.DUPLICATE_LINKED, by=coordinator, reference=of.reference)
    assert verify_ledger().faults == []
