"""Which details we go by if a duplicate says something else about how to reach the sender.

Nobody has confirmed who sent the duplicate. So its details decide when, on which number, and in
which language we call, and never where emails and private links go.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from inquiries import submission_history
from inquiries.intake import corrections
from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.models import ContactMethod, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import Proof, Step
from inquiries.submission import Submission
from inquiries.triage import words

if TYPE_CHECKING:
    from portal.models import User

_OF_PHONE = ("phone", "phone_e164", "shared_phone", "voicemail")
_OF_MANNER = ("best_time", "time_zone", "language", "interpreter", "interpreter_language")


@transaction.atomic
def use_details(inquiry: Inquiry, *, of: str, version: int, by: "User") -> Inquiry:
    """Go by what a duplicate says about how to reach the sender, from now on.

    `of` is the reference of the duplicate, or of the request itself to go back to its own details.
    What counts is recorded like a form sent again, so that nothing that was said is lost.
    """
    inquiry = transitions.start_transition(inquiry, Step.USE_DETAILS, version=version, by=by)
    said = next((said for name, said in offered_details(inquiry) if name == of), None)
    if said is None:
        raise StepRefused(words.DETAILS_GONE)
    if said == submission_history.current_submission(inquiry):
        raise StepRefused(words.COUNTS_ALREADY)
    corrections.add_submission(inquiry, said, proven=Proof.COLLEAGUE, by=by, of=of)
    return inquiry


def offered_details(inquiry: Inquiry) -> list[tuple[str, Submission]]:
    """Return what would count, by reference: the request itself and each of its duplicates."""
    own, counting = _own_submission(inquiry), submission_history.current_submission(inquiry)
    rows = inquiry.duplicates.filter(outcome=Outcome.DUPLICATE, erased_at=None)
    found = [(inquiry.reference, own)]
    for each in rows.select_related("data_key", "topic").order_by("received_at", "pk"):
        theirs = submission_history.current_submission(each)
        found.append((each.reference, _with_details(own, theirs)))
    never = counting.never_contact
    return [(name, replace(said, never_contact=_join(said, never))) for name, said in found]


def chosen_details(inquiry: Inquiry) -> str:
    """Return the reference of the request whose details count."""
    last = submission_history.last_addition(inquiry)
    return str(last.event.detail.get("of", "")) if last else ""


def drop_details(inquiry: Inquiry, *, of: str, by: "User") -> None:
    """Go back to the request's own details if those of another one count, which is unrelated.

    The row must be locked, at the version that this makes.
    """
    if chosen_details(inquiry) != of:
        return
    said = _own_submission(inquiry)
    corrections.add_submission(inquiry, said, proven=Proof.COLLEAGUE, by=by, of=inquiry.reference)
    inquiry.version += 1


def _own_submission(inquiry: Inquiry) -> Submission:
    """Return what its sender last said, whatever details were chosen since."""
    rows = Event.objects.filter(inquiry=inquiry, kind=Event.Kind.ADDED).order_by("-number")
    for event in rows.select_related("addition"):
        if "of" not in event.detail:
            event.inquiry = inquiry  # its key opens the addition
            return submission_history.submission_of_event(event)
    received = inquiry.events.get(kind=Event.Kind.RECEIVED)
    received.inquiry = inquiry
    return submission_history.submission_of_event(received)


def _with_details(own: Submission, theirs: Submission) -> Submission:
    """Return the request's own words, to be reached as `theirs` says, as far as we may."""
    names = [*_OF_MANNER, *(_OF_PHONE if theirs.phone else ())]
    details: dict[str, Any] = {name: getattr(theirs, name) for name in names}
    if theirs.contact_method != ContactMethod.EMAIL or theirs.email == own.email:
        details["contact_method"] = theirs.contact_method
    return replace(own, **details, never_contact=_join(own, theirs.never_contact))


def _join(said: Submission, never: str) -> str:
    """Return both wishes not to be contacted in some way: neither is forgotten."""
    own = said.never_contact
    if own in never:
        return never
    return own if never in own else f"{own} {never}"
