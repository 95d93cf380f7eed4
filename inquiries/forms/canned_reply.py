"""A canned reply, as leads write it."""

from django import forms

from articles.forms.fields import clean_formfield
from inquiries.forms.fields import MESSAGE_LENGTH, TextField
from inquiries.models import CannedReply
from inquiries.triage import canned_replies


class CannedReplyForm(forms.ModelForm[CannedReply]):
    text = TextField(
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text="In the place of "
        + ", ".join(
            f"{{{name}}} comes {what}" for name, what in canned_replies.PLACEHOLDERS.items()
        )
        + ".",
    )

    class Meta:
        model = CannedReply
        formfield_callback = clean_formfield
        fields = ("title", "language", "text")

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if mistake := canned_replies.reply_problem(text):
            raise forms.ValidationError(mistake)
        return text
