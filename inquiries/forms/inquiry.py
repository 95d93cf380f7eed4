"""The form “speak with a Care Coordinator”: a name, one way to reach them, a message, consent."""

import re
import time
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, LayoutObject, Submit
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from inquiries.forms.contact_details import ContactDetailsForm
from inquiries.forms.fields import (
    MESSAGE_LENGTH,
    ChoiceField,
    LineField,
    SlugField,
    TextField,
    TopicField,
    in_language,
)
from inquiries.intake import consent, topics
from inquiries.models import Authority, Inquiry, Relation, Voicemail
from inquiries.submission import Group, Submission, asked

_NAME_LENGTH = Inquiry._meta.get_field("full_name").max_length
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# Keys made here end with the time when the form was opened, in milliseconds.
_OPENED_AT = re.compile(r"[0-9a-f]{32}-([0-9a-f]{10,12})")


class InquiryForm(ContactDetailsForm):
    #: Whether a browser may restore the answers when its Back button is used.
    allows_autofill = True

    relation = ChoiceField(
        label=_("Who is this about?"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    full_name = LineField(
        label=_("Your name"),
        help_text=_("We’ll ask for you by this name."),
        max_length=_NAME_LENGTH,
        error_messages={
            "required": _("Enter your name"),
            "max_length": _("Your name must be %(limit_value)d characters or fewer"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    patient_name = LineField(
        label=_("The patient’s name"),
        help_text=_("Only if you’re writing for someone else."),
        max_length=_NAME_LENGTH,
        optional=True,
        error_messages={
            "max_length": _("The patient’s name must be %(limit_value)d characters or fewer")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    authority = ChoiceField(
        label=_("Does the patient know you’re contacting us?"),
        help_text=_(
            "Only if you’re writing for someone else. It tells us what we can talk about with you."
        ),
        choices=Authority.choices,
        widget=forms.RadioSelect,
        optional=True,
    )
    topic = TopicField(
        label=_("Topic"),
        help_text=_("This helps us find the right coordinator."),
        empty_label=_("Not sure, or something else"),
        optional=True,
        error_messages={"invalid_choice": _("Choose a topic from the list, or leave it blank")},
    )
    message = TextField(
        label=_("What would you like to talk about?"),
        help_text=_("A few words are enough."),
        max_length=MESSAGE_LENGTH,
        error_messages={
            "required": _("Tell us in a few words what you’d like to talk about"),
            "max_length": _(
                "Your message must be %(limit_value)d characters or fewer. You used %(show_value)d."
            ),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    consent: forms.Field = forms.BooleanField(
        help_text=_("We can contact you only if you agree."),
        error_messages={"required": _("Check the box so that we can contact you")},
    )
    article = SlugField(required=False, widget=forms.HiddenInput)
    revision = LineField(required=False, widget=forms.HiddenInput)
    idempotency_key = LineField(required=False, widget=forms.HiddenInput)
    consent_version = LineField(required=False, widget=forms.HiddenInput)
    website = LineField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    # As on the page: errors are listed in this order.
    field_order: tuple[str, ...] = (*asked(*Group), "website", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("relation", Relation.SELF)
        self.initial.setdefault("idempotency_key", new_idempotency_key())
        self._show_consent()

    def _show_consent(self) -> None:
        self.initial.setdefault("consent_version", consent.current_version())
        # They agree to the text they read, even if the form comes back.
        version = consent.known_version(str(self["consent_version"].value()))
        self.fields["consent"].label = in_language(
            consent.language_of(version), consent.CONSENT_TEXTS[version]
        )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        # Not the page's own address: after a post to it, a browser drops what it kept, and the Back
        # button brings a fresh form with a new key instead of the one that was sent.
        helper.form_action = f"{reverse('inquiries:ask')}?send"
        # Otherwise a browser would restore what someone left in a hurry.
        helper.attrs = {"novalidate": True} | (
            {} if self.allows_autofill else {"autocomplete": "off"}
        )
        helper.disable_csrf = False
        helper.layout = Layout(
            "article",
            "revision",
            "idempotency_key",
            "consent_version",
            Fieldset(
                _("About you"),
                *asked(Group.SENDER),
                Div(*asked(Group.PATIENT), css_class="for-another"),
            ),
            Fieldset(
                _("How to contact you"),
                *asked(Group.CONTACT),
                OptionalQuestions(
                    _("More about how to contact you"),
                    *asked(Group.SHARED, Group.MANNER),
                    hint=_(
                        "Shared phones or email, voicemail, best times to reach you, and "
                        "when not to contact you."
                    ),
                ),
            ),
            Fieldset(_("Your language"), *asked(Group.LANGUAGE)),
            Fieldset(_("Your question"), *asked(Group.QUESTION)),
            Div("website", css_class="honeypot", aria_hidden="true"),
            "consent",
            Submit("send", _("Send my request")),
        )
        return helper

    # --- One field --------------------------------------------------------------------------------

    def clean_relation(self) -> str:
        return self.cleaned_data["relation"] or Relation.SELF

    def clean_revision(self) -> int | None:
        number: str = self.cleaned_data["revision"]
        return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else None

    def clean_idempotency_key(self) -> str:
        key: str = self.cleaned_data["idempotency_key"]
        return key if _KEY.fullmatch(key) else new_idempotency_key()

    def clean_consent_version(self) -> str:
        """Return the version on their page, which may be older or in another language."""
        return consent.known_version(self.cleaned_data["consent_version"])

    # --- Together ---------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("relation") == Relation.SELF:
            cleaned["authority"] = ""  # chosen before they changed their mind
        return cleaned

    @property
    def opened_at(self) -> float | None:
        """In seconds since the epoch, if the key contains it."""
        found = _OPENED_AT.fullmatch(self.cleaned_data["idempotency_key"])
        return int(found[1], 16) / 1000 if found else None

    def submission(self) -> Submission:
        """Return what was sent, as intake accepts it. The form must be valid."""
        said = self.answers()
        return Submission(**said | {"topic": topics.topic_name(said["topic"])})


class OptionalQuestions(LayoutObject):
    """Questions that few people need, collapsed unless one of them has been answered."""

    _UNANSWERED: tuple[Any, ...] = (None, "", [], False, Voicemail.NONE)

    def __init__(self, summary: str | Promise, *fields: str, hint: str | Promise) -> None:
        self.summary, self.fields, self.hint = summary, list(fields), hint

    def render(
        self, form: forms.BaseForm, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        rendered = (render_field(name, form, context, **kwargs) for name in self.fields)
        return render_to_string(
            f"{template_pack}/layout/more_questions.html",
            {
                "summary": self.summary,
                "hint": self.hint,
                # A field with an error counts as answered.
                "is_open": any(form[name].value() not in self._UNANSWERED for name in self.fields),
                "fields": format_html_join("", "{}", ([each] for each in rendered)),
            },
        )


def new_idempotency_key() -> str:
    """Return an unguessable key with the time: a form sent too fast is hardly from a person."""
    return f"{uuid.uuid4().hex}-{time.time_ns() // 10**6:x}"
