"""The form “speak with a Care Coordinator”: a name, one way to reach her, a message, consent."""

import re
import time
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.urls import reverse

from articles.models import Article, Category
from inquiries.consent import CONSENT_TEXTS, CURRENT
from inquiries.forms.fields import TIME_ZONES, Choice, Choices, Email, Line, TimeZone, Words
from inquiries.models import BestTime, ContactMethod, Inquiry, Language, Relation, Voicemail
from inquiries.phones import e164
from inquiries.submission import Submission

MESSAGE_LENGTH = 5000
_NAME_LENGTH = Inquiry._meta.get_field("full_name").max_length
_PHONE_LENGTH = Inquiry._meta.get_field("phone").max_length
_EMAIL_LENGTH = Inquiry._meta.get_field("email").max_length
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# As made here: the milliseconds when the form was opened stand at the end.
_OPENED_AT = re.compile(r"[0-9a-f]{32}-([0-9a-f]{10,12})")


class AskForm(forms.Form):
    # Or a screen reader calls a field invalid before anything was typed into it.
    use_required_attribute = False

    relation = Choice(
        label="Who is this about?",
        help_text="So that we know whose care we will talk about.",
        choices=Relation.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    full_name = Line(
        label="Your name",
        help_text="So that we know whom to ask for.",
        max_length=_NAME_LENGTH,
        error_messages={
            "required": "Enter your name",
            "max_length": f"Your name must be {_NAME_LENGTH} characters or fewer",
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    patient_name = Line(
        label="The patient’s name",
        help_text="Only if you are writing for someone else.",
        max_length=_NAME_LENGTH,
        required=False,
        error_messages={
            "max_length": f"The patient’s name must be {_NAME_LENGTH} characters or fewer"
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_method = Choice(
        label="How should we reach you?",
        help_text="We will use only this way.",
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose phone call, text message or email"},
    )
    phone = Line(
        label="Phone number",
        help_text="For a call or a text. An extension is fine.",
        max_length=_PHONE_LENGTH,
        required=False,
        error_messages={
            "max_length": f"The phone number must be {_PHONE_LENGTH} characters or fewer"
        },
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = Email(
        label="Email address",
        max_length=_EMAIL_LENGTH,
        help_text="If you want an answer by email.",
        required=False,
        error_messages={
            "invalid": "Enter an email address in the form name@example.com",
            "max_length": "The email address is too long",
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )
    voicemail = Choice(
        label="If we reach your voicemail",
        help_text="Others may hear it, so tell us what we may say.",
        choices=Voicemail.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    best_time = Choices(
        label="Best time to reach you",
        help_text="Choose all that suit you.",
        choices=BestTime.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    time_zone = TimeZone(
        label="Your time zone",
        help_text="So that we do not call at night.",
        choices=TIME_ZONES,
        required=False,
    )
    language = Choice(
        label="Language you would like to speak",
        help_text="We will find someone who speaks it.",
        choices=Language.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    interpreter = forms.BooleanField(
        label="I would like an interpreter",
        help_text="Also for sign language. It costs you nothing.",
        required=False,
    )
    topic = forms.ModelChoiceField(
        label="Topic",
        help_text="So that the right coordinator answers.",
        queryset=Category.objects.in_use(),
        to_field_name="slug",
        empty_label="Not sure, or something else",
        required=False,
        error_messages={"invalid_choice": "Choose a topic from the list, or leave it open"},
    )
    message = Words(
        label="What would you like to talk about?",
        help_text="A few words are enough. Please do not write about an emergency here.",
        max_length=MESSAGE_LENGTH,
        error_messages={
            "required": "Enter a few words about what you would like to talk about",
            "max_length": (
                f"Your message must be {MESSAGE_LENGTH:,} characters or fewer. "
                "It has %(show_value)d."
            ),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    consent = forms.BooleanField(
        help_text="We may contact you only if you agree.",
        error_messages={"required": "Tick the box so that we may contact you"},
    )
    article = Line(required=False, widget=forms.HiddenInput)
    idempotency_key = Line(required=False, widget=forms.HiddenInput)
    consent_version = Line(required=False, widget=forms.HiddenInput)
    website = Line(
        label="Leave this field empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("relation", Relation.SELF)
        self.initial.setdefault("voicemail", Voicemail.NONE)
        self.initial.setdefault("language", Language.ENGLISH)
        self.initial.setdefault("idempotency_key", _new_key())
        self.initial.setdefault("consent_version", CURRENT)
        for field in self.fields.values():
            # A browser would cut what she pastes, without a word.
            field.widget.attrs.pop("maxlength", None)
        # The text that she read stays the one she agrees to, also when the form comes back.
        self.fields["consent"].label = CONSENT_TEXTS.get(
            str(self["consent_version"].value()), CONSENT_TEXTS[CURRENT]
        )
        self.fields["time_zone"].keep(self["time_zone"].value())  # type: ignore[attr-defined]
        for name in ("patient_name", "best_time", "time_zone", "topic"):
            # The label says so.
            self.fields[name].optional = True  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        # Not the page's own address: of one that was posted to, a browser drops what it kept, and
        # her Back button would bring a fresh form with a new key instead of the one she sent.
        helper.form_action = f"{reverse('inquiries:ask')}?send"
        helper.attrs = {"novalidate": True}
        helper.disable_csrf = False
        helper.layout = Layout(
            "article",
            "idempotency_key",
            "consent_version",
            Fieldset("About you", "relation", "full_name", "patient_name"),
            Fieldset("How to reach you", "contact_method", "phone", "email"),
            Fieldset("Your question", "message", "topic"),
            Fieldset(
                "What suits you",
                "voicemail",
                "best_time",
                "time_zone",
                "language",
                "interpreter",
            ),
            Div("website", css_class="trap", aria_hidden="true"),
            "consent",
            Submit("send", "Send my request"),
        )
        return helper

    # --- One field --------------------------------------------------------------------------------

    def clean_relation(self) -> str:
        return self.cleaned_data["relation"] or Relation.SELF

    def clean_voicemail(self) -> str:
        return self.cleaned_data["voicemail"] or Voicemail.NONE

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or Language.ENGLISH

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and not e164(typed):
            raise forms.ValidationError(
                "Enter a phone number with its area code, such as 202-555-0123"
            )
        return typed

    def clean_article(self) -> Article | None:
        """The article she came from; an unknown one is no reason to refuse her."""
        slug = self.cleaned_data["article"]
        return Article.objects.published().filter(slug=slug).first() if slug else None

    def clean_idempotency_key(self) -> str:
        key: str = self.cleaned_data["idempotency_key"]
        return key if _KEY.fullmatch(key) else _new_key()

    def clean_consent_version(self) -> str:
        """The text that stood on her page, which may be older than today's."""
        version: str = self.cleaned_data["consent_version"]
        return version if version in CONSENT_TEXTS else CURRENT

    # --- Together ---------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
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

    @property
    def opened_at(self) -> float | None:
        """Seconds since the epoch, as far as the key tells."""
        found = _OPENED_AT.fullmatch(self.cleaned_data["idempotency_key"])
        return int(found[1], 16) / 1000 if found else None

    def submission(self) -> Submission:
        """What was sent, as intake takes it. For a valid form."""
        cleaned = self.cleaned_data
        return Submission(
            phone_e164=e164(cleaned["phone"]),
            best_time=",".join(cleaned["best_time"]),
            topic=cleaned["topic"].name if cleaned["topic"] else "",
            **{
                name: cleaned[name]
                for name in (
                    "relation",
                    "full_name",
                    "patient_name",
                    "contact_method",
                    "phone",
                    "email",
                    "voicemail",
                    "time_zone",
                    "language",
                    "interpreter",
                    "message",
                    "consent_version",
                )
            },
        )


def _new_key() -> str:
    """Unguessable, and with the time in it: what comes back too fast was hardly a person's."""
    return f"{uuid.uuid4().hex}-{time.time_ns() // 10**6:x}"
