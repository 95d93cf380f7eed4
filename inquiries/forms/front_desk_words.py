"""How the public form's questions are worded for a coordinator who asks a caller."""

from django.utils.translation import gettext_lazy as _

from inquiries.contact_details.numbering_plan import FaultKind
from inquiries.forms.phone_errors import SENDER_MESSAGES, Messages
from inquiries.models import Authority, Relation, Voicemail

LABELS = {
    "relation": _("Who is the patient?"),
    "full_name": _("Caller’s name"),
    "pronouns": _("Caller’s pronouns"),
    "patient_name": _("Patient’s name"),
    "authority": _("Does the patient know about this request?"),
    "contact_method": _("How should we contact them?"),
    "voicemail": _("What can we say on their voicemail?"),
    "best_time": _("Best time to contact them"),
    "time_zone": _("Their time zone"),
    "never_contact": _("Are there times or ways we should not contact them?"),
    "language": _("Language they want to speak"),
    "interpreter": _("They would like an interpreter"),
    "interpreter_language": _("Which language?"),
    "message": _("Their question, in their words"),
}
HELP_TEXTS = {
    "pronouns": _("For example: she/her, he/him, they/them."),
    "patient_name": _("Only if the patient is someone else."),
    "authority": _("Only if the patient is someone else. Confirm it before you discuss health."),
    "contact_method": _(
        "Ask for a phone number or an email address. One is enough. If they give both, we’ll try "
        "their choice first."
    ),
    "phone": _("Read it back to them. You can add an extension."),
    "email": _("Spell it back to them. We’ll send a confirmation with the reference number."),
    "shared_phone": _("If so, we won’t say why we’re calling until we know who answered."),
    "shared_email": _("If so, we’ll email them only if they chose email above."),
    "voicemail": _("Other people may hear it, so ask what is OK."),
    "best_time": _("Choose all that work for them."),
    "time_zone": _("So no one calls them at night."),
    "never_contact": _("For example: not after 6 p.m., not by text."),
    "language": _("We’ll write to them in it, too. For any other language, add an interpreter."),
    "interpreter": _("Sign language, too. Tell them it’s free."),
    "interpreter_language": _("For example, Vietnamese or American Sign Language."),
    "message": _("A few words are enough."),
}
CHOICES = {
    "relation": [
        (Relation.SELF.value, _("The caller")),
        (Relation.SOMEONE_ELSE.value, _("Someone they care for")),
    ],
    "authority": [
        (Authority.ASKED.value, _("The patient knows, and asked the caller to contact us")),
        (Authority.GUARDIAN.value, _("The caller is a parent or legal guardian")),
        (
            Authority.REPRESENTATIVE.value,
            _("The caller makes decisions for the patient (for example, power of attorney)"),
        ),
        (Authority.UNAWARE.value, _("The patient doesn’t know yet")),
    ],
    "voicemail": [
        (Voicemail.NONE.value, _("Don’t leave a message")),
        (Voicemail.CALLBACK_ONLY.value, _("Leave only a name and a number to call back")),
        (Voicemail.MAY_IDENTIFY.value, _("Say who we are and why we’re calling")),
    ],
}
ERRORS = {
    "full_name": {
        "required": _("Enter the caller’s name"),
        "max_length": _("The caller’s name must be %(limit_value)d characters or fewer"),
    },
    "pronouns": {"max_length": _("The pronouns must be %(limit_value)d characters or fewer")},
    "message": {
        "required": _("Enter their question in a few words"),
        "max_length": _(
            "The question must be %(limit_value)d characters or fewer. You used %(show_value)d."
        ),
    },
    "never_contact": {
        "max_length": _(
            "When and how not to contact them must be %(limit_value)d characters or fewer. You "
            "used %(show_value)d."
        )
    },
    "language": {"required": _("Choose the language they want to speak")},
    "consent": {
        "required": _(
            "Read the consent to them. If they agree, choose the language you read it in"
        ),
        "invalid_choice": _("Choose which consent you read to them"),
    },
}
MISSING = {
    "contact_method": _("Choose how we should contact them"),
    "email": _("Enter their email address"),
    "phone": _("Enter their phone number"),
}
CONSENT = _("I read this to the caller, and they agreed")
#: For a number that cannot be called. Other faults use the sender's messages.
PHONE_MESSAGES: Messages = {
    **SENDER_MESSAGES,
    FaultKind.NO_DIGITS: _(
        "Enter a phone number with its area code, such as %(example)s. Leave this blank if they "
        "don’t have a phone."
    ),
    FaultKind.EMERGENCY: _("We can’t call them at %(digits)s. Ask for their own number."),
    FaultKind.NO_AREA_CODE: _(
        "%(number)s has no area code. Ask for it, and enter it like this: %(example)s."
    ),
    FaultKind.SHORT: _(
        "Read it back to them. Enter a phone number with its area code, such as %(example)s."
    ),
    FaultKind.LONG: _("Read it back to them. A number from another country starts with +."),
    FaultKind.AREA_CODE: _(
        "There is no area code %(digits)s. Read the number back to them, and enter it like this: "
        "%(example)s."
    ),
    FaultKind.COUNTRY_CODE: _("No country has the code after the +. Read the number back to them."),
    FaultKind.NOBODY: _("This can’t be a phone number. Read it back to them, digit by digit."),
}
