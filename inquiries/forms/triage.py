"""The steps of triage as forms. Each carries the version that its page was read at."""

from typing import Any

from django import forms

from inquiries.forms.fields import MESSAGE_LENGTH, Words
from inquiries.models import ContactMethod
from inquiries.states import ErasureReason, Outcome, Reached, Step


class StepForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """What the verb of this step takes."""
        return dict(self.cleaned_data)


class NoteForm(StepForm):
    text = forms.CharField(
        label="Note for colleagues",
        help_text="The patient never sees it.",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the note first"},
    )


class AttemptForm(StepForm):
    method = forms.ChoiceField(
        label="How did you try?",
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you tried"},
    )
    reached = forms.ChoiceField(
        label="How did it end?",
        choices=Reached.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ended"},
    )


class ReplyForm(StepForm):
    text = Words(
        label="Message to the sender",
        help_text="She reads it on her private page. It may hold what she asked about.",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write the message first"},
    )


class CloseForm(StepForm):
    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ended"},
    )


class EraseForm(StepForm):
    reason = forms.ChoiceField(
        label="Why?",
        error_messages={"required": "Choose why"},
        choices=[
            (reason.value, reason.label)
            for reason in ErasureReason
            if reason in {ErasureReason.ASKED, ErasureReason.MISTAKE}
        ],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label="Erase it for good. Nobody can bring it back.",
        error_messages={"required": "Tick the box if you mean it"},
    )

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


FORMS: dict[Step, type[StepForm]] = {
    Step.CLEAR: StepForm,
    Step.DISCARD: StepForm,
    Step.CLAIM: StepForm,
    Step.RELEASE: StepForm,
    Step.ATTEMPT: AttemptForm,
    Step.REPLY: ReplyForm,
    Step.LINK: StepForm,
    Step.NOTE: NoteForm,
    Step.CLOSE: CloseForm,
    Step.REOPEN: StepForm,
    Step.ERASE: EraseForm,
}
