"""What editors and reviewers fill in."""

from typing import Any

from django import forms

from articles.models import Article
from articles.publishing import MAX_BODY_LENGTH, Content

_NEXT = (
    "What you typed is still here: open the article in a new tab, compare, and bring your changes "
    "over."
)


class ArticleForm(forms.ModelForm[Article]):
    """A draft with the version it was opened at."""

    opened_version = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ("title", "slug", "summary", "categories", "body", "references")
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "categories": forms.CheckboxSelectMultiple,
            "body": forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = self.instance.version

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > MAX_BODY_LENGTH:
            raise forms.ValidationError(
                f"The text has {len(body):,} characters. {MAX_BODY_LENGTH:,} are the most."
            )
        return body

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # The admin has read the row just now, so its version and state are today's.
        if self.instance.is_published:
            self.add_error(
                None, f"This article was published meanwhile, so nothing was saved. {_NEXT}"
            )
        elif not self.instance._state.adding and (
            self["opened_version"].value() != str(self.instance.version)
        ):
            self.add_error(
                None,
                "Somebody changed this article after you opened it, so nothing was saved. " + _NEXT,
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


class VersionForm(forms.Form):
    """Which version of an article the person at the screen has read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
