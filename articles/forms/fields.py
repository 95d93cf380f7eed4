"""Fields for what people type and paste: what nobody sees is dropped, not complained about."""

from typing import Any

from django import forms
from django.db import models

from articles.text_cleaning import clean_code, clean_line, clean_text


class CleanTextField(forms.CharField):
    """Words in any number of lines."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_text(str(value or "")))


class CleanLineField(forms.CharField):
    """Words on one line, such as a name: white space is folded."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_line(str(value or "")))


class CleanCodeField(forms.CharField):
    """What a machine reads or compares, such as a reference."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_code(str(value or "")))


class CleanEmailField(CleanCodeField, forms.EmailField):
    """An email address."""


_CLASSES: dict[type[models.Field[Any, Any]], type[forms.CharField]] = {
    models.CharField: CleanTextField,
    models.TextField: CleanTextField,
    models.EmailField: CleanEmailField,
}


def form_class_for(column: models.Field[Any, Any]) -> type[forms.CharField] | None:
    """For the words of a model; None where they are chosen, or have a shape of their own."""
    return None if column.choices else _CLASSES.get(type(column))


def clean_formfield(column: models.Field[Any, Any], **kwargs: Any) -> Any:
    """For `formfield_callback` in the Meta of a ModelForm: its words are cleaned like others."""
    if field_class := form_class_for(column):
        kwargs.setdefault("form_class", field_class)
    return column.formfield(**kwargs)
