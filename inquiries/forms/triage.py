"""The steps of triage as forms. Each carries the version that its page was read at."""

from typing import Any

from django import forms

from inquiries.states import ErasureReason, Outcome, Step

_NOTE_LENGTH = 5000


class StepForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """What the verb of this step takes."""
        return dict(self.cleaned_data)


class NoteForm(StepForm):
    text = forms.CharField(
        label="Note for colleagues",
        help_text="The patient never sees it.",
        max_length=_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the note first"},
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
            if reason is not ErasureReason.RETENTION
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
    Step.CLAIM: StepForm,
    Step.RELEASE: StepForm,
    Step.NOTE: NoteForm,
    Step.CLOSE: CloseForm,
    Step.REOPEN: StepForm,
    Step.ERASE: EraseForm,
}
