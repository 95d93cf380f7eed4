"""What may be said to whom, and what to make sure of first.

The rules behind it, for the United States: who speaks is verified first (HIPAA, 45 CFR 164.514(h));
somebody may ask to be reached only in one way or place (164.522(b)); a personal representative
stands in the patient's place (164.502(g)); family and friends who take part in her care are told
what concerns that part, if she agrees or does not object (164.510(b)). What these mean for a single
call the clinic's privacy officer decides. Here the narrower reading is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from inquiries.models import Authority, ContactMethod, Inquiry, Language, Relation, Voicemail

#: Before a word about health (45 CFR 164.514(h)); how it was done is put on record with the
#: conversation, see `states.IdentityCheck`.
IDENTITY_CHECK = (
    "Ask for the reference of the request, for an email address or another phone number that we "
    "have, or for what she had asked. "
    "Let her say it, and never read it out. The number that you called proves nothing: whoever "
    "answers knows it."
)


@dataclass(frozen=True)
class Wording:
    """What may be said, word for word; empty where nothing may."""

    words: str
    #: The same in Spanish, where that is her language.
    spanish: str = ""
    #: To the coordinator.
    note: str = ""


@dataclass(frozen=True)
class Listener:
    """Somebody who may be on the line."""

    who: str
    #: What to do before anything else.
    first: str
    #: What may be said then, and what never.
    may: str
    never: str = ""
    sentence: Wording | None = None


# --- Word for word --------------------------------------------------------------------------------


def voicemail_wording(sending: Inquiry, *, caller: str) -> Wording:
    """What may be left on her voicemail. `caller`: the first name of who calls."""
    match _voicemail_limit(sending):
        case Voicemail.NONE:
            return Wording("", note="Hang up, and say nothing: she wants no message left.")
        case Voicemail.CALLBACK_ONLY:
            return _callback_wording(sending, caller)
        case _:
            return _identifying_wording(sending, caller)


def text_message_wording(sending: Inquiry, *, caller: str) -> Wording:
    """What a text may say: on its screen it is as open as a voicemail."""
    if _voicemail_limit(sending) == Voicemail.MAY_IDENTIFY:
        return _identifying_wording(sending, caller)
    return _callback_wording(sending, caller)


def unknown_voice_wording(sending: Inquiry) -> Wording:
    """To who answers, before it is known who that is. Neither our name nor why we call."""
    name = sending.full_name
    return Wording(
        f"Hello, may I speak with {name}, please? – Thank you, I will try again.",
        _in_spanish(
            sending, f"Hola, ¿puedo hablar con {name}, por favor? – Gracias, llamaré otra vez."
        ),
        "If asked who you are: your first name, and that you will call again. No more.",
    )


def attempt_wording(sending: Inquiry, method: str, *, caller: str) -> Wording:
    """What may be said, or left, when an attempt is made in this way."""
    if method == ContactMethod.EMAIL:
        note = "Use “Write to the sender”. The mail says only that an answer waits."
        return Wording("", note=note)
    if method == ContactMethod.TEXT:
        return text_message_wording(sending, caller=caller)
    return voicemail_wording(sending, caller=caller)


def _voicemail_limit(sending: Inquiry) -> str:
    """Where others use the phone, we promised to say nothing until we know that it is she."""
    limit = sending.voicemail or Voicemail.NONE
    if sending.shared_phone and limit == Voicemail.MAY_IDENTIFY:
        return Voicemail.CALLBACK_ONLY
    return limit


def _callback_wording(sending: Inquiry, caller: str) -> Wording:
    """A first name and a number: the clinic's own name may tell what it is about."""
    phone = settings.CLINIC.phone
    if not phone:
        return Wording(
            f"Hello, this is {caller}. I will call again. Thank you.",
            _in_spanish(sending, f"Hola, soy {caller}. Llamaré otra vez. Gracias."),
            _note(sending, "No clinic phone is set, so that there is no number to leave."),
        )
    return Wording(
        f"Hello, this is {caller}. Please call me back at {phone}. Thank you.",
        _in_spanish(sending, f"Hola, soy {caller}. Por favor, llámeme al {phone}. Gracias."),
        _note(sending, "Not the clinic’s name, not why you call."),
    )


def _identifying_wording(sending: Inquiry, caller: str) -> Wording:
    clinic, phone = settings.CLINIC.name, settings.CLINIC.phone
    english = f"Please call me back at {phone}." if phone else "I will call again."
    spanish = f"Por favor, llámeme al {phone}." if phone else "Llamaré otra vez."
    return Wording(
        f"Hello, this is {caller}, a Care Coordinator at {clinic}. You asked us to get in touch. "
        f"{english} Thank you.",
        _in_spanish(
            sending,
            f"Hola, soy {caller}, del equipo de coordinación de {clinic}. Usted nos pidió que "
            f"nos comunicáramos. {spanish} Gracias.",
        ),
        _note(sending, "Not the topic, nothing about health."),
    )


def _in_spanish(sending: Inquiry, words: str) -> str:
    return words if sending.language == Language.SPANISH else ""


def _note(sending: Inquiry, note: str) -> str:
    if not sending.interpreter:
        return note
    language = sending.interpreter_language or "her language"
    return f"{note} Let the interpreter say it in {language}."


# --- To whom --------------------------------------------------------------------------------------


def listeners(sending: Inquiry, *, caller: str) -> list[Listener]:
    """Who may be on the line, with what may be said; the likeliest first."""
    return list(_listeners(sending, caller))


def _listeners(sending: Inquiry, caller: str) -> Iterator[Listener]:
    asks_for_another = sending.relation == Relation.SOMEONE_ELSE or bool(sending.patient_name)
    told = (
        _TO_THE_SENDER.get(sending.authority, _WITHOUT_AUTHORITY) if asks_for_another else _FOR_SELF
    )
    yield Listener(
        f"{sending.full_name}, who asked us",
        IDENTITY_CHECK,
        told.may,
        f"{told.never} To who cannot show it: only that you will call again.",
    )
    if asks_for_another:
        rule = _TO_THE_PATIENT.get(sending.authority, _NOT_AWARE)
        who = f"{sending.patient_name}, the patient" if sending.patient_name else "The patient"
        yield Listener(who, rule.first, rule.may, rule.never)
    yield Listener(
        "A relative, a caregiver, an interpreter whom she brought",
        "Speak with her first, and make sure of her. Then ask her whether this person may listen, "
        "and to what. Write what she said into a note.",
        "What she agreed to, for as long as she agrees.",
        "Without her on the line: nothing about health, and not that she asked us.",
    )
    yield Listener(
        "A voice that you do not know",
        "Ask for her by name.",
        "This and no more:",
        "Not the clinic’s name, not why you call.",
        unknown_voice_wording(sending),
    )
    if sending.phone:
        said = voicemail_wording(sending, caller=caller)
        first = "Hear whose voicemail it is. In doubt hang up."
        may = "This and no more:" if said.words else "Nothing."
        yield Listener("Her voicemail", first, may, sentence=said)
    yield Listener(
        "Emergency services or a crisis line, when somebody is in danger",
        "Do not wait for anything above.",
        "Who and where she is, what she said, what they need to find and help her.",
    )


@dataclass(frozen=True)
class _Rule:
    """What may be said to somebody, what never, and what is asked first."""

    may: str
    never: str
    first: str = IDENTITY_CHECK


_FOR_SELF = _Rule(
    may="What she asked about: choices, questions for a visit, where to find help.",
    never="No diagnosis, no treatment.",
)
_WITHOUT_AUTHORITY = _Rule(
    may="What anybody may read in our articles, and how the patient can ask us herself.",
    never="Nothing about the patient, and not whether we know her.",
)
#: By what right somebody says that she asks for another. It is claimed; we make sure of it.
_TO_THE_SENDER: dict[str, _Rule] = {
    # 164.510(b): with the patient's agreement, what concerns her part in the care.
    Authority.ASKED: _Rule(
        may="What anybody may read in our articles. More once the patient has told us herself "
        "that she agrees, and to what.",
        never="Nothing that the patient told us, until then.",
    ),
    # 164.502(g): stands in the patient's place, as far as the law of the state says so.
    Authority.GUARDIAN: _Rule(
        may="What anybody may read in our articles, and what she told us herself. More once the "
        "privacy officer has made sure by what right she asks.",
        never="Nothing from the patient’s records, until then. Some care is a young person’s own "
        "affair.",
    ),
    Authority.REPRESENTATIVE: _Rule(
        may="What anybody may read in our articles, and what she told us herself. More once the "
        "privacy officer has seen the paper that gives her the right.",
        never="Nothing from the patient’s records, until then.",
    ),
    Authority.UNAWARE: _WITHOUT_AUTHORITY,
}
_NOT_AWARE = _Rule(
    first="Do not call the patient: she knows nothing of this request.",
    may="If she calls us herself: what she asks for, as a request of her own.",
    never="Not that there is a request, not who made it, not what it says.",
)
_TO_THE_PATIENT: dict[str, _Rule] = {
    Authority.ASKED: _Rule(
        first="The sender says that the patient knows. Make sure of the patient as of anybody, "
        "ask whether she asked for this, and write it into a note.",
        may="If she did: what she asks about. Ask also what we may tell the sender.",
        never="If she did not: nothing of the request.",
    ),
    Authority.GUARDIAN: _Rule(
        first="Ask for the parent or guardian.",
        may="That you will call again.",
        never="Nothing about health without the guardian. If the young person wants to speak "
        "alone, ask the privacy officer first.",
    ),
    Authority.REPRESENTATIVE: _Rule(
        first="Ask for the representative. If the patient wants to speak, make sure of her as of "
        "anybody.",
        may="What she asks about herself: that somebody may decide for her does not shut her out.",
        never="Not what the representative told us.",
    ),
    Authority.UNAWARE: _NOT_AWARE,
}
