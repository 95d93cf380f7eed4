"""A request as a coordinator takes it down for somebody on the phone or at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.forms import front_desk_words as words
from inquiries.forms.fields import ChoiceField
from inquiries.forms.inquiry import InquiryForm
from inquiries.intake.consent import CONSENT_TEXTS, CURRENT_CONSENT_VERSION
from inquiries.models import IntakeChannel
from inquiries.submission import Group, asked


class FrontDeskForm(InquiryForm):
    """The public form's own fields and rules in words for the coordinator, and how they came."""

    #: For the template: what may be left open is marked.
    marks_optional = True
    phone_messages = words.PHONE_MESSAGES
    missing_messages = words.MISSING

    channel = ChoiceField(
        label=_("How did they contact us?"),
        choices=[
            (IntakeChannel.PHONE.value, IntakeChannel.PHONE.label),
            (IntakeChannel.DESK.value, IntakeChannel.DESK.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they contacted us")},
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
        for name, field in self.fields.items():
            field.label = words.LABELS.get(name, field.label)
            field.help_text = words.HELP_TEXTS.get(name, "")
            field.error_messages |= words.ERRORS.get(name, {})
        for name, choices in words.CHOICES.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined] # a ChoiceField
        self.fields["consent"].label = words.CONSENT % {
            "text": CONSENT_TEXTS[CURRENT_CONSENT_VERSION]
        }
        self._hint_at_email()
