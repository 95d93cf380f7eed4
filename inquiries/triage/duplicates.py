"""Linking requests from the same person to the first one. Both stay as they are."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Event, Inquiry
from inquiries.states import State, Step
from inquiries.triage import words
from inquiries.triage.steps import save_and_record

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def link_duplicate(inquiry: Inquiry, *, of: Inquiry, version: int, by: "User") -> Inquiry:
    """Link this request to an earlier one from the same person. Both stay as they are.

    They are never merged: each keeps its words, its deadline, and its outcome. Links never form a
    chain.
    """
    # Lock in a fixed order, so that two people who link the same pair crosswise do not deadlock.
    for pk in sorted({inquiry.pk, of.pk}):
        Inquiry.objects.filter(pk=pk).update(version=F("version"))
    inquiry = transitions.start_transition(inquiry, Step.LINK_DUPLICATE, version=version, by=by)
    of = Inquiry.objects.select_related("duplicate_of").get(pk=of.pk)
    if of == inquiry:
        raise StepRefused(words.SAME_REQUEST)
    if of.state in {State.ERASED, State.QUARANTINED}:
        state = of.get_state_display()
        raise StepRefused(words.CANNOT_LINK_TO % {"reference": of.reference, "state": state})
    if of.duplicate_of:
        first = of.duplicate_of.reference
        raise StepRefused(words.LINKED_ITSELF % {"reference": of.reference, "first": first})
    if inquiry.duplicates.exists():
        raise StepRefused(words.OTHERS_LINKED_HERE)
    inquiry.duplicate_of = of
    return save_and_record(inquiry, Event.Kind.DUPLICATE_LINKED, by=by, reference=of.reference)


@transaction.atomic
def unlink_duplicate(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Undo the link: the two requests are unrelated after all."""
    inquiry = transitions.start_transition(inquiry, Step.UNLINK_DUPLICATE, version=version, by=by)
    if inquiry.duplicate_of_id is None:
        raise StepRefused(words.NOT_LINKED)
    inquiry.duplicate_of = None
    return save_and_record(inquiry, Event.Kind.DUPLICATE_UNLINKED, by=by)
