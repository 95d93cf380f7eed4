"""Until when a request waits, and why: asked after a call, and on its own."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from inquiries.deadlines import service_levels
from inquiries.forms.fields import TextField, set_choices
from inquiries.models import Inquiry
from inquiries.states import WaitReason
from inquiries.triage.waits import suggest_waits

# One question has two inputs, so each needs a label.
_DAY_INPUT: dict[str, Any] = {"type": "date", "aria-label": _("Day")}
_TIME_INPUT: dict[str, Any] = {"type": "time", "aria-label": _("Time")}
#: The most characters of a reason in words of one's own.
REASON_LENGTH = 500


Waits = tuple[tuple[str, str], ...]


class PickField(forms.ChoiceField):
    """A suggested time. What a page showed stays valid, whatever is suggested by now."""

    def valid_value(self, value: str) -> bool:
        return _parse_aware(value) is not None

    def clean(self, value: Any) -> datetime | None:
        return _parse_aware(super().clean(value))


def _parse_aware(value: str) -> datetime | None:
    try:
        at = parse_datetime(value)
    except ValueError:
        return None
    return at if at and timezone.is_aware(at) else None


def waits_for(inquiry: Inquiry) -> Waits:
    """Return the times that are suggested now, each with its words."""
    timetable = service_levels.level_for(inquiry.urgency).timetable
    suggested = suggest_waits(timetable, timezone.now())
    return tuple((at.isoformat(), words) for at, words in suggested)


class WaitFields(forms.Form):
    """A day that was typed counts more than one that was picked."""

    pick = PickField(
        label=_("Until when?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of these times, or enter a day and time")},
    )
    until = forms.SplitDateTimeField(
        label=_("Or on this day, at this time"),
        help_text=_("Clinic time. It comes back by itself then. It never closes by itself."),
        required=False,
        require_all_fields=False,
        widget=forms.SplitDateTimeWidget(date_attrs=_DAY_INPUT, time_attrs=_TIME_INPUT),
        error_messages={
            "incomplete": _("Enter a day and a time"),
            "invalid": _("Enter a day and a time"),
            "invalid_date": _("Enter the day like this: 2026-12-31"),
            "invalid_time": _("Enter the time like this: 14:30"),
        },
    )
    why = forms.ChoiceField(
        label=_("Why?"),
        required=False,
        choices=WaitReason.choices,
        widget=forms.RadioSelect,
    )
    why_text = TextField(
        label=_("In your own words"),
        help_text=_("For colleagues. The patient never sees it."),
        optional=True,
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    marks_optional = True

    def take_waits(self, waits: Waits) -> None:
        set_choices(self, "pick", waits)

    def require_wait(self, said: dict[str, Any]) -> None:
        """Take the typed day or else the picked one; add errors if a time or the reason is missing.

        To be called after the fields were cleaned.
        """
        said["until"] = said.get("until") or said.get("pick")
        if not said["until"] and not {"until", "pick"} & self.errors.keys():
            self.add_error("pick", _("Choose until when, or enter a day and a time"))
        if not said.get("why") and "why" not in self.errors:
            self.add_error("why", _("Choose why"))
