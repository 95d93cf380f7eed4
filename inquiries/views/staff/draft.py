"""What was typed for a step that is not taken yet, to be shown on the request page again."""

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
    #: Why the whole step was refused; empty where it was not, or only fields are wrong.
    refused: str = ""
    #: The message as the sender will read it.
    preview: HistoryMessage | None = None
    #: What was just filled in, in English, where it is the translation of that.
    english: str = ""
    #: Whether it waits for another press: nothing is wrong with it, and nothing was saved.
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
    """On a page that now shows how things stand, what was typed may be sent again."""
    typed: QueryDict = form.data.copy()  # type: ignore[attr-defined] # of a form that was sent
    version = Inquiry.objects.values_list("version", flat=True).get(pk=inquiry.pk)
    typed[form.add_prefix("version")] = str(version)
    rebound: Any = type(form)(typed, prefix=form.prefix)
    return Draft(step, rebound, why, preview)
