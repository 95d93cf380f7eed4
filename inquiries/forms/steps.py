"""The steps of triage as forms. Each carries the version that its page was read at."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.forms.accept import AcceptForm
from inquiries.forms.fields import MESSAGE_LENGTH, CodeField, TextField
from inquiries.forms.step_form import StepForm
from inquiries.models import CannedReply, ContactMethod, Inquiry, Language
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.states import (
    AttemptResult,
    EmergencyHelp,
    ErasureReason,
    IdentityCheck,
    Step,
    Urgency,
    WaitReason,
)
from inquiries.team import availability
from inquiries.triage import canned_replies

# Two boxes of one question, so each says which it is.
_DAY_INPUT: dict[str, Any] = {"type": "date", "aria-label": _("Day")}
_TIME_INPUT: dict[str, Any] = {"type": "time", "aria-label": _("Time")}


class NoteForm(StepForm):
    text = TextField(
        label=_("Note for colleagues"),
        help_text=_("The patient never sees it."),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the note first")},
    )


class GradeForm(StepForm):
    urgency = forms.ChoiceField(
        label=_("How soon should we contact them?"),
        help_text=_("You decide. Words that may mean danger are only a hint."),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how soon")},
    )


class HandoverForm(StepForm):
    to = forms.ChoiceField(
        label=_("Who took over?"),
        help_text=_("Stay on the line until they are there."),
        choices=EmergencyHelp.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who took over")},
    )


class AttemptForm(StepForm):
    method = forms.ChoiceField(
        label=_("How did you try to reach them?"),
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you tried")},
    )
    reached = forms.ChoiceField(
        label=_("What happened?"),
        choices=[choice for choice in AttemptResult.choices if choice[0] != AttemptResult.SPOKE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened")},
    )


class ConnectForm(StepForm):
    method = forms.ChoiceField(
        label=_("How did you speak?"),
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you spoke")},
    )
    identity = forms.ChoiceField(
        label=_("How did you confirm their identity?"),
        help_text=_(
            "Do this before you discuss health. If they can’t confirm it, offer only a call back."
        ),
        choices=IdentityCheck.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you confirmed it")},
    )


class WaitForm(StepForm):
    until = forms.SplitDateTimeField(
        label=_("Until when?"),
        help_text=_("Clinic time. It comes back by itself then. It never closes by itself."),
        widget=forms.SplitDateTimeWidget(
            date_attrs=_DAY_INPUT,
            time_attrs=_TIME_INPUT,
        ),
        error_messages={
            "required": _("Enter a day and a time"),
            "invalid": _("Enter a day and a time"),
            "invalid_date": _("Enter the day like this: 2026-12-31"),
            "invalid_time": _("Enter the time like this: 14:30"),
        },
    )
    why = forms.ChoiceField(
        label=_("Why?"),
        choices=WaitReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why")},
    )


class ReassignForm(StepForm):
    to = forms.ChoiceField(
        label="To whom?",
        error_messages={
            "required": "Choose a colleague",
            "invalid_choice": "Choose a colleague who is here",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(user.pk): user for user in availability.available_coordinators()}
        self._set_choices(self.colleagues)

    def adapt_to(self, inquiry: Inquiry, sending: Inquiry) -> None:
        """Nobody hands it over to who has it."""
        self._set_choices([key for key in self.colleagues if key != str(inquiry.owner_id)])

    def _set_choices(self, keys: Iterable[str]) -> None:
        choices = [(key, str(self.colleagues[key])) for key in keys]
        self.fields["to"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data | {"to": self.colleagues[self.cleaned_data["to"]]}


class LinkDuplicateForm(StepForm):
    reference = CodeField(
        label=_("Reference number of the earlier request"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the reference number")},
    )

    def clean_reference(self) -> Inquiry:
        _kind, found = lookup.find_by_reference(self.cleaned_data["reference"])
        if not found:
            raise forms.ValidationError(_("There is no request with this reference number"))
        return found[0]

    def arguments(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"], "of": self.cleaned_data["reference"]}


class ReplyForm(StepForm):
    begin = forms.ChoiceField(
        label="Begin with",
        help_text="“Fill in” puts it below what you have written. Nothing is sent by it.",
        required=False,
        error_messages={
            "required": "Choose a reply to begin with",
            "invalid_choice": "This reply is not there any more: choose another",
        },
    )
    text = TextField(
        label="Message to the sender",
        help_text="She reads it on her private page. It may hold what she asked about.",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write the message first"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replies = {str(reply.pk): reply for reply in CannedReply.objects.all()}
        self._set_choices(Language.values)

    def adapt_to(self, inquiry: Inquiry, sending: Inquiry) -> None:
        """Replies in her language come first."""
        self._set_choices(sorted(Language.values, key=lambda each: each != sending.language))

    def _set_choices(self, languages: list[str]) -> None:
        groups: dict[str, list[tuple[str, str]]] = {each: [] for each in languages}
        for key, reply in self.replies.items():
            groups[reply.language].append((key, reply.title))
        named = [(Language(each).label, of_it) for each, of_it in groups.items() if of_it]
        self.fields["begin"].choices = [("", "Choose"), *named]  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if left := canned_replies.unfilled_placeholder(text):
            raise forms.ValidationError(
                f"{left} was not filled in: write what belongs there, or take it out"
            )
        return text

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "text")}


class InsertReplyForm(ReplyForm):
    """Asks for the canned reply alone: what was written so far may be anything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begin"].required = True
        self.fields["text"].required = False

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text


class CloseForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("What was the outcome?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome")},
    )

    def explain_not_unreachable(self, why: str) -> None:
        """Beside the choice, which is refused as long as it is there."""
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (value, f"{label}. {why}" if value == Outcome.UNREACHABLE else label)
            for value, label in Outcome.choices
        ]


class EraseForm(StepForm):
    reason = forms.ChoiceField(
        label=_("Why?"),
        error_messages={"required": _("Choose why")},
        choices=[
            (reason.value, reason.label)
            for reason in ErasureReason
            if reason in {ErasureReason.ASKED, ErasureReason.MISTAKE}
        ],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label=_("Erase it permanently. This can’t be undone."),
        error_messages={"required": _("Check the box first")},
    )

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


STEP_FORMS: dict[Step, type[StepForm]] = {
    Step.CLEAR: StepForm,
    Step.DISCARD: StepForm,
    Step.CLAIM: StepForm,
    Step.TAKE_OVER: StepForm,
    Step.RELEASE: StepForm,
    Step.REASSIGN: ReassignForm,
    Step.ATTEMPT: AttemptForm,
    Step.CONNECT: ConnectForm,
    Step.WAIT: WaitForm,
    Step.WAKE: StepForm,
    Step.REPLY: ReplyForm,
    Step.LINK: StepForm,
    Step.ACCEPT: AcceptForm,
    Step.GRADE: GradeForm,
    Step.HANDOVER: HandoverForm,
    Step.NOTE: NoteForm,
    Step.LINK_DUPLICATE: LinkDuplicateForm,
    Step.UNLINK_DUPLICATE: StepForm,
    Step.CLOSE: CloseForm,
    Step.REOPEN: StepForm,
    Step.ERASE: EraseForm,
}
