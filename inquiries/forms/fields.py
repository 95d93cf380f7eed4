"""Fields that take what people type and paste, and say plainly what is wrong with it."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# Where most readers live, by the names they use; any other IANA name is taken too.
TIME_ZONES = [
    ("", "Same as the clinic, or not sure"),
    ("America/New_York", "Eastern Time (New York)"),
    ("America/Chicago", "Central Time (Chicago)"),
    ("America/Denver", "Mountain Time (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific Time (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("America/Mexico_City", "Mexico City"),
    ("America/Bogota", "Bogotá, Lima"),
    ("America/Argentina/Buenos_Aires", "Buenos Aires"),
    ("Europe/London", "London"),
    ("Europe/Madrid", "Madrid, Paris, Berlin"),
    ("Asia/Kolkata", "India"),
    ("Asia/Shanghai", "China"),
    ("Asia/Manila", "Philippines"),
    ("Australia/Sydney", "Sydney"),
]


class Words(forms.CharField):
    """Text as people paste it: what no keyboard types is dropped, not complained about."""

    def to_python(self, value: Any) -> str | None:
        text = re.sub(r"\r\n|[\r\x0b\x0c\x85]", "\n", str(value or ""))
        return super().to_python(_CONTROL.sub("", text))


class Line(Words):
    """Words on one line, such as a name: white space is folded."""

    def to_python(self, value: Any) -> str | None:
        return " ".join((super().to_python(value) or "").split())


class Email(Words, forms.EmailField):
    """An e-mail address, without what no keyboard types."""


_NOT_LISTED: dict[str, Any] = {"invalid_choice": "Choose one of the answers listed"}


class Choice(forms.ChoiceField):
    default_error_messages = _NOT_LISTED


class Choices(forms.MultipleChoiceField):
    default_error_messages = _NOT_LISTED


class TimeZone(Choice):
    def keep(self, value: Any) -> None:
        """Take any IANA name that came, so that it is there when the form comes back."""
        if value in available_timezones() and not self.valid_value(value):
            self.choices = [*TIME_ZONES, (value, value)]
