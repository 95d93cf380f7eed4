"""What was sent for one request, the first time and since, and what of it counts."""

from collections.abc import Iterable
from dataclasses import replace

from inquiries.models import Addition, Event, Inquiry
from inquiries.submission import COLUMNS, Submission

#: Events that came with a sending.
SUBMISSION_KINDS = (Event.Kind.RECEIVED, Event.Kind.ADDED, Event.Kind.UNPROVEN)
#: After these, what was sent by nobody knows whom has been seen to.
_SETTLING = frozenset({Event.Kind.CONNECTED, Event.Kind.HANDED_OVER})


def current_submission(inquiry: Inquiry) -> Submission:
    """What counts now, as it was sent."""
    addition = last_addition(inquiry)
    return addition.submission if addition else _first_submission(inquiry)


def submission_of_event(event: Event) -> Submission:
    """What was sent with this event, one of KINDS, whether it counts or not."""
    is_first = event.kind == Event.Kind.RECEIVED
    return _first_submission(event.inquiry) if is_first else event.addition.submission


def confirmed_submission(event: Event) -> Submission:
    """What was sent with this event, as it counts once the patient has confirmed it.

    What was said of others who read or answer holds on for the same phone and inbox, and what was
    said of "never" in any case. To confirm what counts says that its address is right.
    """
    said, counting = submission_of_event(event), current_submission(event.inquiry)
    has_same_email = said.email == counting.email
    return replace(
        said,
        email_checked=said == counting or (counting.email_checked and has_same_email),
        shared_phone=said.shared_phone or (counting.shared_phone and said.phone == counting.phone),
        shared_email=said.shared_email or (counting.shared_email and has_same_email),
        never_contact=said.never_contact or counting.never_contact,
    )


def current_sending(inquiry: Inquiry) -> Inquiry:
    """What counts now of what was sent, to be shown like a request; never saved."""
    addition = last_addition(inquiry)
    return addition.sending if addition else inquiry


def sending_of_event(event: Event) -> Inquiry:
    """As `submission_of_event`, to be shown like a request; never saved."""
    return event.inquiry if event.kind == Event.Kind.RECEIVED else event.addition.sending


def _first_submission(inquiry: Inquiry) -> Submission:
    topic = inquiry.topic.name if inquiry.topic else ""
    return Submission(topic=topic, **{name: getattr(inquiry, name) for name in COLUMNS})


def unproven_events(events: Iterable[Event]) -> list[Event]:
    """Of `events`, in order: what was sent by nobody knows whom, and nobody has settled since.

    Settled is what came before somebody spoke with the patient, or said what counts. A message
    reaches only the address that counts. Of an erased request nothing is left of it.
    """
    found: list[Event] = []
    for event in events:
        if event.kind == Event.Kind.UNPROVEN and hasattr(event, "addition"):
            found.append(event)
        elif event.kind in _SETTLING or "accepted" in event.detail:
            found = []
    return found


def last_addition(inquiry: Inquiry) -> Addition | None:
    """The last that counts."""
    rows = Addition.objects.filter(event__inquiry=inquiry, event__kind=Event.Kind.ADDED)
    addition = rows.select_related("event").order_by("event").last()
    if addition:
        addition.event.inquiry = inquiry  # whose key opens it
    return addition


def unsettled_digests(inquiry: Inquiry) -> set[str]:
    """Of what was sent by nobody knows whom, and still waits for somebody to settle it."""
    if not inquiry.is_open:
        return set()
    events = Event.objects.filter(inquiry=inquiry).select_related("addition").order_by("number")
    return {event.addition.content_digest for event in unproven_events(events)}
