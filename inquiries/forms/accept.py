"""Which of several submissions is right: the form for what the patient tells a colleague."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inquiries import submission_history
from inquiries.forms.fields import HIGHEST_VERSION
from inquiries.forms.step_form import StepForm
from inquiries.models import Event
from inquiries.states import IdentityCheck


class AcceptForm(StepForm):
    """What the patient says about several submissions, or an address that looks mistyped."""

    number = forms.IntegerField(
        label=_("Which details are right?"),
        help_text=_("As the patient told you. We’ll contact them this way from now on."),
        min_value=1,
        max_value=HIGHEST_VERSION,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose which details are right"),
            **dict.fromkeys(("invalid", "min_value", "max_value"), _("Choose one from the list")),
        },
    )
    identity = forms.ChoiceField(
        label=_("How did you confirm their identity?"),
        choices=IdentityCheck.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you confirmed it")},
    )

    def take(self, choices: Any) -> None:
        widget: Any = self.fields["number"].widget
        widget.choices = choices

    @classmethod
    def may_be_kept(cls, choices: Any) -> bool:
        return False


def choices_among(sent: Sequence[Event], *, is_doubted: bool) -> tuple[tuple[int, str], ...]:
    """Return all of `sent`, if there is something to choose or confirm."""
    if not is_doubted and not any(each.kind == Event.Kind.UNPROVEN for each in sent):
        return ()
    return tuple((each.number, _describe_sending(each)) for each in sent)


def _describe_sending(event: Event) -> str:
    """Describe how this event's submission says to reach the patient, and when it was sent."""
    sending = submission_history.sending_of_event(event)
    said = {
        "when": date_format(timezone.localtime(event.at), "DATETIME_FORMAT"),
        "name": sending.full_name,
        "ways": ", ".join(each for each in (sending.phone, sending.email) if each),
        "method": sending.get_contact_method_display(),
    }
    if event.kind == Event.Kind.UNPROVEN:
        return (
            gettext("%(when)s (sender not confirmed): %(name)s, %(ways)s. Preferred: %(method)s")
            % said
        )
    return gettext("%(when)s: %(name)s, %(ways)s. Preferred: %(method)s") % said
