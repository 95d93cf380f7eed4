"""A category, as a reviewer proposes it."""

from django import forms

from articles.forms.base import TranslatedForm
from articles.forms.fields import clean_formfield
from articles.models import Category


class CategoryForm(TranslatedForm):
    """The name of a category, the last part of its address, and its sentence for readers."""

    translated = ("name", "description")
    # A category has no version: its proposal records the values it would replace.
    opened_version = None  # type: ignore[assignment]

    class Meta:
        model = Category
        formfield_callback = clean_formfield
        fields = ("name", "slug", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
