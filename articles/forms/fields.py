"""Fields for text that people type and paste: invisible characters are dropped without an error."""

from typing import Any

from django import forms
from django.db import models

from articles.text_cleaning import clean_code, clean_line, clean_text


class CleanTextField(forms.CharField):
    """Text of any number of lines."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_text(str(value or "")))


class CleanLineField(forms.CharField):
    """Text on one line, such as a name: white space is folded."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_line(str(value or "")))


class CleanCodeField(forms.CharField):
    """A code that a machine reads or compares, such as a reference."""

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
    """Return the field for a text column; None if it has choices or a format of its own."""
    return None if column.choices else _CLASSES.get(type(column))


def clean_formfield(column: models.Field[Any, Any], **kwargs: Any) -> Any:
    """Clean the text of a ModelForm, as the `formfield_callback` of its Meta."""
    if field_class := form_class_for(column):
        kwargs.setdefault("form_class", field_class)
    return column.formfield(**kwargs)
