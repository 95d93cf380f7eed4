"""Which languages a colleague speaks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Category
from inquiries.models import Language


class TopicsField(forms.ModelMultipleChoiceField[Category]):
    def clean(self, value: Any) -> Any:
        """Treat a malformed key like a topic that does not exist."""
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"]) from error


class SpokenLanguagesForm(forms.Form):
    """What a colleague speaks and knows: requests are proposed to them by it."""

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
    topics = TopicsField(
        queryset=Category.objects.order_by("name"),
        label=_("Topics"),
        help_text=_("What they know well enough to explain without asking around."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the topics in the list")},
    )
