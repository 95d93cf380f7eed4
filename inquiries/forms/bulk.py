"""One step for several rows of the queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.forms.fields import set_choices
from inquiries.forms.picked_rows import PickedRowsForm
from inquiries.states import Step
from inquiries.team import availability, language_words
from inquiries.triage.pagination import PAGE_SIZE


class BulkForm(PickedRowsForm):
    most = PAGE_SIZE

    step = forms.ChoiceField(
        choices=[
            (step.value, step.label)
            for step in (Step.CLAIM, Step.REASSIGN, Step.CLEAR, Step.DISCARD)
        ],
        error_messages={
            "required": _("Press one of the buttons"),
            "invalid_choice": _("Press one of the buttons"),
        },
    )
    to = forms.ChoiceField(
        label=_("Colleague"),
        required=False,
        error_messages={"invalid_choice": _("Choose a colleague who is available")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            availability.here.refresh()
        self.colleagues = {str(user.pk): user for user in availability.here.get()}
        names = [
            (key, language_words.name_with_languages(user)) for key, user in self.colleagues.items()
        ]
        self.choices = [("", _("Choose")), *names]
        set_choices(self, "to", self.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        needs_colleague = cleaned.get("step") == Step.REASSIGN and not cleaned.get("to")
        if needs_colleague and "to" not in self.errors:
            self.add_error("to", _("Choose a colleague first"))
        return super().clean()

    @property
    def chosen_step(self) -> Step:
        return Step(self.cleaned_data["step"])

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for the verb, besides the request and its version."""
        return (
            {"to": self.colleagues[self.cleaned_data["to"]]}
            if self.chosen_step == Step.REASSIGN
            else {}
        )
