"""The life of a request: its states, and the steps between them."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    # Possible spam: it waits for a person to review it, with a deadline of its own.
    QUARANTINED = "quarantined", _("In quarantine")
    NEW = "new", _("New")
    CLAIMED = "claimed", _("Claimed")
    # A coordinator and the sender have spoken.
    CONNECTED = "connected", _("Connected")
    # On hold until a day that was agreed on or is needed; then it resumes on its own.
    WAITING = "waiting", _("On hold")
    CLOSED = "closed", _("Closed")
    # What it said is gone for good; a record that it existed and what happened to it remains.
    ERASED = "erased", _("Erased")


#: States in which nobody owns it.
UNOWNED = (State.QUARANTINED, State.NEW)
#: States in which somebody owns it.
OWNED = (State.CLAIMED, State.CONNECTED, State.WAITING)
#: States in which somebody is still waiting for us.
OPEN = (State.NEW, *OWNED)


class Urgency(TextChoices):
    """How soon the patient has to be reached. A person decides; danger phrases only suggest."""

    URGENT = "urgent", _("Urgent")
    SOON = "soon", _("Soon")
    ROUTINE = "routine", _("Routine")


def suggested_urgency(*, urgent: bool) -> Urgency:
    """Return the default until a person decides, by whether danger phrases were found."""
    return Urgency.URGENT if urgent else Urgency.ROUTINE


class OwnerAfter(Enum):
    """Who owns a request after a step. In an UNOWNED state nobody does, whatever the step."""

    SAME = auto()
    #: The person who took the step.
    ACTOR = auto()
    #: The account that the event names in its detail, as `to`.
    NAMED = auto()


class Taker(Enum):
    """Who may take a step, among those whose role includes it."""

    ANYBODY = auto()
    OWNER_OR_LEAD = auto()
    #: Anyone who does not own it already.
    OTHERS = auto()
    #: Like OWNER_OR_LEAD, but anyone if nobody owns it.
    OWNER_IF_ANY = auto()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a step does, besides where it leads: see NEXT."""

    #: The kind of event that it writes, one of Event.Kind.
    writes: str
    owner: OwnerAfter = OwnerAfter.SAME
    #: Who may take it, by role and by ownership: see `team.permissions`.
    permission: str = "inquiries.triage_inquiry"
    taker: Taker = Taker.ANYBODY


def _of_owner(writes: str, owner: OwnerAfter = OwnerAfter.SAME) -> Effect:
    return Effect(writes=writes, owner=owner, taker=Taker.OWNER_OR_LEAD)


_MARKED = Effect(writes="duplicate_marked", taker=Taker.OWNER_IF_ANY)
_TAKEN_OVER = Effect(writes="taken_over", owner=OwnerAfter.ACTOR, taker=Taker.OTHERS)


class Step(TextChoices):
    """What staff do with a request. Each is a function in `triage`, or `privacy` for erasure."""

    effect: Effect

    # mypy takes a lookup by value for a call of this; a row without its effect fails on import.
    def __new__(cls, value: str, effect: Effect = None) -> Self:  # type: ignore[assignment]
        step = str.__new__(cls, value)
        step._value_ = value
        step.effect = effect
        return step

    CLEAR = "clear", Effect(writes="cleared"), _("Not spam")
    DISCARD = "discard", Effect(writes="closed"), _("Close as spam")
    CLAIM = "claim", Effect(writes="claimed", owner=OwnerAfter.ACTOR), _("Claim")
    TAKE_OVER = "take_over", _TAKEN_OVER, _("Take over")
    RELEASE = "release", _of_owner("released"), _("Release")
    REASSIGN = "reassign", _of_owner("reassigned", OwnerAfter.NAMED), _("Hand over")
    # One form for a call, a text, or an email: an attempt or a conversation, and what follows.
    CALL = "call", Effect(writes="attempted"), _("Log a call")
    ATTEMPT = "attempt", Effect(writes="attempted"), _("Log an attempt")
    CONNECT = "connect", Effect(writes="connected"), _("Log a conversation")
    WAIT = "wait", _of_owner("waited"), _("Put on hold")
    WAKE = "wake", _of_owner("woken"), _("Resume now")
    REPLY = "reply", _of_owner("replied"), _("Write to the sender")
    LINK = "link", Effect(writes="link_asked"), _("Email a new private link")
    ACCEPT = "accept", _of_owner("added"), _("Confirm contact details")
    USE_DETAILS = "use_details", Effect(writes="added"), _("Choose how to reach them")
    GRADE = "grade", Effect(writes="graded"), _("Set the urgency")
    HANDOVER = "handover", Effect(writes="handed_over"), _("Log a hand-over to emergency help")
    NOTE = "note", Effect(writes="noted"), _("Add a note for colleagues")
    ASK_LEAD = "ask_lead", Effect(writes="lead_asked"), _("Ask a lead")
    ADD_TASK = "add_task", Effect(writes="tasks_added"), _("Add a task")
    ADD_CHECKLIST = "add_checklist", Effect(writes="tasks_added"), _("Add a checklist")
    SETTLE_TASK = "settle_task", Effect(writes="task_settled"), _("Finish a task")
    GIVE_TASK = "give_task", Effect(writes="task_given"), _("Give the task to someone else")
    REFER = "refer", Effect(writes="referred"), _("Refer to someone")
    ASK_REFERRAL = "ask_referral", Effect(writes="referral_answered"), _("Log a referral’s answer")
    LINK_DUPLICATE = "link_duplicate", _MARKED, _("Close as a duplicate")
    UNLINK_DUPLICATE = "unlink_duplicate", Effect(writes="duplicate_undone"), _("Not a duplicate")
    CLOSE = "close", _of_owner("closed"), _("Close")
    REOPEN = "reopen", Effect(writes="reopened"), _("Reopen")
    ERASE = "erase", Effect(writes="erased", permission="inquiries.erase_inquiry"), _("Erase")


#: What leaves a claimed request as it is: to log something, to write, to change who works on it.
_STAYS_AS_IT_IS = (
    *(Step.CALL, Step.ATTEMPT, Step.REPLY, Step.NOTE, Step.ASK_LEAD, Step.TAKE_OVER),
    *(Step.REASSIGN, Step.ACCEPT, Step.LINK, Step.GRADE, Step.HANDOVER),
    *(Step.UNLINK_DUPLICATE, Step.USE_DETAILS),
)


def _owned(state: State) -> dict[Step, State]:
    """Return what is allowed while someone owns it; being on hold forbids none of it."""
    leads_on = {
        Step.CONNECT: State.CONNECTED,
        Step.WAIT: State.WAITING,
        Step.CLOSE: State.CLOSED,
        Step.LINK_DUPLICATE: State.CLOSED,
        Step.RELEASE: State.NEW,
        Step.ERASE: State.ERASED,
    }
    return dict.fromkeys(_STAYS_AS_IT_IS, state) | leads_on


#: Which steps are allowed in each state, and where they lead. Any other step is refused.
NEXT: dict[State, dict[Step, State]] = {
    State.QUARANTINED: {
        Step.CLEAR: State.NEW,
        Step.NOTE: State.QUARANTINED,
        Step.DISCARD: State.CLOSED,
        Step.ERASE: State.ERASED,
    },
    State.NEW: {
        Step.CLAIM: State.CLAIMED,
        # Whoever calls first has taken it up.
        Step.CALL: State.CLAIMED,
        Step.NOTE: State.NEW,
        Step.ASK_LEAD: State.NEW,
        Step.REASSIGN: State.CLAIMED,
        Step.CLEAR: State.NEW,
        Step.DISCARD: State.CLOSED,
        Step.GRADE: State.NEW,
        Step.HANDOVER: State.NEW,
        Step.LINK_DUPLICATE: State.CLOSED,
        Step.UNLINK_DUPLICATE: State.NEW,
        Step.USE_DETAILS: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.CLAIMED: _owned(State.CLAIMED),
    State.CONNECTED: _owned(State.CONNECTED),
    State.WAITING: {Step.WAKE: State.CLAIMED, **_owned(State.WAITING)},
    State.CLOSED: {
        # The patient may call again about a closed request.
        Step.HANDOVER: State.CLOSED,
        Step.NOTE: State.CLOSED,
        Step.UNLINK_DUPLICATE: State.NEW,
        Step.REOPEN: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.ERASED: {},
}
#: Tasks and referrals change no state, and outlive the closing of a request.
CASE_STEPS = (
    *(Step.ADD_TASK, Step.ADD_CHECKLIST, Step.SETTLE_TASK, Step.GIVE_TASK),
    *(Step.REFER, Step.ASK_REFERRAL),
)
for _state in (*OPEN, State.CLOSED):
    NEXT[_state] |= dict.fromkeys(CASE_STEPS, _state)


class WaitReason(TextChoices):
    """Why a request is on hold. Its deadline moves only if the sender asked to wait."""

    ASKED = "asked", _("The sender asked for that time")
    OTHERS = "others", _("Someone else has to answer us first")
    PAPERS = "papers", _("The sender has to find or send something first")


class IdentityCheck(TextChoices):
    """How we confirmed who we were speaking with, before anything about health was said."""

    REFERENCE = "reference", _("They gave the reference number of the request")
    DETAIL = "detail", _("They gave an address or number we have, other than the one we called")
    OWN_WORDS = "own_words", _("They told us what they had asked, without a hint from us")


class EmergencyHelp(TextChoices):
    """Who took over a person in danger."""

    SERVICES = "services", _("Emergency services")
    CRISIS_LINE = "crisis_line", _("A crisis line")
    CLINICIAN = "clinician", _("One of our clinicians")


class AttemptResult(TextChoices):
    """How an attempt to reach the sender ended."""

    # Only in older events: a conversation is now a step of its own, CONNECT.
    SPOKE = "spoke", _("We spoke with them")
    LEFT_WORD = "left_word", _("We left a message, as they allow")
    NOBODY = "nobody", _("No one answered")
    SOMEBODY_ELSE = "somebody_else", _("Someone else answered. We said nothing about health")
    WRONG = "wrong", _("The number or address doesn’t work, or isn’t theirs")


class ErasureReason(TextChoices):
    """Why the contents of a request were destroyed."""

    SENDER = "sender", _("The sender erased it on the private page")
    ASKED = "asked", _("The patient asked us to erase it")
    MISTAKE = "mistake", _("It was sent by mistake, or by someone who had no right to send it")
    RETENTION = "retention", _("Its retention period ended")
    KEY_LOST = "key_lost", _("The key that opened it was lost")


class Proof(TextChoices):
    """How a submission was proven to come from the sender of the request; see `proof`."""

    NONE = "none", _("not confirmed")
    CONFIRMATION = "confirmation", _("on the confirmation page, in the same browser")
    PRIVATE_PAGE = "private_page", _("on the private page")
    COLLEAGUE = "colleague", _("by a colleague")


class SpamSignal(TextChoices):
    """Signs of an automated submission; `spam_signals` weighs them."""

    TRAP = "trap", _("a hidden field was filled in")
    FLOOD = "flood", _("one of very many from the same address")
    CROWD = "crowd", _("sent while very many requests came in from everywhere")
    HASTE = "haste", _("sent within three seconds of opening the form")
    LINKS = "links", _("links in the message")
    REPEATS = "repeats", _("the same message was sent several times")
    ECHO = "echo", _("the same message came from many places")
    BURST = "burst", _("one of several urgent requests from one network within minutes")


@cache
def leads_to(event_kind: str, state: str) -> str:
    """Return the state that an event of this kind leads to from `state`, according to NEXT."""
    # Senders and the portal can act in states where staff cannot; then the step leads where it does
    # from any other state.
    led = [
        (before, after)
        for before, steps in NEXT.items()
        for step, after in steps.items()
        if step.effect.writes == event_kind
    ]
    here = {after for before, after in led if before == state}
    found = here or {after for before, after in led if before != after}
    return found.pop() if len(found) == 1 else state
