"""Linking and unlinking requests of the same person."""

from typing import Any

import pytest

from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry
from inquiries.states import State, Step
from inquiries.triage import duplicates
from portal.models import User
from tests.concurrency import together
from tests.factories import make_inquiry
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db


def link(inquiry: Inquiry, of: Inquiry, by: User) -> Inquiry:
    return duplicates.link_duplicate(inquiry, of=of, version=inquiry.version, by=by)


def test_unlinking_restores_both_requests(coordinator: User) -> None:
    first = make_inquiry(State.CLAIMED, owner=coordinator)
    again = make_inquiry(message="I asked last week.")

    def standing() -> list[dict[str, Any]]:
        fields = ("state", "owner", "due_at", "outcome", "duplicate_of", "answered_at")
        return list(Inquiry.objects.order_by("received_at").values("pk", *fields))

    before = standing()
    linked = link(again, first, coordinator)
    assert linked.duplicate_of == first
    assert standing() != before
    duplicates.unlink_duplicate(linked, version=linked.version, by=coordinator)
    assert standing() == before
    first.refresh_from_db()
    assert first.version == 2, "the other is not touched"


def test_requests_cannot_be_linked_to_themselves_to_unavailable_ones_or_in_chains(
    coordinator: User, privacy: User
) -> None:
    first, second, third = make_inquiry(), make_inquiry(), make_inquiry()
    second = link(second, first, coordinator)
    for inquiry, of, why in (
        (third, third, "the same request"),
        (third, second, f"is linked to {first.reference}"),
        (first, third, "Other requests are linked to this one"),
        (third, make_inquiry(State.ERASED), "Erased"),
        (third, make_inquiry(State.QUARANTINED), "In quarantine"),
    ):
        with pytest.raises(StepRefused, match=why):
            link(inquiry, of, coordinator)
    with pytest.raises(StepRefused, match="not linked to another"):
        duplicates.unlink_duplicate(third, version=third.version, by=coordinator)


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


def test_erased_requests_cannot_be_linked(coordinator: User, privacy: User) -> None:
    linked = link(make_inquiry(), make_inquiry(), coordinator)
    erased = take(Step.ERASE, linked, privacy)
    assert erased.duplicate_of is None
