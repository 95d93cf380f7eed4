"""What senders fill in on the private page of their request."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inquiries.forms.contact_details import ContactDetailsForm
from inquiries.forms.fields import MESSAGE_LENGTH, ChoiceField, CodeField, EmailField, TextField
from inquiries.models import Helped
from inquiries.submission import Group, Submission, asked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_HOW_TO_REACH = asked(Group.CONTACT, Group.SHARED)
_WHAT_SUITS = tuple(
    name
    for name in asked(*Group)
    if name in ContactDetailsForm.base_fields and name not in _HOW_TO_REACH
)


class PrivatePageForm(forms.Form):
    """Posts to its own route; `button` submits it."""

    # Otherwise a screen reader calls a field invalid before anything is typed into it.
    use_required_attribute = False
    route = ""
    button: "StrOrPromise" = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Otherwise a browser silently cuts off pasted text.
            field.widget.attrs.pop("maxlength", None)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_action = reverse(self.route)
        helper.attrs = {"novalidate": True}
        helper.disable_csrf = False
        # Which request the page is for: another tab may have a different one open.
        of = HTML('<input type="hidden" name="of" value="{{ page_token }}">')
        helper.layout = Layout(*self.layout_fields(), of, Submit("send", self.button))
        return helper

    def layout_fields(self) -> list[Any]:
        return [*self.fields]


class ProofForm(PrivatePageForm):
    route = "inquiries:private_prove"
    button = _("Open my page")

    detail = CodeField(
        label=_("Last four digits of your phone number"),
        help_text=_(
            "Use the last phone number you gave us. We ask so that no one else who has the "
            "link can open your page."
        ),
        error_messages={"required": _("Enter the last four digits of your phone number")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    # A message written after the page had closed: it is kept while they open it again.
    text = TextField(
        label=_("Your message (not sent yet)"),
        help_text=_("It will still be here when your page opens."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, asks_for_digits: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_digits:
            detail = self.fields["detail"]
            detail.label = _("Your page code")
            detail.help_text = _(
                "We showed you these six digits when you sent your request. They are also "
                "on your page. We ask so that no one else who has the link can open your "
                "page."
            )
            detail.error_messages["required"] = _("Enter the six digits of your page code")
        if not self["text"].value():
            del self.fields["text"]


class LostLinkForm(PrivatePageForm):
    route = "inquiries:private_lost"
    button = _("Send me a new link")

    reference = CodeField(
        label=_("Your reference number"),
        help_text=_(
            "We showed it to you when you sent your request. It looks like K7QM-3XRT-9WL4."
        ),
        max_length=40,
        error_messages={"required": _("Enter your reference number")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = EmailField(
        label=_("Your email address"),
        help_text=_("Use the last one you gave us."),
        max_length=254,
        error_messages={"required": _("Enter your email address")},
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )


class MessageForm(PrivatePageForm):
    route = "inquiries:private_write"
    button = _("Send my message")

    text = TextField(
        label=_("Write to us"),
        help_text=_("A Care Coordinator will read it."),
        max_length=MESSAGE_LENGTH,
        error_messages={
            "required": _("Enter your message"),
            "max_length": _(
                "Your message must be %(limit_value)d characters or fewer. You used %(show_value)d."
            ),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ChangeContactForm(PrivatePageForm, ContactDetailsForm):
    """How to reach the sender. It starts with what they said last."""

    route = "inquiries:private_reach"
    button = _("Save")

    field_order = (*_HOW_TO_REACH, *_WHAT_SUITS)

    def __init__(self, *args: Any, before: Submission, **kwargs: Any) -> None:
        self.before = before
        said = {name: getattr(before, name) for name in self.base_fields}
        super().__init__(*args, initial=said, **kwargs)

    def layout_fields(self) -> list[Any]:
        return [
            Fieldset(_("How to reach you"), *_HOW_TO_REACH),
            Fieldset(_("What works for you"), *_WHAT_SUITS),
        ]

    def submission(self) -> Submission:
        """Return what was sent before, with these changes. The form must be valid."""
        said = self.answers()
        is_checked = self.before.email_checked and said["email"] == self.before.email
        return replace(self.before, **said, email_checked=is_checked)


class ConfirmAddressForm(PrivatePageForm):
    """No fields: sending it confirms that the address is right."""

    route = "inquiries:private_address"
    button = _("Yes, it’s right")


class AnsweredForm(PrivatePageForm):
    route = "inquiries:private_answered"

    answered = ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No, not yet"))],
        error_messages={"required": _("Choose yes or no")},
    )


class HelpedForm(PrivatePageForm):
    route = "inquiries:private_helped"

    helped = ChoiceField(
        choices=Helped.choices,
        error_messages={"required": _("Choose yes, partly, or no")},
    )
    comment = TextField(
        label=_("Anything you want to add (optional)"),
        help_text=_("Our team can read it on your request. It’s erased along with your request."),
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(PrivatePageForm):
    route = "inquiries:private_withdraw"
    button = _("Cancel my request")


class EraseForm(PrivatePageForm):
    route = "inquiries:private_erase"
    button = _("Erase everything")

    sure = forms.BooleanField(
        label=_("Yes, erase everything I told you. I know this can’t be undone."),
        error_messages={"required": _("To erase everything, check the box first")},
    )


class MakeLinkForm(PrivatePageForm):
    route = "inquiries:private_link_new"
    button = _("Make a new link")


class RevokeLinksForm(PrivatePageForm):
    route = "inquiries:private_revoke"
    button = _("Turn off all links")
