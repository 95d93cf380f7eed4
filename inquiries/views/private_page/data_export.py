"""Everything we hold about one request, for its sender to download.

Names and codes stay as they are, for programs; wording is in the language of the page.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from inquiries.intake.consent import CONSENT_TEXTS
from inquiries.models import AccessLink, Delivery, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import State
from inquiries.submission import COLUMNS
from inquiries.views.private_page import words
from inquiries.views.private_page.history import History, display_name, tell_event

Kind = Event.Kind

#: Event details that belong to the sender. Spam signals are for staff only.
_SHARED_DETAILS = ("method", "reached", "outcome", "answered", "reason", "channel", "until", "why")


def export_inquiry(inquiry: Inquiry) -> dict[str, Any]:
    """Return everything we hold about a request, for a JSON download.

    It leaves out notes, account names, and whether we took the request for spam.
    """
    story = History(inquiry)
    return {
        "reference": inquiry.reference,
        "state": str(words.STATES[State(inquiry.state)]),
        "outcome": str(Outcome(inquiry.outcome).end.status) if inquiry.outcome else "",
        "received_at": inquiry.received_at,
        "we_try_by": inquiry.due_at,
        "you_agreed_to": CONSENT_TEXTS.get(inquiry.consent_version, inquiry.consent_version),
        "topic": inquiry.topic.name if inquiry.topic else "",
        "article": inquiry.article.title if inquiry.article else "",
        "may_be_urgent": inquiry.urgent,
        "you_sent": _submission_data(inquiry),
        "you_changed": [
            {"at": event.at, **_submission_data(event.addition.sending)}
            for event in story.events
            if event.kind == Kind.ADDED
        ],
        "messages": [
            {"at": each.at, "from": each.who, "text": each.text} for each in story.messages
        ],
        "what_happened": [
            {
                "at": event.at,
                "kind": event.kind,
                "what": tell_event(event),
                "by": display_name(event.by) if event.by else "",
                "details": {
                    name: event.detail[name] for name in _SHARED_DETAILS if name in event.detail
                },
            }
            for event in shared_events(story.events)
        ],
        "private_links": [*_links(inquiry)],
        "emails_to_you": [*_emails(inquiry)],
    }


def _submission_data(sending: Inquiry) -> dict[str, Any]:
    numbers = [str(number) for number in sending.parsed_phone.numbers]
    return {**{name: getattr(sending, name) for name in COLUMNS}, "phone_numbers": numbers}


def _links(inquiry: Inquiry) -> Iterator[dict[str, Any]]:
    for each in AccessLink.objects.filter(inquiry=inquiry).order_by("made_at"):
        yield {"made_at": each.made_at, "ends_at": each.ends_at, "revoked_at": each.revoked_at}


def shared_events(events: Iterable[Event]) -> list[Event]:
    """Return events that the sender may know of.

    This leaves out whether we took the request for spam, and how the ledger is kept.
    """
    return [event for event in events if event.kind not in {Kind.CLEARED, Kind.BOUND}]


def sent_mails(inquiry: Inquiry) -> QuerySet[Delivery]:
    rows: QuerySet[Delivery] = Delivery.objects.filter(inquiry=inquiry).order_by("made_at")
    return rows


def _emails(inquiry: Inquiry) -> Iterator[dict[str, Any]]:
    for each in sent_mails(inquiry):
        yield {
            "what": str(words.MAILS[Delivery.Kind(each.kind)]),
            "state": str(words.MAIL_STATES[Delivery.State(each.state)]),
            "made_at": each.made_at,
            "settled_at": each.settled_at,
        }
