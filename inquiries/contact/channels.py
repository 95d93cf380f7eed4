"""Ways to reach the sender: those they gave and agreed to, except any that proved wrong."""

from collections.abc import Iterable

from inquiries.intake.consent import may_use_other_channels
from inquiries.mail.patient_mail import may_email
from inquiries.models import ContactMethod, Event, Inquiry, Voicemail
from inquiries.states import AttemptResult


def usable_channels(sending: Inquiry, events: Iterable[Event]) -> list[ContactMethod]:
    """Return the channels they gave that have not proved wrong, with the chosen one first.

    If they have not agreed to any other channel, only the chosen one is returned.

    Other people may see a text on the screen. If others use the phone, or if we may not leave
    messages, texting is allowed only if they chose it.
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
    """Judge each channel by its latest result since they last told us how to reach them."""
    wrong: set[ContactMethod] = set()
    for event in events:
        match event.kind:
            case Event.Kind.RECEIVED | Event.Kind.ADDED:
                wrong = set()
            case Event.Kind.UNDELIVERED if event.detail.get("inbox") != "earlier":
                wrong.add(ContactMethod.EMAIL)
            case Event.Kind.ATTEMPTED | Event.Kind.CONNECTED:
                way = ContactMethod(event.detail["method"])
                # If the number is not theirs, we must not text it either.
                ways = {way, ContactMethod.TEXT} if way == ContactMethod.PHONE else {way}
                if event.detail.get("reached") == AttemptResult.WRONG:
                    wrong |= ways
                else:
                    wrong -= ways
    return wrong
