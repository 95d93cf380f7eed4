"""What the sender fills in on the private page of her request."""

from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Submit
from django import forms
from django.urls import reverse

from inquiries.forms.contact_details import ContactDetailsForm
from inquiries.forms.fields import MESSAGE_LENGTH, ChoiceField, CodeField, EmailField, TextField
from inquiries.submission import Group, Submission, asked

_HOW_TO_REACH = asked(Group.CONTACT, Group.SHARED)
_WHAT_SUITS = tuple(
    name
    for name in asked(*Group)
    if name in ContactDetailsForm.base_fields and name not in _HOW_TO_REACH
)


class PrivatePageForm(forms.Form):
    """Posts to a route of its own; `button` sends it."""

    # Or a screen reader calls a field invalid before anything was typed into it.
    use_required_attribute = False
    route = ""
    button = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A browser would cut what she pastes, without a word.
            field.widget.attrs.pop("maxlength", None)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_action = reverse(self.route)
        helper.attrs = {"novalidate": True}
        helper.disable_csrf = False
        # Of which request the page is: in another tab another may be open.
        of = HTML('<input type="hidden" name="of" value="{{ page_token }}">')
        helper.layout = Layout(*self.layout_fields(), of, Submit("send", self.button))
        return helper

    def layout_fields(self) -> list[Any]:
        return [*self.fields]


class ProofForm(PrivatePageForm):
    route = "inquiries:private_prove"
    button = "Open my page"

    detail = CodeField(
        label="Last four digits of your phone number",
        help_text=(
            "Of the number that you gave us last. "
            "This keeps your page from others who have the link."
        ),
        error_messages={"required": "Enter the last four digits of your phone number"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    # A message that she wrote when the page had closed: it goes with her through the door.
    text = TextField(
        label="Your message. It is not sent yet",
        help_text="We keep it here, and bring it along when your page opens.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, asks_for_digits: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_digits:
            detail = self.fields["detail"]
            detail.label = "Your page code"
            detail.help_text = (
                "The six digits that we showed you when you sent your request, and on your page. "
                "They keep your page from others who have the link."
            )
            detail.error_messages["required"] = "Enter the six digits of your page code"
        if not self["text"].value():
            del self.fields["text"]


class LostLinkForm(PrivatePageForm):
    route = "inquiries:private_lost"
    button = "Send me a new link"

    reference = CodeField(
        label="Your reference",
        help_text="We showed it when you sent your request. It looks like K7QM-3XRT-9WL4.",
        max_length=40,
        error_messages={"required": "Enter your reference"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = EmailField(
        label="Your email address",
        help_text="The one that you gave us last.",
        max_length=254,
        error_messages={"required": "Enter your email address"},
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )


class MessageForm(PrivatePageForm):
    route = "inquiries:private_write"
    button = "Send my message"

    text = TextField(
        label="Write to us",
        help_text="Your Care Coordinator reads it.",
        max_length=MESSAGE_LENGTH,
        error_messages={
            "required": "Write your message first",
            "max_length": (
                f"Your message must be {MESSAGE_LENGTH:,} characters or fewer. "
                "It has %(show_value)d."
            ),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ChangeContactForm(PrivatePageForm, ContactDetailsForm):
    """How to reach her. It opens as she said it last."""

    route = "inquiries:private_reach"
    button = "Save"

    field_order = (*_HOW_TO_REACH, *_WHAT_SUITS)

    def __init__(self, *args: Any, before: Submission, **kwargs: Any) -> None:
        self.before = before
        said = {name: getattr(before, name) for name in self.base_fields}
        super().__init__(*args, initial=said, **kwargs)

    def layout_fields(self) -> list[Any]:
        return [
            Fieldset("How to reach you", *_HOW_TO_REACH),
            Fieldset("What suits you", *_WHAT_SUITS),
        ]

    def submission(self) -> Submission:
        """What was sent before, with this in it. For a valid form."""
        said = self.answers()
        is_checked = self.before.email_checked and said["email"] == self.before.email
        return replace(self.before, **said, email_checked=is_checked)


class ConfirmAddressForm(PrivatePageForm):
    """Nothing to fill in: that the address is right."""

    route = "inquiries:private_address"
    button = "It is right"


class AnsweredForm(PrivatePageForm):
    route = "inquiries:private_answered"

    answered = ChoiceField(
        choices=[("yes", "Yes, you answered me"), ("no", "No, not yet")],
        error_messages={"required": "Press yes or no"},
    )


class WithdrawForm(PrivatePageForm):
    route = "inquiries:private_withdraw"
    button = "Withdraw my request"


class EraseForm(PrivatePageForm):
    route = "inquiries:private_erase"
    button = "Erase everything"

    sure = forms.BooleanField(
        label="Yes, erase all that I told you. I know that nobody can bring it back.",
        error_messages={"required": "Tick the box if you mean it"},
    )


class MakeLinkForm(PrivatePageForm):
    route = "inquiries:private_link_new"
    button = "Make a new link"


class RevokeLinksForm(PrivatePageForm):
    route = "inquiries:private_revoke"
    button = "Take back all links"
