"""Requests of the same person, linked to the first. Both stay as they are."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Event, Inquiry
from inquiries.states import State, Step
from inquiries.triage.steps import save_and_record

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def link_duplicate(inquiry: Inquiry, *, of: Inquiry, version: int, by: "User") -> Inquiry:
    """The same person asked before: each page leads to the other. Both stay as they are.

    Never a merge: each has its words, its deadline and its own end. Nothing is linked in a chain.
    """
    # In one order, so that two who link the two crosswise wait for each other and do not deadlock.
    for pk in sorted({inquiry.pk, of.pk}):
        Inquiry.objects.filter(pk=pk).update(version=F("version"))
    inquiry = transitions.start_transition(inquiry, Step.LINK_DUPLICATE, version=version, by=by)
    of = Inquiry.objects.select_related("duplicate_of").get(pk=of.pk)
    if of == inquiry:
        raise StepRefused("This is that very request.")
    if of.state in {State.ERASED, State.QUARANTINED}:
        raise StepRefused(f"{of.reference} is {of.get_state_display().lower()}: link to another.")
    if of.duplicate_of:
        raise StepRefused(
            f"{of.reference} is itself linked to {of.duplicate_of.reference}: take that."
        )
    if inquiry.duplicates.exists():
        raise StepRefused("Others are linked to this one: link from the other request.")
    inquiry.duplicate_of = of
    return save_and_record(inquiry, Event.Kind.DUPLICATE_LINKED, by=by, reference=of.reference)


@transaction.atomic
def unlink_duplicate(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """They have nothing to do with each other after all."""
    inquiry = transitions.start_transition(inquiry, Step.UNLINK_DUPLICATE, version=version, by=by)
    if inquiry.duplicate_of_id is None:
        raise StepRefused("It is not linked to another request.")
    inquiry.duplicate_of = None
    return save_and_record(inquiry, Event.Kind.DUPLICATE_UNLINKED, by=by)
