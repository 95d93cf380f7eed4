"""What may be said to whom, and what to confirm first.

It follows these United States rules: verify who is speaking first (HIPAA, 45 CFR 164.514(h));
people may ask to be contacted only in a certain way or place (164.522(b)); a personal
representative acts in the patient's place (164.502(g)); family and friends involved in the
patient's care may be told what concerns that involvement, if the patient agrees or does not object
(164.510(b)). The clinic's privacy officer decides how these apply to a particular call. This module
takes the stricter reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from inquiries.contact import disclosure_words as words
from inquiries.contact import spoken_words
from inquiries.models import Authority, ContactMethod, Inquiry, Relation, Voicemail
from inquiries.team import languages


@dataclass(frozen=True)
class Wording:
    """What may be said, word for word; empty if nothing may be said."""

    #: In English.
    words: str
    #: The same in the language the sender asked for, if that is not English.
    translated: str = ""
    #: Its language code, for the page; empty if there is no translation.
    language: str = ""
    #: Notes to the coordinator, one sentence each.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listener:
    """Someone who may be on the line."""

    who: str
    #: What to do before anything else.
    first: str
    #: What may be said after that, and what must never be said, one sentence each.
    may: str
    never: tuple[str, ...] = ()
    sentence: Wording | None = None


# --- Word for word --------------------------------------------------------------------------------


def voicemail_wording(sending: Inquiry, *, caller: str) -> Wording:
    """Return what may be left on the sender's voicemail. `caller`: the caller's first name."""
    match _voicemail_limit(sending):
        case Voicemail.NONE:
            return Wording("", notes=(str(words.LEAVE_NO_MESSAGE),))
        case Voicemail.CALLBACK_ONLY:
            return _callback_wording(sending, caller)
        case _:
            return _identifying_wording(sending, caller)


def text_message_wording(sending: Inquiry, *, caller: str) -> Wording:
    """Return what a text may say. Others may see it on the screen, as they may hear a voicemail."""
    if _voicemail_limit(sending) == Voicemail.MAY_IDENTIFY:
        return _identifying_wording(sending, caller)
    return _callback_wording(sending, caller)


def unknown_voice_wording(sending: Inquiry) -> Wording:
    """Return what to say before we know who answered: neither our name nor why we are calling."""
    said = {"name": sending.full_name}
    return _wording(sending, spoken_words.ASK_FOR_THEM, said, words.IF_THEY_ASK_WHO)


def attempt_wording(sending: Inquiry, method: str, *, caller: str) -> Wording:
    """Return what may be said or left when an attempt is made through this channel."""
    if method == ContactMethod.EMAIL:
        return Wording("", notes=(str(words.WRITE_INSTEAD),))
    if method == ContactMethod.TEXT:
        return text_message_wording(sending, caller=caller)
    return voicemail_wording(sending, caller=caller)


def _voicemail_limit(sending: Inquiry) -> str:
    """If others use the phone, we promised to say nothing until we know who is speaking."""
    limit = sending.voicemail or Voicemail.NONE
    if sending.shared_phone and limit == Voicemail.MAY_IDENTIFY:
        return Voicemail.CALLBACK_ONLY
    return limit


def _callback_wording(sending: Inquiry, caller: str) -> Wording:
    """Give only a first name and a number: the clinic's name alone may reveal the topic."""
    said = {"caller": caller, "phone": settings.CLINIC.phone}
    if not settings.CLINIC.phone:
        return _wording(sending, spoken_words.CALL_AGAIN, said, words.NO_CLINIC_PHONE)
    return _wording(sending, spoken_words.CALL_BACK, said, words.ONLY_A_NAME)


def _identifying_wording(sending: Inquiry, caller: str) -> Wording:
    clinic = settings.CLINIC
    said = {"caller": caller, "clinic": clinic.name, "phone": clinic.phone}
    sentence = (
        spoken_words.IDENTIFY_AND_CALL_BACK
        if clinic.phone
        else spoken_words.IDENTIFY_AND_CALL_AGAIN
    )
    return _wording(sending, sentence, said, words.NO_TOPIC)


def _wording(sending: Inquiry, sentence: Any, said: dict[str, str], note: Any) -> Wording:
    """`sentence` and `note` must be lazy, because the sentence is rendered in both languages."""
    notes = (str(note), *_interpreter_notes(sending))
    with translation.override(settings.LANGUAGE_CODE):
        english = str(sentence) % said
    if not languages.is_foreign(sending.language):
        return Wording(english, notes=notes)
    with translation.override(sending.language):
        return Wording(english, str(sentence) % said, sending.language, notes)


def _interpreter_notes(sending: Inquiry) -> Iterator[str]:
    if sending.interpreter:
        which = sending.interpreter_language or words.THEIR_LANGUAGE
        yield str(words.THROUGH_INTERPRETER) % {"language": which}


# --- To whom --------------------------------------------------------------------------------------


def listeners(sending: Inquiry, *, caller: str) -> list[Listener]:
    """Return who may be on the line and what may be said to them, most likely first."""
    return list(_listeners(sending, caller))


def _listeners(sending: Inquiry, caller: str) -> Iterator[Listener]:
    asks_for_another = sending.relation == Relation.SOMEONE_ELSE or bool(sending.patient_name)
    told = (
        _TO_THE_SENDER.get(sending.authority, _WITHOUT_AUTHORITY) if asks_for_another else _FOR_SELF
    )
    yield Listener(
        str(words.SENDER) % {"name": sending.full_name},
        str(words.IDENTITY_CHECK),
        str(told.may),
        (str(told.never), str(words.SENDER_UNCONFIRMED)),
    )
    if asks_for_another:
        rule = _TO_THE_PATIENT.get(sending.authority, _NOT_AWARE)
        named = str(words.NAMED_PATIENT) % {"name": sending.patient_name}
        who = named if sending.patient_name else str(words.PATIENT)
        yield Listener(who, str(rule.first), str(rule.may), (str(rule.never),))
    yield Listener(
        str(words.COMPANION),
        str(words.COMPANION_FIRST),
        str(words.COMPANION_MAY),
        (str(words.COMPANION_NEVER),),
    )
    yield Listener(
        str(words.STRANGER),
        str(words.STRANGER_FIRST),
        str(words.THIS_ONLY),
        (str(words.ONLY_A_NAME),),
        unknown_voice_wording(sending),
    )
    if sending.phone:
        said = voicemail_wording(sending, caller=caller)
        may = words.THIS_ONLY if said.words else words.NOTHING
        yield Listener(str(words.VOICEMAIL), str(words.VOICEMAIL_FIRST), str(may), sentence=said)
    yield Listener(str(words.EMERGENCY), str(words.EMERGENCY_FIRST), str(words.EMERGENCY_MAY))


@dataclass(frozen=True)
class _Rule:
    """What may be said to someone, what must never be said, and what to ask first."""

    may: Any
    never: Any
    first: Any = words.IDENTITY_CHECK


_FOR_SELF = _Rule(words.FOR_SELF_MAY, words.FOR_SELF_NEVER)
_WITHOUT_AUTHORITY = _Rule(words.NO_AUTHORITY_MAY, words.NO_AUTHORITY_NEVER)
#: The authority a sender claims to act for someone else. Staff must confirm the claim.
_TO_THE_SENDER: dict[str, _Rule] = {
    # 164.510(b): with the patient's agreement, whatever concerns the sender's role in the care.
    Authority.ASKED: _Rule(words.ASKED_MAY, words.ASKED_NEVER),
    # 164.502(g): acts in the patient's place, to the extent that state law allows.
    Authority.GUARDIAN: _Rule(words.GUARDIAN_MAY, words.GUARDIAN_NEVER),
    Authority.REPRESENTATIVE: _Rule(words.REPRESENTATIVE_MAY, words.REPRESENTATIVE_NEVER),
    Authority.UNAWARE: _WITHOUT_AUTHORITY,
}
_NOT_AWARE = _Rule(words.UNAWARE_MAY, words.UNAWARE_NEVER, words.UNAWARE_FIRST)
_TO_THE_PATIENT: dict[str, _Rule] = {
    Authority.ASKED: _Rule(words.AWARE_MAY, words.AWARE_NEVER, words.AWARE_FIRST),
    Authority.GUARDIAN: _Rule(words.GUARDED_MAY, words.GUARDED_NEVER, words.GUARDED_FIRST),
    Authority.REPRESENTATIVE: _Rule(
        words.REPRESENTED_MAY, words.REPRESENTED_NEVER, words.REPRESENTED_FIRST
    ),
    Authority.UNAWARE: _NOT_AWARE,
}
