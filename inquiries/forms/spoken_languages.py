"""Which languages a colleague speaks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.models import Language


class SpokenLanguagesForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("Well enough to talk about health without an interpreter."),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one language"),
            "invalid_choice": _("Choose from the languages in the list"),
        },
    )
