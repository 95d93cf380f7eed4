"""The form that logs a call, a text, or an email, and says what happens next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.forms.fields import MESSAGE_LENGTH, TextField, set_choices
from inquiries.forms.step_form import StepForm
from inquiries.forms.waiting import WaitFields, Waits, waits_for
from inquiries.models import ContactMethod, Inquiry
from inquiries.outcomes import CHOSEN_OUTCOMES, Outcome
from inquiries.states import AttemptResult, IdentityCheck, State
from inquiries.triage import call_words as words
from inquiries.triage.calls import Call, CallOffer, Then

if TYPE_CHECKING:
    from portal.models import User

_Choices = list[tuple[str, Any]]
#: Each outcome is a choice of its own, so that closing takes one press.
_CLOSING = f"{Then.CLOSE}-"


def _closing_choices(outcomes: Iterable[Outcome]) -> _Choices:
    return [
        (f"{_CLOSING}{each.value}", words.CLOSE_AS % {"outcome": each.label}) for each in outcomes
    ]


def _then_choices(outcomes: Iterable[Outcome]) -> _Choices:
    others = [(each.value, each.label) for each in Then if each != Then.CLOSE]
    return [*_closing_choices(outcomes), *others]


@dataclass(frozen=True)
class CallChoices:
    """What a form for a call offers, in the words that it shows."""

    method: str
    results: tuple[tuple[str, str], ...]
    #: Empty if a colleague decides what happens next.
    then: tuple[tuple[str, str], ...]
    then_help: str
    waits: Waits
    is_new: bool
    owner: str


class CallForm(StepForm, WaitFields):
    method = forms.ChoiceField(
        label=_("How?"),
        choices=ContactMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you tried")},
    )
    reached = forms.ChoiceField(
        label=_("What came of it?"),
        choices=AttemptResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it")},
    )
    identity = forms.ChoiceField(
        label=_("If you spoke: how did you confirm who they are?"),
        help_text=_(
            "Do this before you discuss health. If they can’t confirm it, offer only a call back."
        ),
        required=False,
        choices=IdentityCheck.choices,
        widget=forms.RadioSelect,
    )
    text = TextField(
        label=_("What was said"),
        help_text=_("For colleagues. The patient never sees it."),
        optional=True,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    then = forms.ChoiceField(
        label=_("What happens next?"),
        choices=_then_choices(CHOSEN_OUTCOMES),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens next")},
    )

    field_order = ("version", "method", "reached", "identity", "text", "then", "pick", "until")

    def take(self, choices: CallChoices) -> None:
        self.fields["method"].initial = choices.method
        set_choices(self, "reached", choices.results)
        if not choices.then:
            self.fields["then"].widget = forms.HiddenInput()
            self.fields["then"].initial = Then.OPEN
            for name in ("pick", "until", "why", "why_text"):
                del self.fields[name]
            return
        self.take_waits(choices.waits)
        self.fields["then"].help_text = choices.then_help
        set_choices(self, "then", choices.then)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        then = said.get("then", "")
        if said.get("reached") == AttemptResult.SPOKE:
            if not said.get("identity") and "identity" not in self.errors:
                self.add_error("identity", _("Choose how you confirmed it"))
            if then == Then.AGAIN:
                self.add_error("then", _("You spoke with them. Choose a time to wait for instead"))
            if then == f"{_CLOSING}{Outcome.UNREACHABLE}":
                self.add_error("then", _("You spoke with them. Choose another outcome"))
        if then == Then.WAIT:
            self.require_wait(said)
        return said

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        then, _dash, outcome = said["then"].partition("-")
        has_spoken = said["reached"] == AttemptResult.SPOKE
        names = ("method", "reached", "text", "why_text")
        call = Call(
            **{name: said.get(name, "") for name in names},
            identity=said["identity"] if has_spoken else "",
            then=then,
            outcome=outcome,
            until=said.get("until"),
            why=said.get("why", ""),
        )
        return {"version": said["version"], "call": call}

    def ends_work(self, inquiry: Inquiry, by: "User") -> bool:
        is_colleagues = inquiry.owner_id not in {None, by.pk}
        return is_colleagues or self.cleaned_data["then"] != Then.OPEN


def call_choices(offer: CallOffer, inquiry: Inquiry, *, owner: str) -> CallChoices:
    """Return what suits this request and this person. `owner`: the colleague who has it, if any."""
    again = words.describe_slot(offer.again)
    if_wrong = words.describe_slot(offer.again_if_wrong)
    then_help = ""
    if not offer.outcomes:
        then_help = str(words.TASKS_FIRST)
    elif again and not if_wrong:
        then_help = str(words.IF_WRONG_ASK_LEAD)
    elif again and if_wrong != again:
        then_help = words.IF_WRONG % {"slot": if_wrong}
    then = _closing_choices(offer.outcomes)
    if again:
        then.append((Then.AGAIN.value, words.TRY_AGAIN % {"slot": again}))
    stays = words.STAYS_ON_HOLD if inquiry.state == State.WAITING else Then.OPEN.label
    then += [(Then.WAIT.value, Then.WAIT.label), (Then.OPEN.value, stays)]
    return CallChoices(
        method=offer.method or "",
        results=_plain(_result_choices(offer)),
        then=_plain(then) if offer.may_decide else (),
        then_help=then_help,
        waits=waits_for(inquiry) if offer.may_decide else (),
        is_new=inquiry.state == State.NEW,
        owner=owner,
    )


def _plain(choices: _Choices) -> tuple[tuple[str, str], ...]:
    return tuple((value, str(label)) for value, label in choices)


def _result_choices(offer: CallOffer) -> _Choices:
    labels = dict(AttemptResult.choices)
    if not offer.may_leave_voicemail:
        labels[AttemptResult.LEFT_WORD] = words.SENT_WORDS
        if not offer.may_send_words:
            del labels[AttemptResult.LEFT_WORD]
    return list(labels.items())
