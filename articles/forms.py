"""What editors fill in."""

from typing import Any

from django import forms

from articles.models import Article
from articles.publishing import Content


class ArticleForm(forms.ModelForm[Article]):
    """A draft with the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ("title", "slug", "summary", "categories", "body", "references")
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields["version"].initial = 0
        else:
            self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance._state.adding and self["version"].value() != str(
            Article.objects.values_list("version", flat=True).get(pk=self.instance.pk)
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
