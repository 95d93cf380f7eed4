"""What the sender may say anew on the private page: above all how to be reached, and how not."""

from typing import Any

from django import forms
from django.utils.html import format_html

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
)
from inquiries.models import BestTime, ContactMethod, Inquiry, Language, Voicemail
from inquiries.submission import DECLARED

_PRONOUNS_LENGTH = Inquiry._meta.get_field("pronouns").max_length
_PHONE_LENGTH = Inquiry._meta.get_field("phone").max_length
_EMAIL_LENGTH = Inquiry._meta.get_field("email").max_length
_INTERPRETER_LENGTH = Inquiry._meta.get_field("interpreter_language").max_length
_NEVER_LENGTH = Inquiry._meta.get_field("never_contact").max_length


class ContactDetailsForm(forms.Form):
    # Or a screen reader calls a field invalid before anything was typed into it.
    use_required_attribute = False
    #: What is said of a number at which nobody can be called.
    phone_messages = phone_errors.SENDER_MESSAGES

    pronouns = LineField(
        label="Pronouns",
        help_text=("So that we speak of you as you wish. For example: she/her, he/him, they/them."),
        max_length=_PRONOUNS_LENGTH,
        optional=True,
        error_messages={
            "max_length": f"Your pronouns must be {_PRONOUNS_LENGTH} characters or fewer"
        },
    )
    contact_method = ChoiceField(
        label="How should we reach you?",
        help_text=(
            "Give us one: a phone number for a call or a text, or an email address. If you give "
            "both, we try your choice first, and the other only if it fails."
        ),
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose phone call, text message or email"},
    )
    phone = LineField(
        label="Phone number",
        help_text="For a call or a text. An extension is fine.",
        max_length=_PHONE_LENGTH,
        needed_by=(ContactMethod.PHONE, ContactMethod.TEXT),
        required=False,
        error_messages={
            "max_length": f"The phone number must be {_PHONE_LENGTH} characters or fewer"
        },
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = EmailField(
        label="Email address",
        max_length=_EMAIL_LENGTH,
        needed_by=(ContactMethod.EMAIL,),
        help_text=(
            "For an answer by email. We also confirm there that we have your request. "
            "That mail holds your reference, and nothing that you wrote."
        ),
        required=False,
        error_messages={
            "max_length": "The email address is too long",
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )
    shared_phone = forms.BooleanField(
        label="Other people use or answer this phone",
        help_text="So that we say nothing until we know it is you.",
        required=False,
    )
    shared_email = forms.BooleanField(
        label="Other people can read this inbox",
        help_text="We then send no email there, unless you chose email above.",
        required=False,
    )
    voicemail = ChoiceField(
        label="If we reach your voicemail",
        help_text="Others may hear it, so tell us what we may say.",
        choices=Voicemail.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    best_time = JoinedChoicesField(
        label="Best time to reach you",
        help_text="So that we do not call when you are busy. Choose all that suit you.",
        choices=BestTime.choices,
        widget=forms.CheckboxSelectMultiple,
        optional=True,
    )
    time_zone = TimeZoneField(
        label="Your time zone",
        help_text="So that we do not call at night.",
        optional=True,
    )
    never_contact = TextField(
        label="When or how should we never contact you?",
        help_text="So that we bring you no trouble. For example: never after 6 pm, never by text.",
        max_length=_NEVER_LENGTH,
        optional=True,
        error_messages={
            "max_length": (
                f"When and how not to contact you must be {_NEVER_LENGTH} characters or fewer. "
                "It has %(show_value)d."
            )
        },
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    language = ChoiceField(
        label="Language you would like to speak",
        help_text=(
            "We will find someone who speaks it. You may write to us in it, too. "
            "For another one, see below."
        ),
        choices=Language.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    interpreter = forms.BooleanField(
        label="I would like an interpreter",
        help_text="Also for sign language. It costs you nothing.",
        required=False,
    )
    interpreter_language = LineField(
        label="For which language?",
        help_text="For example Vietnamese, or American Sign Language.",
        max_length=_INTERPRETER_LENGTH,
        optional=True,
        error_messages={
            "max_length": f"The language must be {_INTERPRETER_LENGTH} characters or fewer"
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("voicemail", Voicemail.NONE)
        self.initial.setdefault("language", Language.ENGLISH)
        for field in self.fields.values():
            # A browser would cut what she pastes, without a word.
            field.widget.attrs.pop("maxlength", None)
        self._hint_at_email()

    def _hint_at_email(self) -> None:
        """Beside the address, for when the form comes back: it is never refused for that."""
        # Not by its bound field, which keeps the help text that it is made with.
        typed = clean_code(str(self.data.get(self.add_prefix("email"), "")))
        hint = email_typos.suggest_domain(typed)
        if hint:
            meant = f"{typed.rpartition('@')[0]}@{hint[1]}" if "@" in typed else hint[1]
            self.fields["email"].help_text = format_html(
                "{} <strong>Did you mean {}?</strong>", self.fields["email"].help_text, meant
            )

    def clean_voicemail(self) -> str:
        return self.cleaned_data["voicemail"] or Voicemail.NONE

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or Language.ENGLISH

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and (fault := phone_numbers.parse_phone(typed).fault):
            raise forms.ValidationError(phone_errors.explain_fault(fault, self.phone_messages))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("interpreter_language"):
            cleaned["interpreter"] = True  # who names a language means one
        if "contact_method" in self.errors:
            return cleaned
        phone, email = cleaned.get("phone"), cleaned.get("email")
        if not cleaned["contact_method"]:
            # The one that she gave says it. Of two, one may be her browser's doing: she chooses.
            # A way that is itself in error has said so already.
            if phone and not email:
                cleaned["contact_method"] = ContactMethod.PHONE
            elif email and not phone:
                cleaned["contact_method"] = ContactMethod.EMAIL
            elif not {"phone", "email"} & self.errors.keys():
                self.add_error("contact_method", "Choose how we should reach you")
        elif cleaned["contact_method"] == ContactMethod.EMAIL:
            if not email and "email" not in self.errors:
                self.add_error("email", "Enter your email address")
        elif not phone and "phone" not in self.errors:
            self.add_error("phone", "Enter your phone number")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What was said, by the names of a Submission. For a valid form."""
        said = {name: value for name, value in self.cleaned_data.items() if name in DECLARED}
        return said | {"phone_e164": phone_numbers.first_e164(said["phone"])}
