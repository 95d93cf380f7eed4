"""The ways to reach the sender: what they gave and agreed to, and what has not proved wrong."""

from collections.abc import Iterable

from inquiries.intake.consent import may_use_other_channels
from inquiries.mail.patient_mail import may_email
from inquiries.models import ContactMethod, Event, Inquiry, Voicemail
from inquiries.states import AttemptResult


def usable_channels(sending: Inquiry, events: Iterable[Event]) -> list[ContactMethod]:
    """The ways to reach them that they gave and that have not proved wrong; the chosen one first.

    Only the chosen one where they have agreed to no other.

    A text lies on a screen that others may see: where others use the phone, or nothing may be left
    on it, only if they chose it.
    """
    chosen = sending.contact_method
    leaves_word = not sending.shared_phone and sending.voicemail != Voicemail.NONE
    there = {
        ContactMethod.PHONE: bool(sending.phone),
        ContactMethod.TEXT: bool(sending.phone) and (chosen == ContactMethod.TEXT or leaves_word),
        ContactMethod.EMAIL: may_email(sending),
    }
    wrong = wrong_channels(events)
    may_change = may_use_other_channels(sending.consent_version)
    return sorted(
        (
            way
            for way, is_there in there.items()
            if is_there and way not in wrong and (may_change or way == chosen)
        ),
        key=lambda way: way != chosen,
    )


def wrong_channels(events: Iterable[Event]) -> set[ContactMethod]:
    """By what was last heard of each way since they last told us how to reach them."""
    wrong: set[ContactMethod] = set()
    for event in events:
        match event.kind:
            case Event.Kind.RECEIVED | Event.Kind.ADDED:
                wrong = set()
            case Event.Kind.UNDELIVERED:
                wrong.add(ContactMethod.EMAIL)
            case Event.Kind.ATTEMPTED | Event.Kind.CONNECTED:
                way = ContactMethod(event.detail["method"])
                # A number that is not theirs is no number to write to either.
                ways = {way, ContactMethod.TEXT} if way == ContactMethod.PHONE else {way}
                if event.detail.get("reached") == AttemptResult.WRONG:
                    wrong |= ways
                else:
                    wrong -= ways
    return wrong
