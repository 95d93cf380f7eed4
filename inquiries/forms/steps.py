"""The steps of triage as forms. Each carries the version that its page showed."""

from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.forms.accept import AcceptForm
from inquiries.forms.call import CallForm
from inquiries.forms.cases import (
    AskReferralForm,
    ChecklistForm,
    CloseForm,
    GiveTaskForm,
    ReferForm,
    SettleTaskForm,
    TaskForm,
)
from inquiries.forms.fields import MESSAGE_LENGTH, CodeField, TextField, set_choices
from inquiries.forms.reply import ReplyForm
from inquiries.forms.step_form import StepForm
from inquiries.forms.use_details import UseDetailsForm
from inquiries.forms.waiting import WaitFields, waits_for
from inquiries.models import Inquiry
from inquiries.search import lookup
from inquiries.states import EmergencyHelp, ErasureReason, Step, Urgency
from inquiries.team import availability, languages, suggestions
from inquiries.team import language_words as words

if TYPE_CHECKING:
    from portal.models import User


class NoteForm(StepForm):
    version = None  # type: ignore[assignment] # a note fits whatever others did meanwhile

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


class WaitForm(StepForm, WaitFields):
    @classmethod
    def choices_for(cls, inquiry: Inquiry, sending: Inquiry) -> Hashable:
        return waits_for(inquiry)

    def take(self, choices: Any) -> None:
        self.take_waits(choices)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.require_wait(said)
        return said

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            **{name: said[name] for name in ("version", "until", "why")},
            "text": said["why_text"],
        }


class WordForm(StepForm):
    """A step with a word to the colleague it concerns."""

    text = TextField(
        label=_("A word to your colleague"),
        help_text=_("The patient never sees it."),
        optional=True,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    marks_optional = True


class AskLeadForm(StepForm):
    text = TextField(
        label=_("What do you want to ask?"),
        help_text=_("The leads get an email that you ask, without the question."),
        optional=True,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    marks_optional = True


class ReassignForm(WordForm):
    to = forms.ChoiceField(
        label=_("To whom?"),
        error_messages={
            "required": _("Choose a colleague"),
            "invalid_choice": _("Choose a colleague who is available"),
        },
    )

    field_order = ("version", "to", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            availability.here.refresh()
            self.colleagues = {str(user.pk): user for user in availability.here.get()}
            self._set_choices((key, str(user)) for key, user in self.colleagues.items())

    @classmethod
    def choices_for(cls, inquiry: Inquiry, sending: Inquiry) -> Hashable:
        """List those who suit it best first, with why, and leave out the current owner."""
        here = availability.here.get()
        others = [user for user in here if user.pk != inquiry.owner_id]
        owner = next((user for user in here if user.pk == inquiry.owner_id), None)
        found = suggestions.suggest_colleagues(inquiry, others, language=sending.language)
        return (
            tuple((str(each.user.pk), words.name_with_reasons(each)) for each in found),
            " ".join(_hints(sending, owner, others)),
        )

    def take(self, choices: Any) -> None:
        colleagues, self.fields["to"].help_text = choices
        self._set_choices(colleagues)

    def _set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        set_choices(self, "to", [("", _("Choose")), *choices])

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data | {"to": self.colleagues[self.cleaned_data["to"]]}


def _hints(sending: Inquiry, owner: "User | None", others: Iterable["User"]) -> Iterator[str]:
    """Yield what to know about the sender's language before choosing one of `others`."""
    language = languages.foreign_language(sending.language)
    if language and not any(languages.speaks(user, language) for user in others):
        is_owner_s = owner is not None and languages.speaks(owner, language)
        yield words.no_one_else_speaks(language) if is_owner_s else words.no_one_speaks(language)
    if sending.interpreter:
        yield words.interpreter_wanted(sending.interpreter_language)


class LinkDuplicateForm(StepForm):
    reference = CodeField(
        label=_("Reference number of the other request"),
        help_text=_("This one is closed. The other goes on, and shows what this one says."),
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


#: Steps without a form, an attempt and a conversation, are logged as calls.
STEP_FORMS: dict[Step, type[StepForm]] = {
    Step.CLEAR: StepForm,
    Step.DISCARD: StepForm,
    Step.CLAIM: StepForm,
    Step.TAKE_OVER: WordForm,
    Step.RELEASE: WordForm,
    Step.REASSIGN: ReassignForm,
    Step.CALL: CallForm,
    Step.WAIT: WaitForm,
    Step.WAKE: StepForm,
    Step.REPLY: ReplyForm,
    Step.LINK: StepForm,
    Step.ACCEPT: AcceptForm,
    Step.USE_DETAILS: UseDetailsForm,
    Step.GRADE: GradeForm,
    Step.HANDOVER: HandoverForm,
    Step.NOTE: NoteForm,
    Step.ADD_TASK: TaskForm,
    Step.ADD_CHECKLIST: ChecklistForm,
    Step.SETTLE_TASK: SettleTaskForm,
    Step.GIVE_TASK: GiveTaskForm,
    Step.REFER: ReferForm,
    Step.ASK_REFERRAL: AskReferralForm,
    Step.ASK_LEAD: AskLeadForm,
    Step.LINK_DUPLICATE: LinkDuplicateForm,
    Step.UNLINK_DUPLICATE: StepForm,
    Step.CLOSE: CloseForm,
    Step.REOPEN: StepForm,
    Step.ERASE: EraseForm,
}
