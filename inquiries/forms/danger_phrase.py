"""A pattern in the clinic's danger list, as leads write it and try it out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.danger import phrases
from inquiries.forms.fields import MESSAGE_LENGTH, LineField, TextField
from inquiries.models import DangerPhrase

#: Buttons that save nothing: one tries the change, the other tries without the pattern.
TRY, TRY_WITHOUT = "_try", "_try_without"


class DangerPhraseForm(forms.ModelForm[DangerPhrase]):
    phrase = LineField(
        label=_("Pattern"),
        max_length=DangerPhrase._meta.get_field("phrase").max_length,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text=_("See “How to write a pattern” above."),
        error_messages={"required": _("Write the words to look for")},
    )
    sentences = TextField(
        label=_("Sentences to try"),
        max_length=MESSAGE_LENGTH,
        optional=True,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=_("One per line. Make them up. They are not saved."),
    )

    class Meta:
        model = DangerPhrase
        fields = ("kind", "language", "phrase")

    @property
    def is_trial(self) -> bool:
        return TRY in self.data or self.is_removal_trial

    @property
    def is_removal_trial(self) -> bool:
        return TRY_WITHOUT in self.data

    def is_valid(self) -> bool:
        """Return False for a trial even if the form has no errors, so that nothing is saved."""
        return super().is_valid() and not self.is_trial

    def clean_phrase(self) -> str:
        phrase: str = self.cleaned_data["phrase"]
        if problem := phrases.pattern_problem(phrase):
            raise forms.ValidationError(problem)
        return phrase

    def changed_row(self) -> tuple[str, str, str]:
        """Return the row as it would be in the list."""
        said: dict[str, Any] = self.cleaned_data
        return said["kind"], said["language"], said["phrase"]
