"""What every triage form has: the version of the request that its page showed."""

from collections.abc import Hashable
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

    @classmethod
    def choices_for(cls, inquiry: Inquiry, sending: Inquiry) -> Hashable:
        """Return what its fields depend on, as plain values: equal for equal forms.

        `sending` is the submission that counts now.
        """
        return None

    def take(self, choices: Any) -> None:
        """Offer what `choices_for` returned."""

    @classmethod
    def may_be_kept(cls, choices: Any) -> bool:
        """Whether a process may keep the form: not if `choices` hold words about a patient."""
        return True

    def ends_work(self, inquiry: Inquiry, by: "User") -> bool:
        """Return whether this person is done with it after this step. The form must be valid."""
        return False

    def needs_confirmation(self, inquiry: Inquiry) -> bool:
        """Return whether to ask again before this step is taken. The form must be valid."""
        return False
