"""What the form of each step of triage has: the version that its page was read at."""

from typing import Any

from django import forms

from inquiries.models import Inquiry


class StepForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """What the verb of this step takes."""
        return dict(self.cleaned_data)

    def adapt_to(self, inquiry: Inquiry, sending: Inquiry) -> None:
        """Offer what suits this request; `sending` is what counts of what was sent."""

    def needs_confirmation(self, inquiry: Inquiry) -> bool:
        """Whether to ask once more before this step is taken. Of a form that is valid."""
        return False
