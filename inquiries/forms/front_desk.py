"""A request as a coordinator enters it for somebody on the phone or at the desk."""

from typing import Any

from django import forms

from inquiries.forms import phone_errors
from inquiries.forms.fields import ChoiceField
from inquiries.forms.inquiry import InquiryForm
from inquiries.intake.consent import CONSENT_TEXTS, CURRENT_CONSENT_VERSION
from inquiries.models import IntakeChannel
from inquiries.submission import Group, asked

#: What the coordinator asks, and of whom she writes it down.
_LABELS = {
    "full_name": "Name of who asks",
    "relation": "For whom does she ask?",
    "patient_name": "Name of the patient, if she asks for someone else",
    "authority": "How does she come to ask for them?",
    "message": "Her question, in her words",
    "contact_method": "How should we reach her?",
    "best_time": "Best time to reach her",
    "time_zone": "Her time zone",
    "voicemail": "If we reach her voicemail",
    "never_contact": "When or how should we never contact her?",
    "language": "Language she would like to speak",
    "interpreter": "She would like an interpreter",
    "shared_phone": "Other people use or answer her phone",
    "shared_email": "Other people can read her inbox",
}


class FrontDeskForm(InquiryForm):
    """The public form's own fields and rules, and how she came."""

    #: For the template: what may be left open is marked.
    marks_optional = True
    phone_messages = phone_errors.STAFF_MESSAGES

    channel = ChoiceField(
        label="How did she come?",
        choices=[
            (IntakeChannel.PHONE.value, IntakeChannel.PHONE.label),
            (IntakeChannel.DESK.value, "At the desk"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how she came"},
    )
    # As one asks on the phone; who stands first is not asked again.
    field_order = (
        *("channel", "full_name"),
        *asked(Group.SENDER, Group.PATIENT, Group.LANGUAGE, Group.QUESTION),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for hidden_from_people in ("website", "article", "revision"):
            del self.fields[hidden_from_people]
        for name, label in _LABELS.items():
            self.fields[name].label = label
        self.fields[
            "consent"
        ].label = (
            f"I read this to her, and she said yes: “{CONSENT_TEXTS[CURRENT_CONSENT_VERSION]}”"
        )
        self.fields["consent"].help_text = ""
