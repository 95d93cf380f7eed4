"""What a reader tells the editors: which part was unclear, and why."""

from collections.abc import Mapping
from typing import Any

from django import forms

from articles.forms.fields import CleanTextField
from articles.models.reader_comment import LONGEST_COMMENT


class CommentForm(forms.Form):
    use_required_attribute = False

    section = forms.ChoiceField(
        label="Which part?",
        required=False,
        error_messages={"invalid_choice": "Choose a part from the list, or leave it open"},
    )
    text = CleanTextField(
        label="What was unclear, or missing?",
        help_text="Please leave out your name and anything about your health.",
        required=False,
        max_length=LONGEST_COMMENT,
        error_messages={
            "max_length": f"Write {LONGEST_COMMENT} characters or fewer. It has %(show_value)d."
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, sections: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "The whole article"), *sections.items()]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]
        # A browser would cut what is pasted, without a word.
        self.fields["text"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            self.add_error("text", "Choose a part, or write what was unclear")
        return cleaned
