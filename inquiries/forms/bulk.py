"""One step for several rows of the queue."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.team import availability, language_words
from inquiries.triage.pagination import PAGE_SIZE

# The largest value a version column holds.
_HIGHEST = 2**31 - 1


class BulkForm(forms.Form):
    """Each row comes as `key:version`, with at most as many rows as a page shows."""

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

    data: QueryDict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(user.pk): user for user in availability.available_coordinators()}
        names = [
            (key, language_words.name_with_languages(user)) for key, user in self.colleagues.items()
        ]
        self.choices = [("", _("Choose")), *names]
        self.fields["to"].choices = self.choices  # type: ignore[attr-defined]
        self._versions: dict[UUID, int] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("step") == Step.REASSIGN
            and not cleaned.get("to")
            and "to" not in self.errors
        ):
            self.add_error("to", _("Choose a colleague first"))
        try:
            for each in self.data.getlist("picked")[:PAGE_SIZE]:
                key, _colon, version = each.partition(":")
                self._versions[UUID(key)] = min(int(version), _HIGHEST)
        except ValueError:
            self.add_error(None, _("The page did not load completely. Please try again"))
        if not self._versions and not self.errors:
            self.add_error(None, _("Select requests first"))
        return cleaned

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

    def selected(self) -> list[tuple[Inquiry, int]]:
        """Return the selected requests, each with the version that the page showed."""
        found = Inquiry.objects.filter(pk__in=self._versions).order_by("due_at", "id")
        return [(inquiry, self._versions[inquiry.pk]) for inquiry in found]
