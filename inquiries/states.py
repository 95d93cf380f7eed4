"""The life of a request: its states, the steps between them, and how it can end."""

from django.db.models import TextChoices


class State(TextChoices):
    # Perhaps a machine's: it waits for a person to look, by a deadline of its own.
    QUARANTINED = "quarantined", "In quarantine"
    NEW = "new", "New"
    CLAIMED = "claimed", "Claimed"
    CLOSED = "closed", "Closed"
    # What it said is gone for good; that it was, and what happened to it, stays.
    ERASED = "erased", "Erased"


#: States in which somebody still waits for us.
OPEN = (State.NEW, State.CLAIMED)


class Step(TextChoices):
    """What staff do with a request. Each is a verb in `triage`, erasing one in `privacy`."""

    CLEAR = "clear", "Clear from quarantine"
    DISCARD = "discard", "Not a request"
    CLAIM = "claim", "Claim"
    RELEASE = "release", "Release"
    ATTEMPT = "attempt", "Log an attempt"
    REPLY = "reply", "Write to the sender"
    LINK = "link", "Mail a new private link"
    NOTE = "note", "Add note"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    ERASE = "erase", "Erase"


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
        Step.NOTE: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.CLAIMED: {
        Step.ATTEMPT: State.CLAIMED,
        Step.REPLY: State.CLAIMED,
        Step.LINK: State.CLAIMED,
        Step.NOTE: State.CLAIMED,
        Step.CLOSE: State.CLOSED,
        Step.RELEASE: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.CLOSED: {
        Step.NOTE: State.CLOSED,
        Step.REOPEN: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.ERASED: {},
}


class Outcome(TextChoices):
    """How a request ended."""

    ANSWERED = "answered", "Answered: we spoke or wrote, and the questions are settled"
    REFERRED = "referred", "Referred: handed over to a clinician or another service"
    UNREACHABLE = "unreachable", "Unreachable: we tried and could not reach the person"
    WITHDRAWN = "withdrawn", "Withdrawn: the person no longer wants to be contacted"
    NOT_A_REQUEST = "not_a_request", "Not a request: advertising, a test, or sent by mistake"


class Reached(TextChoices):
    """How an attempt to reach her ended."""

    SPOKE = "spoke", "We spoke with her"
    LEFT_WORD = "left_word", "We left a message, as far as she allows it"
    NOBODY = "nobody", "Nobody answered"
    WRONG = "wrong", "The number or address does not work, or is not hers"


class ErasureReason(TextChoices):
    """Why what a request said was destroyed."""

    SENDER = "sender", "The sender erased it on the private page"
    ASKED = "asked", "The person asked us to erase it"
    MISTAKE = "mistake", "It was sent to us by mistake, or by somebody without the right to"
    RETENTION = "retention", "It was kept as long as we may"


class Sign(TextChoices):
    """What speaks for a machine; `suspicion` weighs them."""

    TRAP = "trap", "filled in a field that people do not see"
    FLOOD = "flood", "one of very many from the same address"
    CROWD = "crowd", "came while very many came from everywhere"
    HASTE = "haste", "sent within three seconds of opening the form"
    LINKS = "links", "links in the message"
    REPEATS = "repeats", "the same message came several times"
