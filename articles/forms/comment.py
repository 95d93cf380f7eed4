"""What a reader tells the editors: which part was unclear, and why."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.forms.fields import CleanTextField
from articles.models.comment import LONGEST_READER_COMMENT


class _Headings(forms.Select):
    """Options in the language of an article; the empty one is in the language of the page."""

    lang = ""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if self.lang and value:
            option["attrs"]["lang"] = self.lang
        return option


class CommentForm(forms.Form):
    use_required_attribute = False

    section = forms.ChoiceField(
        widget=_Headings,
        label=_("Which part?"),
        required=False,
        error_messages={"invalid_choice": _("Choose a part from the list, or leave this blank")},
    )
    text = CleanTextField(
        label=_("What was unclear or missing?"),
        help_text=_("Please don’t include your name or anything about your health."),
        required=False,
        max_length=LONGEST_READER_COMMENT,
        error_messages={
            "max_length": _("Use %(limit_value)d characters or fewer. You used %(show_value)d.")
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, sections: Mapping[str, str], lang: str = "", **kwargs: Any
    ) -> None:
        """Take the sections, and in `lang` their language if the page is in another one."""
        super().__init__(*args, **kwargs)
        self.fields["section"].widget.lang = lang
        choices = [("", gettext("The whole article")), *sections.items()]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]
        # With a maxlength, a browser would silently cut off what is pasted.
        self.fields["text"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            self.add_error("text", gettext("Choose a part, or tell us what was unclear"))
        return cleaned
