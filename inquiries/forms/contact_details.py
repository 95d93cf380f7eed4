"""What senders may change on the private page, mainly how and how not to reach them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.text_cleaning import clean_code
from inquiries.contact_details import email_typos, phone_numbers
from inquiries.forms import phone_errors
from inquiries.forms.fields import (
    ChoiceField,
    EmailField,
    JoinedChoicesField,
    LineField,
    TextField,
    TimeZoneField,
    language_choices,
    page_language,
)
from inquiries.models import BestTime, ContactMethod, Inquiry, Voicemail
from inquiries.submission import DECLARED

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_PRONOUNS_LENGTH = Inquiry._meta.get_field("pronouns").max_length
_PHONE_LENGTH = Inquiry._meta.get_field("phone").max_length
_EMAIL_LENGTH = Inquiry._meta.get_field("email").max_length
_INTERPRETER_LENGTH = Inquiry._meta.get_field("interpreter_language").max_length
_NEVER_LENGTH = Inquiry._meta.get_field("never_contact").max_length


class ContactDetailsForm(forms.Form):
    # Otherwise a screen reader calls a field invalid before anything is typed into it.
    use_required_attribute = False
    #: What to say about a number that cannot be called.
    phone_messages = phone_errors.SENDER_MESSAGES
    #: What to say if a way to reach the sender is missing.
    missing_messages: Mapping[str, "StrPromise"] = {
        "contact_method": _("Choose how we should contact you"),
        "email": _("Enter your email address"),
        "phone": _("Enter your phone number"),
    }

    pronouns = LineField(
        label=_("Pronouns"),
        help_text=_("For example: she/her, he/him, they/them."),
        max_length=_PRONOUNS_LENGTH,
        optional=True,
        error_messages={
            "max_length": _("Your pronouns must be %(limit_value)d characters or fewer")
        },
    )
    contact_method = ChoiceField(
        label=_("How should we contact you?"),
        help_text=_(
            "Give us a phone number or an email address. One is enough. If you give both, we’ll "
            "try your choice first."
        ),
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose phone call, text message, or email")},
    )
    phone = LineField(
        label=_("Phone number"),
        help_text=_("For a call or a text. You can add an extension."),
        max_length=_PHONE_LENGTH,
        needed_by=(ContactMethod.PHONE, ContactMethod.TEXT),
        required=False,
        error_messages={
            "max_length": _("The phone number must be %(limit_value)d characters or fewer")
        },
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = EmailField(
        label=_("Email address"),
        max_length=_EMAIL_LENGTH,
        needed_by=(ContactMethod.EMAIL,),
        help_text=_(
            "We’ll send a confirmation with your reference number. It won’t include anything you "
            "wrote."
        ),
        required=False,
        error_messages={
            "max_length": _("The email address is too long"),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )
    shared_phone = forms.BooleanField(
        label=_("Other people use or answer this phone"),
        help_text=_("We won’t say why we’re calling until we know it’s you."),
        required=False,
    )
    shared_email = forms.BooleanField(
        label=_("Other people can read this inbox"),
        help_text=_("We won’t send email there unless you chose email above."),
        required=False,
    )
    voicemail = ChoiceField(
        label=_("If we reach your voicemail"),
        help_text=_("Other people may hear it, so tell us what we can say."),
        choices=Voicemail.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    best_time = JoinedChoicesField(
        label=_("Best time to reach you"),
        help_text=_("Choose all that work for you."),
        choices=BestTime.choices,
        widget=forms.CheckboxSelectMultiple,
        optional=True,
    )
    time_zone = TimeZoneField(
        label=_("Your time zone"),
        help_text=_("So we don’t call at night."),
        optional=True,
    )
    never_contact = TextField(
        label=_("Are there times or ways we should not contact you?"),
        help_text=_(
            "So we don’t cause problems for you. For example: not after 6 p.m., not by text."
        ),
        max_length=_NEVER_LENGTH,
        optional=True,
        error_messages={
            "max_length": _(
                "Tell us when or how not to contact you in %(limit_value)d characters or "
                "fewer. You used %(show_value)d."
            )
        },
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    language = ChoiceField(
        label=_("Language you want to speak"),
        help_text=_(
            "We’ll find someone who speaks it. You can write to us in that language, too. "
            "For other languages, ask for an interpreter."
        ),
        choices=language_choices,
        widget=forms.RadioSelect,
        required=False,
    )
    interpreter = forms.BooleanField(
        label=_("I would like an interpreter"),
        help_text=_("Sign language, too. It’s free."),
        required=False,
    )
    interpreter_language = LineField(
        label=_("For which language?"),
        help_text=_("For example, Vietnamese or American Sign Language."),
        max_length=_INTERPRETER_LENGTH,
        optional=True,
        error_messages={
            "max_length": _("The language must be %(limit_value)d characters or fewer")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("voicemail", Voicemail.NONE)
        self.initial.setdefault("language", page_language())
        for field in self.fields.values():
            # Otherwise a browser silently cuts off pasted text.
            field.widget.attrs.pop("maxlength", None)
        self._hint_at_email()

    def _hint_at_email(self) -> None:
        """Show a hint by the address if the form comes back; never refuse the form for it."""
        # Not through its bound field, which keeps the help text it was created with.
        typed = clean_code(str(self.data.get(self.add_prefix("email"), "")))
        hint = email_typos.suggest_domain(typed)
        if hint:
            meant = f"{typed.rpartition('@')[0]}@{hint[1]}" if "@" in typed else hint[1]
            self.fields["email"].help_text = format_html(
                "{} <strong>{}</strong>",
                self.fields["email"].help_text,
                gettext("Did you mean %(address)s?") % {"address": meant},
            )

    def clean_voicemail(self) -> str:
        return self.cleaned_data["voicemail"] or Voicemail.NONE

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or page_language()

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and (fault := phone_numbers.parse_phone(typed).fault):
            raise forms.ValidationError(phone_errors.explain_fault(fault, self.phone_messages))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("interpreter_language"):
            cleaned["interpreter"] = True  # naming a language means they want one
        if "contact_method" in self.errors:
            return cleaned
        phone, email = cleaned.get("phone"), cleaned.get("email")
        if not cleaned["contact_method"]:
            # If they gave only one way, use it. If they gave two, the browser may have filled one
            # in, so they must choose. A field with its own error is already reported.
            if phone and not email:
                cleaned["contact_method"] = ContactMethod.PHONE
            elif email and not phone:
                cleaned["contact_method"] = ContactMethod.EMAIL
            elif not {"phone", "email"} & self.errors.keys():
                self.add_error("contact_method", self.missing_messages["contact_method"])
        elif cleaned["contact_method"] == ContactMethod.EMAIL:
            if not email and "email" not in self.errors:
                self.add_error("email", self.missing_messages["email"])
        elif not phone and "phone" not in self.errors:
            self.add_error("phone", self.missing_messages["phone"])
        return cleaned

    def answers(self) -> dict[str, Any]:
        """Return the answers under the names that Submission uses. The form must be valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name in DECLARED}
        return said | {"phone_e164": phone_numbers.first_e164(said["phone"])}
