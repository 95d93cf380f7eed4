"""What was typed for a step that has not been taken yet, to be shown on the request page again."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from inquiries.forms import StepForm
from inquiries.models import Inquiry
from inquiries.states import Step
from inquiries.views.private_page.history import HistoryMessage


@dataclass(frozen=True)
class Draft:
    step: Step
    form: StepForm
    #: Why the whole step was refused; empty if it was not, or if only fields are wrong.
    refused: str = ""
    #: The message as the sender will see it.
    preview: HistoryMessage | None = None
    #: The English original of the translated reply that was just inserted.
    english: str = ""
    #: Whether it needs confirmation: nothing is wrong, but nothing was saved yet.
    is_asked: bool = False

    @property
    def status(self) -> int:
        if self.refused:
            return 409
        return 422 if self.form.errors or self.is_asked else 200

    @property
    def has_failed(self) -> bool:
        return bool(self.refused or self.form.errors)

    @property
    def has_text(self) -> bool:
        return "text" in self.form.fields


def refuse_draft(
    inquiry: Inquiry, step: Step, form: StepForm, why: str, preview: HistoryMessage | None = None
) -> Draft:
    """Carry over what was typed to a page with the current state, where it can be sent again."""
    typed: QueryDict = form.data.copy()  # type: ignore[attr-defined] # of a form that was sent
    version = Inquiry.objects.values_list("version", flat=True).get(pk=inquiry.pk)
    typed[form.add_prefix("version")] = str(version)
    rebound: Any = type(form)(typed, prefix=form.prefix)
    return Draft(step, rebound, why, preview)
