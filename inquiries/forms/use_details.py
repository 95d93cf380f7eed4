"""Whose details to go by, if a duplicate says something else: the form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries import submission_history
from inquiries.forms.step_form import StepForm
from inquiries.models import Inquiry
from inquiries.triage import duplicate_details


class UseDetailsForm(StepForm):
    of = forms.ChoiceField(
        label=_("Which details do we go by?"),
        help_text=_(
            "For when, on which number, and in which language we call. Emails and private links "
            "still go to the address of this request. You can choose again at any time."
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose which details we go by"),
            "invalid_choice": _("Choose one from the list"),
        },
    )

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        field: Any = self.fields["of"]
        # What is sent is checked by the verb, against what is linked then.
        field.valid_value = lambda value: True

    def take(self, choices: Any) -> None:
        field: Any = self.fields["of"]
        field.choices = choices

    @classmethod
    def may_be_kept(cls, choices: Any) -> bool:
        return False


def choices_of_details(inquiry: Inquiry) -> tuple[tuple[str, str], ...]:
    """Return what each request says about how to reach them, if they differ."""
    offered = duplicate_details.offered_details(inquiry)
    counting = submission_history.current_submission(inquiry)
    if all(said == counting for _name, said in offered):
        return ()
    return tuple((name, _describe(name, said)) for name, said in offered)


def _describe(reference: str, said: Any) -> str:
    sending = Inquiry(**said.inquiry_fields())
    parts = [
        sending.get_contact_method_display(),
        sending.phone,
        sending.email,
        *sending.best_times,
        sending.get_language_display(),
        sending.interpreter_language,
        sending.never_contact,
    ]
    return f"{reference}: {', '.join(str(each) for each in parts if each)}"
