"""A pattern of the clinic's danger list, as leads write it and try it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.danger import phrases
from inquiries.forms.fields import MESSAGE_LENGTH, LineField, TextField
from inquiries.models import DangerPhrase

#: Buttons that save nothing: with the change, and with the pattern taken out.
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
        """Nothing is saved by a trial, even where there is no fault in the form."""
        return super().is_valid() and not self.is_trial

    def clean_phrase(self) -> str:
        phrase: str = self.cleaned_data["phrase"]
        if problem := phrases.pattern_problem(phrase):
            raise forms.ValidationError(problem)
        return phrase

    def changed_row(self) -> tuple[str, str, str]:
        """As the list would say it."""
        said: dict[str, Any] = self.cleaned_data
        return said["kind"], said["language"], said["phrase"]
