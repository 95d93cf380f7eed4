"""The crisis scripts, as leads write them."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.forms.fields import clean_formfield
from inquiries.contact import crisis_scripts
from inquiries.forms.translation import LABELS, TranslationForm
from inquiries.models import CrisisScript


class CrisisScriptForm(TranslationForm[CrisisScript]):
    class Meta:
        model = CrisisScript
        formfield_callback = clean_formfield
        fields = ("title", "language", "translation_of", "steps", "position")
        labels = LABELS
        help_texts = {
            "steps": gettext_lazy(
                "One step per line, in order. {emergency} and {crisis_line} stand for the "
                "clinic’s numbers. A translation has the same lines as its original."
            )
        }

    def clean_steps(self) -> str:
        steps: str = self.cleaned_data["steps"]
        if unknown := crisis_scripts.unknown_placeholders(steps):
            raise forms.ValidationError(
                _(
                    "Unknown in braces: %(unknown)s. You can use %(emergency)s and "
                    "%(crisis_line)s, and nothing else."
                ),
                params={
                    "unknown": ", ".join(unknown),
                    "emergency": crisis_scripts.EMERGENCY,
                    "crisis_line": crisis_scripts.CRISIS_LINE,
                },
            )
        return steps
