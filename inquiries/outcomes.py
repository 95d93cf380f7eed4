"""How a request can end: a row for each way, with all that follows from it."""

from dataclasses import dataclass
from typing import Self

from django.db.models import TextChoices


@dataclass(frozen=True, kw_only=True)
class End:
    """What follows from how a request ended."""

    #: On the private page: how it stands, and after "… closed it:".
    status: str
    to_sender: str
    #: Days after closing until it is erased; an operator may say otherwise.
    kept_days: int
    #: Nobody was to be reached any more: no clock is judged, and nobody asked if we answered.
    is_void: bool = False


# What 45 CFR 164.316(b)(2)(i) asks of records of what was done.
_SIX_YEARS = 6 * 365


class Outcome(TextChoices):
    """How a request ended."""

    end: End

    # mypy takes a look-up by value for a call of this; a row without its end fails below.
    def __new__(cls, value: str, end: End = None) -> Self:  # type: ignore[assignment]
        outcome = str.__new__(cls, value)
        outcome._value_ = value
        outcome.end = end
        return outcome

    ANSWERED = (
        "answered",
        End(
            status="Your request is answered and closed.",
            to_sender="we spoke or wrote, and your questions were answered.",
            kept_days=_SIX_YEARS,
        ),
        "Answered: we spoke or wrote, and the questions are settled",
    )
    REFERRED = (
        "referred",
        End(
            status=(
                "We handed your question to a clinician or another service. "
                "Your request is closed with us."
            ),
            to_sender="it was handed over to a clinician or another service.",
            kept_days=_SIX_YEARS,
        ),
        "Referred: handed over to a clinician or another service",
    )
    # What came to nothing is kept no longer than a complaint may take.
    UNREACHABLE = (
        "unreachable",
        End(
            status="We tried to reach you and could not. Your request is closed for now.",
            to_sender="we tried, and could not reach you.",
            kept_days=365,
        ),
        "Unreachable: we tried and could not reach the person",
    )
    WITHDRAWN = (
        "withdrawn",
        End(
            status="You withdrew your request. It is closed.",
            to_sender="you no longer want to be contacted.",
            kept_days=90,
            is_void=True,
        ),
        "Withdrawn: the person no longer wants to be contacted",
    )
    NOT_A_REQUEST = (
        "not_a_request",
        End(
            status="We closed this, because we took it for advertising or a test.",
            to_sender="it was taken for advertising or a test.",
            kept_days=30,
            is_void=True,
        ),
        "Not a request: advertising, a test, or sent by mistake",
    )


VOID_OUTCOMES = frozenset(outcome for outcome in Outcome if outcome.end.is_void)
