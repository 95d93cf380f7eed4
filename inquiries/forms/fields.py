"""Fields that accept what people type and paste, and say plainly what is wrong with it."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.forms import fields as typed
from inquiries.contact_details import email_addresses
from inquiries.forms import email_errors
from inquiries.intake import consent, topics

#: The maximum length of a message, theirs or ours, in characters.
MESSAGE_LENGTH = 5000
#: The largest number that a version column holds.
HIGHEST_VERSION = 2**31 - 1

# Where most readers live, under familiar names. Any other IANA name is accepted too.
TIME_ZONES = [
    ("", _("Same as the clinic, or not sure")),
    ("America/New_York", _("Eastern Time (New York)")),
    ("America/Chicago", _("Central Time (Chicago)")),
    ("America/Denver", _("Mountain Time (Denver)")),
    ("America/Phoenix", _("Arizona (Phoenix)")),
    ("America/Los_Angeles", _("Pacific Time (Los Angeles)")),
    ("America/Anchorage", _("Alaska (Anchorage)")),
    ("Pacific/Honolulu", _("Hawaii (Honolulu)")),
    ("America/Puerto_Rico", _("Puerto Rico")),
    ("America/Mexico_City", _("Mexico City")),
    ("America/Bogota", _("Bogotá, Lima")),
    ("America/Argentina/Buenos_Aires", _("Buenos Aires")),
    ("Europe/London", _("London")),
    ("Europe/Madrid", _("Madrid, Paris, Berlin")),
    ("Asia/Kolkata", _("India")),
    ("Asia/Shanghai", _("China")),
    ("Asia/Manila", _("Philippines")),
    ("Australia/Sydney", _("Sydney")),
]


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Offer these in a field of the form, which has to be a choice."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as the form declares it
    field.choices = list(choices)


def page_language() -> str:
    """Return the page's language if requests can be in it; otherwise the site's default."""
    language = get_language() or ""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language_choices() -> list[tuple[str, str]]:
    """Return each language under its own name, so that its speakers can find it."""
    return [(code, in_language(code, name)) for code, name in settings.LANGUAGES]


def in_language(language: str, words: str) -> str:
    """Mark words that are not in the page's language, so that screen readers switch voices."""
    if language == get_language():
        return words
    return format_html('<span lang="{}">{}</span>', language, words)


class _OptionalQuestion:
    """A question that may be left blank; with `optional`, its label says so.

    With `needed_by`, it is required only for these ways to be reached, and its label follows the
    choice: `templates/forms/_label.html`.
    """

    def __init__(
        self, *args: Any, optional: bool = False, needed_by: tuple[str, ...] = (), **options: Any
    ) -> None:
        options.setdefault("required", not optional)
        super().__init__(*args, **options)
        self.optional = optional
        self.needed_by = needed_by


class TextField(_OptionalQuestion, typed.CleanTextField):
    """Text as people paste it."""


class LineField(_OptionalQuestion, typed.CleanLineField):
    """Text on one line, such as a name."""


class CodeField(_OptionalQuestion, typed.CleanCodeField):
    """Text that is compared, such as a reference."""


class EmailField(_OptionalQuestion, typed.CleanCodeField):
    """An email address, in any script that mail can be delivered to."""

    widget = forms.EmailInput

    def to_python(self, value: Any) -> str:
        typed = email_addresses.compose(super().to_python(value) or "")
        bare = email_addresses.unwrap(typed)
        return typed if email_addresses.find_fault(bare) else bare

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if value and (fault := email_addresses.find_fault(value)):
            raise forms.ValidationError(email_errors.explain_fault(fault))


class SlugField(LineField):
    """Part of one of our URLs; empty if the text cannot be a slug."""

    def to_python(self, value: Any) -> str:
        slug = super().to_python(value) or ""
        return slug if topics.is_slug(slug) else ""


_NOT_LISTED: dict[str, Any] = {"invalid_choice": _("Choose one of the answers listed")}


class ChoiceField(_OptionalQuestion, forms.ChoiceField):
    default_error_messages = _NOT_LISTED


class MultipleChoiceField(_OptionalQuestion, forms.MultipleChoiceField):
    default_error_messages = _NOT_LISTED


class JoinedChoicesField(MultipleChoiceField):
    """Several choices, stored as one comma-separated text."""

    def clean(self, value: Any) -> str:
        return ",".join(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return [each for each in value.split(",") if each] if isinstance(value, str) else value


class _OpenChoiceField(ChoiceField):
    """Accepts more than it lists. A submitted value is listed, too, in case the form comes back."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=self.listed, **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        bound = super().get_bound_field(form, field_name)
        value = str(bound.value() or "")
        if value and not self.valid_value(value):
            label = self.label_of(value)
            if label and not self.valid_value(value):
                self.choices = [*self.listed(), (value, label)]
        return bound

    def listed(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def label_of(self, value: str) -> str:
        """Return the label of a value; empty if it is not accepted."""
        raise NotImplementedError


@cache
def _time_zones() -> set[str]:
    """Cached, because each call walks through about two thousand files."""
    return available_timezones()


class TimeZoneField(_OpenChoiceField):
    def listed(self) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, label in TIME_ZONES]

    def label_of(self, value: str) -> str:
        return value if value in _time_zones() else ""


class ConsentField(_OpenChoiceField):
    """The version of the consent that was read to someone, each in its own language.

    Earlier versions are accepted too, because they may be what the person heard.
    """

    def listed(self) -> list[tuple[str, str]]:
        current = consent.CURRENT_CONSENT_VERSIONS
        versions = [current[code] for code, _ in settings.LANGUAGES if code in current]
        return [(version, self.label_of(version)) for version in versions]

    def label_of(self, value: str) -> str:
        if value not in consent.CONSENT_TEXTS:
            return ""
        language = consent.language_of(value)
        return format_html(
            '<span lang="{}"><strong>{}</strong> “{}”</span>',
            language,
            dict(settings.LANGUAGES).get(language, language),
            consent.CONSENT_TEXTS[value],
        )


class TopicField(_OpenChoiceField):
    """A category, by its slug. Works without the database."""

    def __init__(self, *, empty_label: str | Promise, **options: Any) -> None:
        self.empty_label = empty_label
        super().__init__(**options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        bound = super().get_bound_field(form, field_name)
        # A new site has no topics to choose from.
        if len(self.listed()) == 1 and not bound.value():
            self.widget = forms.HiddenInput()
        return bound

    def listed(self) -> list[tuple[str, str]]:
        return [("", str(self.empty_label)), *topics.known_topics()]

    def label_of(self, value: str) -> str:
        return topics.topic_name(value) if topics.is_choosable(value) else ""
