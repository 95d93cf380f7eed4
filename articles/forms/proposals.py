"""How a second person decides on what somebody proposed."""

from django import forms

from articles.forms.fields import CleanTextField


class DecisionForm(forms.Form):
    """Sent by one of two buttons."""

    answer = CleanTextField(
        label="Why it is declined",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For who proposed it. Not needed to approve it.",
    )
