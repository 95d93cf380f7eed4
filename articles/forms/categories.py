"""A category, as a reviewer proposes it."""

from typing import Any

from django import forms

from articles.forms.base import TranslatedForm
from articles.forms.fields import clean_formfield
from articles.models import Article, Category


class CategoryForm(TranslatedForm):
    """The name of a category, the last part of its address, and its sentence for readers."""

    translated = ("name", "description")
    # A category has no version: its proposal records the values it would replace.
    opened_version = None  # type: ignore[assignment]

    class Meta:
        model = Category
        formfield_callback = clean_formfield
        fields = ("name", "slug", "description", "position", "picture", "start_with")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("start_with"):  # left out for those who may not change it
            field.queryset = Article.objects.to_start_with(  # type: ignore[attr-defined]
                None if self.instance._state.adding else self.instance
            )

    def shown(self) -> dict[str, Any]:
        """Return how readers are to see it, as the verb takes it."""
        first = self.cleaned_data.get("start_with")
        return {
            "position": self.cleaned_data.get("position"),
            "picture": self.cleaned_data.get("picture"),
            "start_with_id": first.pk if first else None,
        }
