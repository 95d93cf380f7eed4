"""Only a lead closes as unreachable, and only after the attempts that the policy requires."""

import pytest
import time_machine

from inquiries.ledger.transitions import StepRefused
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.triage import steps as triage
from portal.models import User
from tests.inquiries.contact.attempts import at, make_tried

pytestmark = pytest.mark.django_db

ENOUGH = (at(23, 9), at(23, 14), at(24, 9))


@time_machine.travel(at(25, 10), tick=False)
def test_only_a_lead_closes_as_unreachable_and_only_after_enough_attempts(
    coordinator: User, lead: User
) -> None:
    early = make_tried(coordinator, at(23, 9))
    with pytest.raises(StepRefused, match="2 more attempts, at least 4 hours apart"):
        triage.close(early, outcome=Outcome.UNREACHABLE, version=early.version, by=lead)
    inquiry = make_tried(coordinator, *ENOUGH)
    with pytest.raises(StepRefused, match="only a lead"):
        triage.close(inquiry, outcome=Outcome.UNREACHABLE, version=inquiry.version, by=coordinator)
    closed = triage.close(inquiry, outcome=Outcome.UNREACHABLE, version=inquiry.version, by=lead)
    assert closed.outcome == Outcome.UNREACHABLE
    reopened = triage.reopen(closed, version=closed.version, by=lead)
    again = triage.claim(reopened, version=reopened.version, by=lead)
    with pytest.raises(StepRefused, match="3 attempts"):
        triage.close(again, outcome=Outcome.UNREACHABLE, version=again.version, by=lead)


@time_machine.travel(at(25, 10), tick=False)
def test_senders_who_have_written_since_are_not_unreachable(coordinator: User, lead: User) -> None:
    inquiry = correspondence.write_message(make_tried(coordinator, *ENOUGH), text="I am here.")
    with pytest.raises(StepRefused, match="too early"):
        triage.close(inquiry, outcome=Outcome.UNREACHABLE, version=inquiry.version, by=lead)
