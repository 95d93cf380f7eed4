"""What to mind before somebody tries to reach the patient, a sentence each, for staff."""

from collections.abc import Iterator

from inquiries.contact_details import phone_numbers
from inquiries.models import ContactMethod, Inquiry, Voicemail


def attempt_cautions(
    sending: Inquiry, method: ContactMethod | None, *, is_outside: bool
) -> Iterator[str]:
    """`is_outside`: our hours do not meet those that were asked for, or the usual ones there."""
    if sending.never_contact:
        yield "They said when or how we must never contact them. Read it first."
    if is_outside and sending.best_time:
        yield "Our hours never meet theirs. Outside the time they asked for: ask a lead."
    elif is_outside:
        yield "Our hours never meet the usual ones there. Early or late for them: ask a lead."
    if not sending.time_zone:
        yield "They gave no time zone. This is by the clinic’s: ask them for theirs."
    if method and sending.contact_method and method != sending.contact_method:
        yield (
            f"They asked to be reached by {sending.get_contact_method_display().lower()}, "
            "which was tried. Is another way safe for them? In doubt ask a lead."
        )
    if sending.interpreter:
        language = sending.interpreter_language or "ask them which language"
        yield f"Have an interpreter with you before you begin: {language}."
    if method == ContactMethod.EMAIL and sending.shared_email:
        yield "Others read this inbox. They chose it all the same."
    if method in {ContactMethod.PHONE, ContactMethod.TEXT}:
        yield from _of_phone(sending)
    if method == ContactMethod.PHONE:
        yield f"Voicemail: {Voicemail(sending.voicemail or Voicemail.NONE).label.lower()}."


def _of_phone(sending: Inquiry) -> Iterator[str]:
    if sending.shared_phone:
        yield "Others use this phone. Say nothing until you know who speaks."
    if remark := phone_numbers.remark_in(sending.phone):
        yield f"They wrote beside the number: “{remark}”. Mind who may answer, and when."
    if phone_numbers.is_clinic_number(sending.phone_e164):
        yield "The number is the clinic’s own: look for another way."
