"""What every triage form has: the version of the request that its page showed."""

from typing import TYPE_CHECKING, Any

from django import forms

from inquiries.forms.fields import HIGHEST_VERSION
from inquiries.models import Inquiry

if TYPE_CHECKING:
    from portal.models import User


class StepForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=HIGHEST_VERSION, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for this step's verb."""
        return dict(self.cleaned_data)

    def adapt_to(self, inquiry: Inquiry, sending: Inquiry) -> None:
        """Offer choices that suit this request; `sending` is the submission that counts now."""

    def ends_work(self, inquiry: Inquiry, by: "User") -> bool:
        """Return whether this person is done with it after this step. The form must be valid."""
        return False

    def needs_confirmation(self, inquiry: Inquiry) -> bool:
        """Return whether to ask again before this step is taken. The form must be valid."""
        return False
