"""What was sent for one request, at first and later, and which of it counts."""

from collections.abc import Iterable
from dataclasses import replace

from inquiries.models import Addition, Event, Inquiry
from inquiries.submission import COLUMNS, Submission

#: Kinds of events that carry a submission.
SUBMISSION_KINDS = (Event.Kind.RECEIVED, Event.Kind.ADDED, Event.Kind.UNPROVEN)
#: After one of these, earlier submissions by unproven senders have been dealt with.
_SETTLING = frozenset({Event.Kind.CONNECTED, Event.Kind.HANDED_OVER})


def current_submission(inquiry: Inquiry) -> Submission:
    """Return what counts now, as it was sent."""
    addition = last_addition(inquiry)
    return addition.submission if addition else _first_submission(inquiry)


def submission_of_event(event: Event) -> Submission:
    """Return what was sent with this event (one of SUBMISSION_KINDS), whether or not it counts."""
    is_first = event.kind == Event.Kind.RECEIVED
    return _first_submission(event.inquiry) if is_first else event.addition.submission


def confirmed_submission(event: Event) -> Submission:
    """Return what was sent with this event, as it counts once the patient has confirmed it.

    If others share a phone or inbox, that still holds for the same phone and inbox; "never contact"
    always holds. Confirming the version already in use confirms that its address is right.
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
    """Return what counts now, in a form to be shown like a request; never saved."""
    addition = last_addition(inquiry)
    return addition.sending if addition else inquiry


def sending_of_event(event: Event) -> Inquiry:
    """Return `submission_of_event` in a form to be shown like a request; never saved."""
    return event.inquiry if event.kind == Event.Kind.RECEIVED else event.addition.sending


def _first_submission(inquiry: Inquiry) -> Submission:
    topic = inquiry.topic.name if inquiry.topic else ""
    return Submission(topic=topic, **{name: getattr(inquiry, name) for name in COLUMNS})


def unproven_events(events: Iterable[Event]) -> list[Event]:
    """Return the events, in order, whose unproven submissions nobody has settled since.

    A conversation with the patient, or their choice of what counts, settles everything before it. A
    message does not, because it reaches only the address that counts. An erased request has none.
    """
    found: list[Event] = []
    for event in events:
        if event.kind == Event.Kind.UNPROVEN and hasattr(event, "addition"):
            found.append(event)
        elif event.kind in _SETTLING or "accepted" in event.detail:
            found = []
    return found


def last_addition(inquiry: Inquiry) -> Addition | None:
    """Return the last addition that counts."""
    rows = Addition.objects.filter(event__inquiry=inquiry, event__kind=Event.Kind.ADDED)
    addition = rows.select_related("event").order_by("event").last()
    if addition:
        addition.event.inquiry = inquiry  # its key opens the addition
    return addition


def unsettled_digests(inquiry: Inquiry) -> set[str]:
    """Return digests of unproven submissions that still wait for somebody to settle them."""
    if not inquiry.is_open:
        return set()
    events = Event.objects.filter(inquiry=inquiry).select_related("addition").order_by("number")
    return {event.addition.content_digest for event in unproven_events(events)}
