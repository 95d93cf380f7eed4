"""Base classes for Django admin forms that save through a verb."""

from copy import copy
from typing import Any

from django import forms

from articles.languages import language_name, translated_languages
from articles.library.translated import stored_words


class VerbForm(forms.ModelForm[Any]):
    """A form for a verb: the verb fills the row itself, and says why it refuses."""

    #: Reasons why the verb refused what was submitted.
    refused: tuple[str, ...] = ()

    # Not named “version”: that is the row's current one.
    opened_version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = getattr(self.instance, "version", 0)
        if self.instance._state.adding:
            self.initial["opened_version"] = 0

    def clean(self) -> dict[str, Any] | None:
        for reason in self.refused:
            self.add_error(None, reason)
        return super().clean()

    def _post_clean(self) -> None:
        """Do nothing: the row stays as it is until the verb changes it."""


class TranslatedForm(VerbForm):
    """Adds fields for a row's text in the other languages of this site, such as “name_es”."""

    #: Fields of the model, in the order of the form.
    translated: tuple[str, ...]

    @classmethod
    def translated_names(cls) -> list[str]:
        return [f"{name}_{code}" for code, _ in translated_languages() for name in cls.translated]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = stored_words(None if self.instance._state.adding else self.instance)
        for code, _ in translated_languages():
            for name in self.translated:
                if name not in self.fields:  # left out for those who may not change it
                    continue
                field = copy(self.fields[name])
                field.label = f"{field.label or name.capitalize()} ({language_name(code)})"
                field.required, field.help_text = False, ""
                self.fields[f"{name}_{code}"] = field
                self.initial[f"{name}_{code}"] = said.get(f"{name}_{code}", "")

    def translations(self) -> dict[str, dict[str, str]]:
        """Return the translations, as the verbs take them."""
        return {
            code: {name: self.cleaned_data.get(f"{name}_{code}", "") for name in self.translated}
            for code, _ in translated_languages()
        }
