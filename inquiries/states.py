"""The life of a request: its states, and the steps between them."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Self

from django.db.models import TextChoices


class State(TextChoices):
    # Perhaps a machine's: it waits for a person to look, by a deadline of its own.
    QUARANTINED = "quarantined", "In quarantine"
    NEW = "new", "New"
    CLAIMED = "claimed", "Claimed"
    # One of us and she have spoken with each other.
    CONNECTED = "connected", "Connected"
    # Until a day that was agreed on, or is needed; then it wakes by itself.
    WAITING = "waiting", "Waiting"
    CLOSED = "closed", "Closed"
    # What it said is gone for good; that it was, and what happened to it, stays.
    ERASED = "erased", "Erased"


#: States in which it is nobody's.
UNOWNED = (State.QUARANTINED, State.NEW)
#: States in which it is somebody's.
OWNED = (State.CLAIMED, State.CONNECTED, State.WAITING)
#: States in which somebody still waits for us.
OPEN = (State.NEW, *OWNED)


class Urgency(TextChoices):
    """How soon somebody has to be reached. A person chooses; words of danger suggest."""

    URGENT = "urgent", "Urgent"
    SOON = "soon", "Soon"
    ROUTINE = "routine", "Routine"


def suggested_urgency(*, urgent: bool) -> Urgency:
    """Until somebody has chosen: by whether words that may mean danger stand in it."""
    return Urgency.URGENT if urgent else Urgency.ROUTINE


class OwnerAfter(Enum):
    """Whose a request is after a step. In a state of UNOWNED it is nobody's, whatever the step."""

    SAME = auto()
    #: Who took the step.
    ACTOR = auto()
    #: The account that the event names: `to` of its detail.
    NAMED = auto()


class Taker(Enum):
    """Of those whose role includes a step, who may take it."""

    ANYBODY = auto()
    OWNER_OR_LEAD = auto()
    #: Whoever does not own it yet.
    OTHERS = auto()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a step does, beside where it leads: see NEXT."""

    #: The event that it leaves, of Event.Kind.
    writes: str
    owner: OwnerAfter = OwnerAfter.SAME
    #: Who may take it, by role and by whose the request is: see `team.permissions`.
    permission: str = "inquiries.triage_inquiry"
    taker: Taker = Taker.ANYBODY


def _of_owner(writes: str, owner: OwnerAfter = OwnerAfter.SAME) -> Effect:
    return Effect(writes=writes, owner=owner, taker=Taker.OWNER_OR_LEAD)


_TAKEN_OVER = Effect(writes="taken_over", owner=OwnerAfter.ACTOR, taker=Taker.OTHERS)


class Step(TextChoices):
    """What staff do with a request. Each is a verb in `triage`, erasing one in `privacy`."""

    effect: Effect

    # mypy takes a look-up by value for a call of this; a row without its effect fails on import.
    def __new__(cls, value: str, effect: Effect = None) -> Self:  # type: ignore[assignment]
        step = str.__new__(cls, value)
        step._value_ = value
        step.effect = effect
        return step

    CLEAR = "clear", Effect(writes="cleared"), "Clear as a person’s"
    DISCARD = "discard", Effect(writes="closed"), "Not a request"
    CLAIM = "claim", Effect(writes="claimed", owner=OwnerAfter.ACTOR), "Claim"
    TAKE_OVER = "take_over", _TAKEN_OVER, "Take over"
    RELEASE = "release", _of_owner("released"), "Release"
    REASSIGN = "reassign", _of_owner("reassigned", OwnerAfter.NAMED), "Hand over"
    ATTEMPT = "attempt", Effect(writes="attempted"), "Log an attempt"
    CONNECT = "connect", Effect(writes="connected"), "Log a conversation"
    WAIT = "wait", _of_owner("waited"), "Set aside"
    WAKE = "wake", _of_owner("woken"), "Take up again"
    REPLY = "reply", _of_owner("replied"), "Write to the sender"
    LINK = "link", Effect(writes="link_asked"), "Mail a new private link"
    ACCEPT = "accept", _of_owner("added"), "Confirm what counts"
    GRADE = "grade", Effect(writes="graded"), "Set the urgency"
    HANDOVER = "handover", Effect(writes="handed_over"), "Log a hand-over to emergency help"
    NOTE = "note", Effect(writes="noted"), "Add note"
    LINK_DUPLICATE = "link_duplicate", Effect(writes="duplicate_linked"), "Link as a duplicate"
    UNLINK_DUPLICATE = "unlink_duplicate", Effect(writes="duplicate_unlinked"), "Unlink duplicate"
    CLOSE = "close", _of_owner("closed"), "Close"
    REOPEN = "reopen", Effect(writes="reopened"), "Reopen"
    ERASE = "erase", Effect(writes="erased", permission="inquiries.erase_inquiry"), "Erase"


#: What is allowed now, and where it leads. A step that is not here is refused.
NEXT: dict[State, dict[Step, State]] = {
    State.QUARANTINED: {
        Step.CLEAR: State.NEW,
        Step.NOTE: State.QUARANTINED,
        Step.DISCARD: State.CLOSED,
        Step.ERASE: State.ERASED,
    },
    State.NEW: {
        Step.CLAIM: State.CLAIMED,
        Step.REASSIGN: State.CLAIMED,
        Step.CLEAR: State.NEW,
        Step.DISCARD: State.CLOSED,
        Step.GRADE: State.NEW,
        Step.HANDOVER: State.NEW,
        Step.NOTE: State.NEW,
        Step.LINK_DUPLICATE: State.NEW,
        Step.UNLINK_DUPLICATE: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.CLAIMED: {
        Step.CONNECT: State.CONNECTED,
        Step.ATTEMPT: State.CLAIMED,
        Step.REPLY: State.CLAIMED,
        Step.WAIT: State.WAITING,
        Step.LINK: State.CLAIMED,
        Step.ACCEPT: State.CLAIMED,
        Step.GRADE: State.CLAIMED,
        Step.HANDOVER: State.CLAIMED,
        Step.NOTE: State.CLAIMED,
        Step.CLOSE: State.CLOSED,
        Step.TAKE_OVER: State.CLAIMED,
        Step.REASSIGN: State.CLAIMED,
        Step.RELEASE: State.NEW,
        Step.LINK_DUPLICATE: State.CLAIMED,
        Step.UNLINK_DUPLICATE: State.CLAIMED,
        Step.ERASE: State.ERASED,
    },
    State.CONNECTED: {
        Step.CONNECT: State.CONNECTED,
        Step.ATTEMPT: State.CONNECTED,
        Step.REPLY: State.CONNECTED,
        Step.WAIT: State.WAITING,
        Step.LINK: State.CONNECTED,
        Step.ACCEPT: State.CONNECTED,
        Step.GRADE: State.CONNECTED,
        Step.HANDOVER: State.CONNECTED,
        Step.NOTE: State.CONNECTED,
        Step.CLOSE: State.CLOSED,
        Step.TAKE_OVER: State.CONNECTED,
        Step.REASSIGN: State.CONNECTED,
        Step.RELEASE: State.NEW,
        Step.LINK_DUPLICATE: State.CONNECTED,
        Step.UNLINK_DUPLICATE: State.CONNECTED,
        Step.ERASE: State.ERASED,
    },
    State.WAITING: {
        Step.WAKE: State.CLAIMED,
        Step.WAIT: State.WAITING,
        Step.CONNECT: State.CONNECTED,
        Step.ACCEPT: State.WAITING,
        Step.GRADE: State.WAITING,
        Step.HANDOVER: State.WAITING,
        Step.NOTE: State.WAITING,
        Step.CLOSE: State.CLOSED,
        Step.TAKE_OVER: State.WAITING,
        Step.REASSIGN: State.WAITING,
        Step.RELEASE: State.NEW,
        Step.LINK_DUPLICATE: State.WAITING,
        Step.UNLINK_DUPLICATE: State.WAITING,
        Step.ERASE: State.ERASED,
    },
    State.CLOSED: {
        # She may call again about one that is over.
        Step.HANDOVER: State.CLOSED,
        Step.NOTE: State.CLOSED,
        Step.LINK_DUPLICATE: State.CLOSED,
        Step.UNLINK_DUPLICATE: State.CLOSED,
        Step.REOPEN: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.ERASED: {},
}


#: Why a request went back to the queue by itself, by the word that its event carries.
RELEASE_REASONS = {
    "absent": "because its owner is away",
    "inactive": "because its owner no longer works here",
}


class WaitReason(TextChoices):
    """Why a request waits. Only her own wish moves its deadline."""

    ASKED = "asked", "She asked for that time"
    OTHERS = "others", "Somebody else has to answer us first"
    PAPERS = "papers", "She has to find or send something first"


class IdentityCheck(TextChoices):
    """How we made sure with whom we spoke, before a word about health was said."""

    REFERENCE = "reference", "Gave the reference of the request"
    DETAIL = "detail", "Named an address or number that we have, other than the one we called"
    OWN_WORDS = "own_words", "Told us, unprompted, what she had asked"


class EmergencyHelp(TextChoices):
    """To whom somebody in danger was handed over."""

    SERVICES = "services", "Emergency services"
    CRISIS_LINE = "crisis_line", "A crisis line"
    CLINICIAN = "clinician", "A clinician of ours"


class AttemptResult(TextChoices):
    """How an attempt to reach her ended."""

    # What ended in a conversation is a step of its own, CONNECT; this stands in older events.
    SPOKE = "spoke", "We spoke with her"
    LEFT_WORD = "left_word", "We left a message, as far as she allows it"
    NOBODY = "nobody", "Nobody answered"
    SOMEBODY_ELSE = "somebody_else", "Somebody else answered: nothing about health was said"
    WRONG = "wrong", "The number or address does not work, or is not hers"


class ErasureReason(TextChoices):
    """Why what a request said was destroyed."""

    SENDER = "sender", "The sender erased it on the private page"
    ASKED = "asked", "The person asked us to erase it"
    MISTAKE = "mistake", "It was sent to us by mistake, or by somebody without the right to"
    RETENTION = "retention", "It was kept as long as we may"


class Proof(TextChoices):
    """How it was shown that a sending came from the sender of the request; see `proof`."""

    NONE = "none", "not shown"
    CONFIRMATION = "confirmation", "by the confirmation page, in the same browser"
    PRIVATE_PAGE = "private_page", "on the private page"
    COLLEAGUE = "colleague", "by a colleague"


class SpamSignal(TextChoices):
    """What speaks for a machine; `spam_signals` weighs them."""

    TRAP = "trap", "filled in a field that people do not see"
    FLOOD = "flood", "one of very many from the same address"
    CROWD = "crowd", "came while very many came from everywhere"
    HASTE = "haste", "sent within three seconds of opening the form"
    LINKS = "links", "links in the message"
    REPEATS = "repeats", "the same message came several times"
    ECHO = "echo", "the same message came from many places"
    BURST = "burst", "one of several urgent ones from the same network within minutes"


@cache
def leads_to(event_kind: str, state: str) -> str:
    """Where an event of this kind leaves a request that stood in `state`, by the table NEXT."""
    # What the sender or the portal does where staff may not leads where it does from anywhere.
    led = [
        (before, after)
        for before, steps in NEXT.items()
        for step, after in steps.items()
        if step.effect.writes == event_kind
    ]
    here = {after for before, after in led if before == state}
    found = here or {after for before, after in led if before != after}
    return found.pop() if len(found) == 1 else state


def diagram() -> str:
    """The table NEXT as a Mermaid diagram, for docs/states.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.NEW}", f"    [*] --> {State.QUARANTINED}"]
    for state, steps in NEXT.items():
        to: dict[State, list[str]] = {}
        for step, led_to in steps.items():
            to.setdefault(led_to, []).append(step.label.lower())
        lines += [f"    {state} --> {led_to}: {', '.join(taken)}" for led_to, taken in to.items()]
    return "\n".join([*lines, f"    {State.ERASED} --> [*]"])
