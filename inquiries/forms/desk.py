"""A request as a coordinator enters it for somebody on the phone or at the desk."""

from typing import Any

from django import forms

from inquiries.consent import CONSENT_TEXTS, CURRENT
from inquiries.forms.ask import AskForm
from inquiries.forms.fields import Choice
from inquiries.models import Channel


class DeskForm(AskForm):
    """The public form's own fields and rules, and how she came."""

    channel = Choice(
        label="How did she come?",
        choices=[(Channel.PHONE.value, Channel.PHONE.label), (Channel.DESK.value, "At the desk")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how she came"},
    )
    # As one asks on the phone.
    field_order = (
        *("channel", "full_name", "relation", "patient_name", "authority"),
        *("message", "topic", "contact_method"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for hidden_from_people in ("website", "article"):
            del self.fields[hidden_from_people]
        self.fields[
            "consent"
        ].label = f"I read this to her, and she said yes: “{CONSENT_TEXTS[CURRENT]}”"
        self.fields["consent"].help_text = ""
