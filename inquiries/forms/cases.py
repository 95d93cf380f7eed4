"""The steps around tasks, referrals, and closing with open ones, as forms."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.process_cache import ProcessCache
from inquiries.forms.fields import MESSAGE_LENGTH, TextField, set_choices
from inquiries.forms.step_form import StepForm
from inquiries.models import (
    Checklist,
    DirectoryEntry,
    Inquiry,
    ReferralAnswer,
    TaskState,
)
from inquiries.outcomes import CHOSEN_OUTCOMES, Outcome
from inquiries.team import availability
from inquiries.triage import case_choices, words
from inquiries.triage.referrals import ASK_AFTER_DAYS
from inquiries.triage.tasks import LONGEST, Due

if TYPE_CHECKING:
    from portal.models import User


def _day_field(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Enter a day"),
            "invalid": _("Enter the day like this: 2026-12-31"),
        },
    )


class _DayMixin(forms.Form):
    """Checks that a day is not over yet, and no more than a year ahead."""

    def _check_day(self, day: date | None) -> date | None:
        today = timezone.localdate()
        if day and not today <= day < today + LONGEST:
            raise forms.ValidationError(words.CHOOSE_A_LATER_DAY)
        return day


_CHOOSE = _("Choose")


class _OfferedField(forms.ChoiceField):
    """A choice out of a list that a process keeps for a minute, and reads again when it is sent."""

    def __init__(
        self, *, offered: ProcessCache[case_choices.Choices], first: Any = _CHOOSE, **said: Any
    ) -> None:
        self.offered, self.first = offered, first
        super().__init__(choices=self._list_choices, **said)

    def _list_choices(self) -> list[tuple[str, Any]]:
        return self.with_first(self.offered.get())

    def with_first(self, choices: case_choices.Choices) -> list[tuple[str, Any]]:
        return [("", self.first), *choices]

    def clean(self, value: Any) -> Any:
        self.offered.refresh()
        return super().clean(value)


class _OfferingForm(StepForm):
    """A form that offers such a list."""

    #: The field that does.
    offers: ClassVar[str]

    @classmethod
    def choices_for(cls, inquiry: Inquiry, sending: Inquiry) -> Hashable:
        return cls._offering(cls.base_fields[cls.offers]).offered.get(), timezone.localdate()

    def take(self, choices: Any) -> None:
        field = self._offering(self.fields[self.offers])
        field.choices = field.with_first(choices[0])

    @staticmethod
    def _offering(field: forms.Field) -> _OfferedField:
        assert isinstance(field, _OfferedField)  # noqa: S101 - as the form declares it
        return field


class _ForSomeoneMixin(forms.Form):
    """Names a colleague, or whoever owns the request."""

    to = _OfferedField(
        label=_("Who does it?"),
        offered=case_choices.colleagues,
        first=_("Whoever owns the request"),
        required=False,
        error_messages={"invalid_choice": _("Choose a colleague who works here")},
    )

    def clean_to(self) -> "User | None":
        chosen = self.cleaned_data["to"]
        return availability.coordinators().filter(pk=chosen).first() if chosen else None


class TaskForm(_DayMixin, _ForSomeoneMixin, _OfferingForm):
    offers = "to"

    text = TextField(
        label=_("What is there to do?"),
        help_text=_("Only colleagues see it."),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what there is to do first")},
    )
    day = _day_field(_("By which day?"))
    at = forms.TimeField(
        label=_("At what time? (optional, clinic time)"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Enter the time like this: 14:30")},
    )
    field_order = ("version", "text", "day", "at", "to")

    def clean_day(self) -> date | None:
        return self._check_day(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, at = cleaned.get("day"), cleaned.get("at")
        if day and at and Due(day, at).due_at < timezone.now():
            self.add_error("at", _("This time has passed"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "version": said["version"],
            "text": said["text"],
            "due": Due(said["day"], said["at"]),
            "to": said["to"],
        }


class ChecklistForm(_OfferingForm):
    offers = "checklist"

    checklist = _OfferedField(
        label=_("Which checklist?"),
        help_text=_("Its days are counted from today."),
        offered=case_choices.checklists,
        error_messages={
            "required": _("Choose a checklist"),
            "invalid_choice": _("Choose a checklist that is still there"),
        },
    )

    def clean_checklist(self) -> Checklist:
        return Checklist.objects.get(pk=self.cleaned_data["checklist"])


class SettleTaskForm(StepForm):
    """A button for each task and each thing that can be done with it."""

    task = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ChoiceField(choices=TaskState.choices, widget=forms.HiddenInput)


class GiveTaskForm(_ForSomeoneMixin, _OfferingForm):
    offers = "to"

    task = forms.UUIDField(widget=forms.HiddenInput)


class _AsksLaterMixin(_DayMixin):
    """Asks on `ask_on` whether a referral arrived."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ask_on"].initial = timezone.localdate() + timedelta(days=ASK_AFTER_DAYS)

    def clean_ask_on(self) -> date | None:
        return self._check_day(self.cleaned_data["ask_on"])


class ReferForm(_AsksLaterMixin, _OfferingForm):
    offers = "to"

    to = _OfferedField(
        label=_("To whom?"),
        offered=case_choices.directory,
        error_messages={
            "required": _("Choose someone from the directory"),
            "invalid_choice": _("Choose someone who is still in the directory"),
        },
    )
    text = TextField(
        label=_("What did you send, and how?"),
        help_text=_("Only colleagues see it."),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what you sent first")},
    )
    ask_on = _day_field(_("When do we ask whether it arrived?"))

    def clean_to(self) -> DirectoryEntry:
        return DirectoryEntry.objects.get(pk=self.cleaned_data["to"])


class AskReferralForm(_AsksLaterMixin, StepForm):
    referral = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("What did you hear?"),
        choices=ReferralAnswer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you heard")},
    )
    ask_on = _day_field(_("If not yet: ask again on"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_pending = cleaned.get("answer") == ReferralAnswer.NOT_YET
        if is_pending and not cleaned.get("ask_on") and "ask_on" not in self.errors:
            self.add_error("ask_on", _("Enter the day on which to ask again"))
        return cleaned


@dataclass(frozen=True)
class CloseChoices:
    #: Why “unreachable” would be refused: then it is no choice, and the form says why.
    why_not_unreachable: str
    #: The tasks that closing would cancel; without any, the form doesn't ask.
    tasks: tuple[str, ...]


class CloseForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("What was the outcome?"),
        help_text=_(
            "If you refer them to someone, log the referral first. Then we ask whether it arrived."
        ),
        choices=[(outcome.value, outcome.label) for outcome in CHOSEN_OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome")},
    )
    cancel_tasks = forms.BooleanField(label=_("Cancel the tasks that are open"), required=False)

    def take(self, choices: CloseChoices) -> None:
        if choices.tasks:
            self.fields["cancel_tasks"].help_text = "; ".join(choices.tasks)
        else:
            del self.fields["cancel_tasks"]
        if choices.why_not_unreachable:
            outcome = self.fields["outcome"]
            outcome.help_text = f"{outcome.help_text} {choices.why_not_unreachable}"
            others = [each for each in CHOSEN_OUTCOMES if each != Outcome.UNREACHABLE]
            set_choices(self, "outcome", [(each.value, each.label) for each in others])

    @classmethod
    def may_be_kept(cls, choices: CloseChoices) -> bool:
        return not choices.tasks
