"""How a second person decides on what somebody proposed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.forms.fields import CleanTextField


class DecisionForm(forms.Form):
    """A decision, submitted by one of two buttons."""

    answer = CleanTextField(
        label=_("Reason for declining"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person who proposed it sees this. Leave it blank if you approve."),
    )
