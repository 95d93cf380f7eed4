"""A request that a coordinator enters for someone on the phone or at the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from inquiries.forms import front_desk_words as words
from inquiries.forms.fields import ChoiceField, ConsentField, set_choices
from inquiries.forms.inquiry import InquiryForm
from inquiries.models import IntakeChannel, Language
from inquiries.submission import Group, asked
from inquiries.team import languages


@dataclass(frozen=True)
class ReadAloud:
    """A question from the public form, and its answers, in the caller's language."""

    language: Language
    question: str
    answers: tuple[str, ...]


class FrontDeskForm(InquiryForm):
    """The public form's fields and rules, worded for the coordinator, plus the intake channel."""

    #: For the template: mark the questions that may be left blank.
    marks_optional = True
    phone_messages = words.PHONE_MESSAGES
    missing_messages = words.MISSING

    channel = ChoiceField(
        label=_("How did they contact us?"),
        choices=[
            (IntakeChannel.PHONE.value, IntakeChannel.PHONE.label),
            (IntakeChannel.DESK.value, IntakeChannel.DESK.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they contacted us")},
    )
    #: Their agreement, and the language in which they heard the text.
    consent = ConsentField(
        label=words.CONSENT, widget=forms.RadioSelect(attrs={"class": "consent-texts"})
    )
    # In the order of a phone call. A field that is listed twice keeps its first place.
    field_order = (
        "channel",
        *asked(Group.LANGUAGE),
        "full_name",
        *asked(Group.SENDER, Group.PATIENT, Group.QUESTION),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for not_asked in ("website", "article", "revision", "consent_version"):
            del self.fields[not_asked]
        # With a guess, we might write to someone in a language that they cannot read.
        self.fields["language"].required = True
        for name, field in self.fields.items():
            field.label = words.LABELS.get(name, field.label)
            field.help_text = words.HELP_TEXTS.get(name, "")
            field.error_messages |= words.ERRORS.get(name, {})
        for name, choices in words.CHOICES.items():
            set_choices(self, name, choices)
        self._hint_at_email()

    def _show_consent(self) -> None:
        """Select nothing: the text must be read to them first."""

    @property
    def call_language(self) -> Language | None:
        """The language that was chosen, if it is not English."""
        return languages.foreign_language(str(self["language"].value() or ""))

    def questions(self) -> Iterator[tuple[BoundField, ReadAloud | None]]:
        """Yield each field, with what to read to a caller in a language other than English."""
        for field in self.visible_fields():
            yield field, self._read_aloud(field.name)

    def _read_aloud(self, name: str) -> ReadAloud | None:
        language, public = self.call_language, InquiryForm.base_fields.get(name)
        if not language or not public or not public.label:
            return None
        with translation.override(language):
            return ReadAloud(language, str(public.label), tuple(_answers_read_out(public)))

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"consent_version": self.cleaned_data.get("consent", "")}


def _answers_read_out(public: forms.Field) -> list[str]:
    """Return the answers to read aloud; none for a long list, such as time zones."""
    if not isinstance(public.widget, forms.RadioSelect):
        return []
    return [str(label) for _, label in public.widget.choices]
