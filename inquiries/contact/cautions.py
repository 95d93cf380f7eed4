"""Warnings that staff see before they try to reach the patient, one sentence each."""

from collections.abc import Iterator

from inquiries.contact import words
from inquiries.contact_details import phone_numbers
from inquiries.models import ContactMethod, Inquiry, Voicemail


def attempt_cautions(
    sending: Inquiry, method: ContactMethod | None, *, is_outside: bool
) -> Iterator[str]:
    """`is_outside`: our hours miss the times they chose, or the usual ones in their zone."""
    if sending.never_contact:
        yield str(words.NEVER_CONTACT)
    if is_outside and sending.best_time:
        yield str(words.OUTSIDE_WISHED)
    elif is_outside:
        yield str(words.OUTSIDE_USUAL)
    if not sending.time_zone:
        yield str(words.NO_TIME_ZONE)
    if method and sending.contact_method and method != sending.contact_method:
        yield words.OTHER_WAY % {"method": sending.get_contact_method_display()}
    if sending.interpreter:
        language = sending.interpreter_language or words.ASK_WHICH_LANGUAGE
        yield words.INTERPRETER % {"language": language}
    if method == ContactMethod.EMAIL and sending.shared_email:
        yield str(words.SHARED_INBOX_CHOSEN)
    if method in {ContactMethod.PHONE, ContactMethod.TEXT}:
        yield from _of_phone(sending)
    if method == ContactMethod.PHONE:
        yield voicemail_rule(sending)


def voicemail_rule(sending: Inquiry) -> str:
    rule = Voicemail(sending.voicemail or Voicemail.NONE)
    return words.VOICEMAIL % {"rule": rule.label}


def _of_phone(sending: Inquiry) -> Iterator[str]:
    if sending.shared_phone:
        yield str(words.SHARED_PHONE)
    if remark := phone_numbers.remark_in(sending.phone):
        yield words.REMARK % {"remark": remark}
    if phone_numbers.is_clinic_number(sending.phone_e164):
        yield str(words.OUR_OWN_NUMBER)
