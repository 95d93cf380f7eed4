"""Comments on a passage of an article: by a colleague, and by an expert with a preview link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.forms.fields import CleanLineField, CleanTextField
from articles.models.comment import LONGEST_COMMENT, LONGEST_NAME, LONGEST_QUOTE

_LOST = _("Choose a passage of this page")


class _WrittenForm(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            # With a maxlength, a browser would silently cut off what is pasted.
            field.widget.attrs.pop("maxlength", None)


class PassageCommentForm(_WrittenForm):
    # The key of a passage, and the number of the revision that was read.
    place = forms.CharField(
        max_length=40, widget=forms.HiddenInput, error_messages={"required": _LOST}
    )
    revision = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages={"required": _LOST, "invalid": _LOST},
    )
    text = CleanTextField(
        label=_("Your comment"),
        max_length=LONGEST_COMMENT,
        help_text=_("Don’t write anything about a patient."),
        error_messages={"required": _("Write your comment")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    quote = CleanLineField(
        label=_("The words it’s about"),
        required=False,
        max_length=LONGEST_QUOTE,
        help_text=_("Copy them from the passage. If you leave this blank, it’s about all of it."),
    )


class ExpertCommentForm(PassageCommentForm):
    name = CleanLineField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        help_text=_("The editors and reviewers of this article see it with your comment."),
        error_messages={"required": _("Give your name")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ("place", "revision", "name", "text", "quote")


class AnswerForm(_WrittenForm):
    text = CleanTextField(
        label=_("Your answer"),
        max_length=LONGEST_COMMENT,
        error_messages={"required": _("Write your answer")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
