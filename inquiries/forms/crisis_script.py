"""The crisis scripts, as leads write them."""

from django import forms

from articles.forms.fields import clean_formfield
from inquiries.contact import crisis_scripts
from inquiries.models import CrisisScript


class CrisisScriptForm(forms.ModelForm[CrisisScript]):
    class Meta:
        model = CrisisScript
        formfield_callback = clean_formfield
        fields = ("title", "steps", "position")
        help_texts = {
            "steps": (
                "One step a line, in the order to take them. {emergency} and {crisis_line} stand "
                "for the clinic’s numbers."
            )
        }

    def clean_steps(self) -> str:
        steps: str = self.cleaned_data["steps"]
        if unknown := crisis_scripts.unknown_placeholders(steps):
            known = " or ".join(crisis_scripts.PLACEHOLDERS)
            raise forms.ValidationError(
                f"Nothing is filled in for {', '.join(unknown)}. "
                f"In braces there may be {known}, and nothing else."
            )
        return steps
