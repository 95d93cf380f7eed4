"""What editors fill in."""

from typing import Any

from django import forms

from articles.models import Article
from articles.publishing import Content


class ArticleForm(forms.ModelForm[Article]):
    """A draft with the version it was read at."""

    opened_version = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ("title", "slug", "summary", "categories", "body", "references")
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # The admin has read the row just now, so its version is today's.
        if not self.instance._state.adding and (
            self["opened_version"].value() != str(self.instance.version)
        ):
            self.add_error(
                None,
                "Somebody changed this article after you opened it, so nothing was saved. What "
                "you typed is still here: open the article in a new tab, compare, and bring your "
                "changes over.",
            )
        return cleaned

    def content(self) -> Content:
        """What was filled in, as the publishing verbs take it."""
        return Content(
            **{
                name: self.cleaned_data[name]
                for name in ("title", "slug", "summary", "body", "references")
            }
        )
