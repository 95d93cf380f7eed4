"""All that we hold about one request, in plain words: what the download says, to read and print."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from inquiries.models import BestTime, Delivery, Event, Inquiry
from inquiries.states import EmergencyHelp, ErasureReason
from inquiries.views.private_page.data_export import export_inquiry, sent_mails, shared_events
from inquiries.views.private_page.history import SENTENCES, History, display_name

Kind = Event.Kind
Row = tuple[str, str]

#: How the page calls each value of the download. One without a name is a fault, which a test finds.
_NAMES = {
    "reference": "Your reference",
    "state": "How it stands with us",
    "outcome": "How it ended",
    "received_at": "When it came",
    "we_try_by": "We try to answer by",
    "you_agreed_to": "What you agreed to",
    "topic": "Topic",
    "article": "The article that you came from",
    "may_be_urgent": "Words in it may mean danger",
    "relation": "Who it is about",
    "full_name": "Your name",
    "pronouns": "Pronouns",
    "patient_name": "The patient’s name",
    "authority": "How you come to ask for them",
    "contact_method": "How we should reach you",
    "phone": "Phone number, as you typed it",
    "phone_e164": "Phone number, as our phones dial it",
    "phone_numbers": "Phone numbers that we read in it",
    "email": "Email address",
    "email_checked": "You told us that the address is right",
    "shared_phone": "Others use or answer this phone",
    "shared_email": "Others can read this inbox",
    "voicemail": "If we reach your voicemail",
    "best_time": "Best time to reach you",
    "time_zone": "Your time zone",
    "never_contact": "When or how we must never contact you",
    "language": "Language you would like to speak",
    "interpreter": "You would like an interpreter",
    "interpreter_language": "Language of the interpreter",
    "message": "Your question",
    "consent_version": "Version of what you agreed to",
}
GROUPS = ("you_sent", "you_changed", "messages", "what_happened", "private_links", "emails_to_you")

#: Of what the private page tells nowhere as an event of its own.
_MORE: dict[str, Callable[[Event], str]] = {
    Kind.READ: lambda event: f"{display_name(event.by)} opened and read it.",
    Kind.WROTE: lambda _: "You wrote to us.",
    Kind.REPLIED: lambda event: f"{display_name(event.by)} wrote to you.",
    Kind.NOTED: lambda event: f"{display_name(event.by)} added a note for colleagues.",
    Kind.GRADED: lambda event: f"{display_name(event.by)} judged how soon you have to be reached.",
    Kind.ESCALATED: lambda _: "We were late, and our leads were told.",
    Kind.DUPLICATE_LINKED: lambda event: (
        f"{display_name(event.by)} linked it to another request of yours."
    ),
    Kind.DUPLICATE_UNLINKED: lambda event: (
        f"{display_name(event.by)} took back a link to another request."
    ),
    Kind.HANDED_OVER: lambda event: (
        f"{display_name(event.by)} handed you over to emergency help: "
        f"{EmergencyHelp(event.detail['to']).label.lower()}."
    ),
    Kind.ERASED: lambda event: (
        f"It was erased: {ErasureReason(event.detail['reason']).label.lower()}."
    ),
}
ALL_SENTENCES = SENTENCES | _MORE
_MAILS = {
    Delivery.Kind.ACKNOWLEDGEMENT: "Confirmation that we have your request",
    Delivery.Kind.REPLY: "Word that we wrote to you",
    Delivery.Kind.LINK: "A new private link",
    Delivery.Kind.CHANGED: "Word that how we reach you was changed",
    Delivery.Kind.ENDED: "Word that your private links ended",
}


@dataclass(frozen=True)
class DataCopy:
    """The download as the sections of a page."""

    request: list[Row]
    sent: list[Row]
    changes: list[tuple[datetime, list[Row]]]
    messages: list[dict[str, Any]]
    happened: list[tuple[datetime, str]]
    links: list[dict[str, Any]]
    mails: list[tuple[str, Delivery]]


def build_copy(inquiry: Inquiry) -> DataCopy:
    """From the download itself, so that neither says more than the other."""
    data = export_inquiry(inquiry)
    events = History(inquiry).events
    return DataCopy(
        request=_rows({name: data[name] for name in data if name not in GROUPS}),
        sent=_rows(data["you_sent"]),
        changes=[
            (each["at"], _rows({name: each[name] for name in each if name != "at"}))
            for each in data["you_changed"]
        ],
        messages=data["messages"],
        happened=[(event.at, tell_event(event)) for event in shared_events(events)],
        links=data["private_links"],
        mails=[(_MAILS[Delivery.Kind(each.kind)], each) for each in sent_mails(inquiry)],
    )


def tell_event(event: Event) -> str:
    """What happened, in a sentence to the sender."""
    return ALL_SENTENCES[event.kind](event)


def _rows(values: dict[str, Any]) -> list[Row]:
    return [(_NAMES[name], _in_words(name, value)) for name, value in values.items()]


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%A, %B %-d, %Y, %-I:%M %p}"
    if isinstance(value, list):
        return ", ".join(value)
    if name == "best_time":
        return ", ".join(BestTime(each).label for each in value.split(",") if each)
    column = next((each for each in Inquiry._meta.fields if each.name == name), None)
    choices = dict(column.flatchoices) if column else {}
    return str(choices.get(value, value))
