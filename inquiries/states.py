"""The life of a request: its states, the steps between them, and how it can end."""

from django.db.models import TextChoices


class State(TextChoices):
    NEW = "new", "New"
    CLAIMED = "claimed", "Claimed"
    CLOSED = "closed", "Closed"
    # What it said is gone for good; that it was, and what happened to it, stays.
    ERASED = "erased", "Erased"


#: States in which somebody still waits for us.
OPEN = (State.NEW, State.CLAIMED)


class Step(TextChoices):
    """What staff do with a request. Each is a verb in `triage`, erasing one in `privacy`."""

    CLAIM = "claim", "Claim"
    RELEASE = "release", "Release"
    NOTE = "note", "Add note"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    ERASE = "erase", "Erase"


#: What is allowed now, and where it leads. A step that is not here is refused.
NEXT: dict[State, dict[Step, State]] = {
    State.NEW: {
        Step.CLAIM: State.CLAIMED,
        Step.NOTE: State.NEW,
        Step.ERASE: State.ERASED,
    },
    State.CLAIMED: {
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


class ErasureReason(TextChoices):
    """Why what a request said was destroyed."""

    ASKED = "asked", "The person asked us to erase it"
    MISTAKE = "mistake", "It was sent to us by mistake, or by somebody without the right to"
    RETENTION = "retention", "It was kept as long as we may"
