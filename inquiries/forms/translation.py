"""What the forms for prepared texts share: which original a text translates."""

from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import CannedReply, CrisisScript

Row = TypeVar("Row", CannedReply, CrisisScript)

LABELS = {"translation_of": gettext_lazy("Translation of")}


class TranslationForm(forms.ModelForm[Row]):
    """Only originals can be translated: nothing is a translation of a translation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = type(self.instance)._default_manager
        originals = rows.filter(translation_of__isnull=True).exclude(pk=self.instance.pk)
        if "translation_of" in self.fields:  # not where it can only be read
            self.fields["translation_of"].queryset = originals  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        original = cleaned.get("translation_of")
        if original is None:
            return cleaned
        if original.language == cleaned.get("language"):
            self.add_error("translation_of", _("This is in the same language"))
        elif self.instance.pk and self.instance.translations.exists():
            self.add_error(
                "translation_of", _("This text has translations itself, so it stays an original")
            )
        return cleaned
