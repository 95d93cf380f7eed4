"""Which of several sendings counts: the form for what the patient says of it to a colleague."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from inquiries import submission_history
from inquiries.forms.step_form import StepForm
from inquiries.models import Event
from inquiries.states import IdentityCheck


class AcceptForm(StepForm):
    """What the patient says of several sendings, or of an address that looks mistyped."""

    number = forms.IntegerField(
        label="What counts?",
        help_text="As the patient told you. From now on we reach them this way.",
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what counts",
            **dict.fromkeys(("invalid", "min_value", "max_value"), "Choose one of what was sent"),
        },
    )
    identity = forms.ChoiceField(
        label="How did you make sure who it was?",
        choices=IdentityCheck.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you made sure"},
    )

    def set_choices(self, sent: Sequence[Event], *, is_doubted: bool) -> None:
        """All of `sent`, where there is something to choose or to make sure of."""
        is_to_choose = is_doubted or any(each.kind == Event.Kind.UNPROVEN for each in sent)
        widget: Any = self.fields["number"].widget
        widget.choices = [(each.number, _describe_sending(each)) for each in sent if is_to_choose]

    @property
    def has_choices(self) -> bool:
        widget: Any = self.fields["number"].widget
        return bool(widget.choices)


def _describe_sending(event: Event) -> str:
    """How what was sent with this event says to reach the patient, and when it was sent."""
    sending = submission_history.sending_of_event(event)
    ways = " and ".join(each for each in (sending.phone, sending.email) if each)
    by = str(sending.get_contact_method_display()).lower()
    when = f"{timezone.localtime(event.at):%-d %B, %H:%M}"
    proof = ", by whom is not proven" if event.kind == Event.Kind.UNPROVEN else ""
    return f"{when}{proof}: {sending.full_name}, {ways}, to be reached by {by}"
