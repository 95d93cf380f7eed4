"""Logging a call, a text, or an email: what came of it, and what happens next, in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.contact import next_step, plan
from inquiries.contact.channels import usable_channels
from inquiries.contact.plan import Proposal
from inquiries.ledger import transitions
from inquiries.models import ContactMethod, Event, Inquiry, Voicemail
from inquiries.outcomes import CHOSEN_OUTCOMES, Outcome
from inquiries.states import AttemptResult, State, Step
from inquiries.team import permissions
from inquiries.triage import steps

if TYPE_CHECKING:
    from portal.models import User


#: A form pressed twice comes again at once; later, it is a call that was made anew.
_SENT_AGAIN_WITHIN = timedelta(minutes=2)


class Then(TextChoices):
    """What happens after a call."""

    CLOSE = "close", _("Close")
    #: Nothing is stored for it: the plan says when, and the caller is done for now.
    AGAIN = "again", _("Try again")
    WAIT = "wait", _("Put it on hold until …")
    OPEN = "open", _("Keep it open")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What somebody logs after they tried to reach the patient, or spoke with them."""

    method: str
    #: An AttemptResult; SPOKE means a conversation, which needs the `identity`.
    reached: str
    identity: str = ""
    #: What was said, for colleagues.
    text: str = ""
    then: str = Then.OPEN
    #: For CLOSE.
    outcome: str = ""
    #: For WAIT: an aware datetime, a WaitReason, and the reason in words of one's own.
    until: datetime | None = None
    why: str = ""
    why_text: str = ""

    @property
    def has_spoken(self) -> bool:
        return self.reached == AttemptResult.SPOKE

    @property
    def event(self) -> tuple[str, dict[str, str]]:
        """The kind and the detail of the event that records it."""
        if self.has_spoken:
            return Event.Kind.CONNECTED, {"method": self.method, "identity": self.identity}
        return Event.Kind.ATTEMPTED, {"method": self.method, "reached": self.reached}


@transaction.atomic
def log_call(inquiry: Inquiry, *, call: Call, version: int, by: "User") -> Inquiry:
    """Log a call and decide what happens next; all of it, or nothing.

    Whoever called logs it. On a new request, they claim it with that. The rules are those of the
    steps it consists of. Raise StepRefused.
    """
    last = transitions.lock_last_event(inquiry)
    if _is_logged(inquiry, call, version, by):
        return last.inquiry
    inquiry = transitions.check_transition(inquiry, Step.CALL, version=version, by=by)
    if inquiry.state == State.NEW:
        inquiry = steps.claim(inquiry, version=inquiry.version, by=by)
    said: dict[str, Any] = {"method": call.method, "text": call.text, "by": by}
    if call.has_spoken:
        inquiry = steps.log_conversation(
            inquiry, identity=call.identity, version=inquiry.version, **said
        )
    else:
        inquiry = steps.log_attempt(inquiry, reached=call.reached, version=inquiry.version, **said)
    if call.then == Then.CLOSE:
        return steps.close(inquiry, outcome=call.outcome, version=inquiry.version, by=by)
    if call.then == Then.WAIT and call.until:
        wait: dict[str, Any] = {"until": call.until, "why": call.why, "text": call.why_text}
        return steps.set_aside(inquiry, **wait, version=inquiry.version, by=by)
    return inquiry


def _is_logged(inquiry: Inquiry, call: Call, version: int, by: "User") -> bool:
    """Whether this form was sent just before: they logged the same call from this version."""
    kind, detail = call.event
    # A claim may come first.
    found = inquiry.events.filter(
        kind=kind,
        by=by,
        version__in=(version + 1, version + 2),
        at__gt=timezone.now() - _SENT_AGAIN_WITHIN,
    )
    rows = found.select_related("note", "inquiry__data_key")
    return any(event.detail == detail and event.has_note(call.text) for event in rows)


# --- What the form offers -------------------------------------------------------------------------


@dataclass(frozen=True)
class CallOffer:
    """What suits this request and this person."""

    method: ContactMethod | None
    may_leave_voicemail: bool
    may_send_words: bool
    #: Whether this person may also close it or put it on hold.
    may_decide: bool
    outcomes: list[Outcome]
    #: The next attempt after one that reached nobody, and after a wrong number. None as long as
    #: danger comes before any plan.
    again: Proposal | None
    again_if_wrong: Proposal | None


def prepare_call(  # noqa: PLR0913 - what may follow a call depends on all of it
    inquiry: Inquiry,
    sending: Inquiry,
    events: Sequence[Event],
    *,
    method: str | None,
    by: "User",
    has_tasks: bool,
) -> CallOffer:
    """`method`: how the plan says to reach them. `events`: without readings, in order.

    `has_tasks`: some are open, and the form for closing asks what becomes of them.
    """
    now = timezone.now()
    way = ContactMethod(method or sending.contact_method or ContactMethod.PHONE)

    def after(reached: str) -> Proposal:
        detail = {"method": way, "reached": reached}
        tried = Event(kind=Event.Kind.ATTEMPTED, at=now, detail=detail)
        return next_step.plan_for(inquiry, sending, [*events, tried], now)

    again = after(AttemptResult.NOBODY)
    is_danger = next_step.has_ungraded_danger(inquiry)
    ways = usable_channels(sending, events)
    is_lead = by.has_perm(permissions.LEAD_TRIAGE)
    too_early = plan.explain_not_unreachable(again.progress, by_lead=is_lead)
    leaves_word = sending.voicemail not in {"", Voicemail.NONE}
    return CallOffer(
        method=way,
        may_leave_voicemail=bool(sending.phone) and leaves_word,
        may_send_words=bool({ContactMethod.TEXT, ContactMethod.EMAIL} & {*ways, way}),
        may_decide=inquiry.state == State.NEW
        or not permissions.explain_refusal(Step.CLOSE, inquiry, by),
        outcomes=[]
        if has_tasks
        else [each for each in CHOSEN_OUTCOMES if each != Outcome.UNREACHABLE or not too_early],
        again=None if is_danger else again,
        again_if_wrong=None if is_danger else after(AttemptResult.WRONG),
    )
