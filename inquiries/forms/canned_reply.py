"""A canned reply, as leads write it."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from articles.forms.fields import clean_formfield
from inquiries.forms.fields import MESSAGE_LENGTH, TextField
from inquiries.forms.translation import LABELS, TranslationForm
from inquiries.models import CannedReply
from inquiries.triage import canned_replies


def _list_placeholders() -> str:
    return "; ".join(f"{{{name}}}: {what}" for name, what in canned_replies.PLACEHOLDERS.items())


class CannedReplyForm(TranslationForm[CannedReply]):
    text = TextField(
        label=_("Text"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text=format_lazy(
            _("In any language, you can use: {list}."), list=_list_placeholders()
        ),
    )

    class Meta:
        model = CannedReply
        formfield_callback = clean_formfield
        fields = ("title", "language", "translation_of", "text")
        labels = LABELS

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if mistake := canned_replies.reply_problem(text):
            raise forms.ValidationError(mistake)
        return text
