"""How a request can end: one row for each outcome, with everything that follows from it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class End:
    """What follows from how a request ended."""

    #: What staff call it, in a word.
    word: "StrOrPromise"
    #: For the sender: the status of the request, and how the history on their page describes its
    #: end.
    status: "StrOrPromise"
    to_sender: "StrOrPromise"
    #: Days from closing to erasure; an operator can override this.
    kept_days: int
    #: There was nobody left to reach: no clock is judged, and nobody is asked whether we answered.
    is_void: bool = False
    #: The sender is asked once on their page whether this helped.
    asks_if_helped: bool = False


# How long 45 CFR 164.316(b)(2)(i) requires records of actions to be kept.
_SIX_YEARS = 6 * 365


class Outcome(TextChoices):
    """How a request ended."""

    end: End

    # mypy takes a lookup by value for a call of this; a row without its end fails below.
    def __new__(cls, value: str, end: End = None) -> Self:  # type: ignore[assignment]
        outcome = str.__new__(cls, value)
        outcome._value_ = value
        outcome.end = end
        return outcome

    ANSWERED = (
        "answered",
        End(
            word=_("Answered"),
            status=_("We answered your request. It’s now closed."),
            to_sender=_("Closed: we spoke with you or wrote to you, and answered your questions."),
            kept_days=_SIX_YEARS,
            asks_if_helped=True,
        ),
        _("Answered: we spoke or wrote, and the questions are answered"),
    )
    REFERRED = (
        "referred",
        End(
            word=_("Referred"),
            status=_(
                "We passed your question on to a clinician or another service. "
                "Your request with us is closed."
            ),
            to_sender=_("Closed: we passed it on to a clinician or another service."),
            kept_days=_SIX_YEARS,
            asks_if_helped=True,
        ),
        _("Referred: passed on to a clinician or another service"),
    )
    # Requests that came to nothing are kept no longer than a complaint may take.
    UNREACHABLE = (
        "unreachable",
        End(
            word=_("Unreachable"),
            status=_("We tried to reach you but couldn’t. Your request is closed for now."),
            to_sender=_("Closed: we tried to reach you but couldn’t."),
            kept_days=365,
        ),
        _("Unreachable: we tried but couldn’t reach them"),
    )
    WITHDRAWN = (
        "withdrawn",
        End(
            word=_("Withdrawn"),
            status=_("You canceled your request. It is closed."),
            to_sender=_("Closed: you no longer want us to contact you."),
            kept_days=90,
            is_void=True,
        ),
        _("Withdrawn: they no longer want us to contact them"),
    )
    # The request that it repeats is handled instead; see `triage.duplicates`.
    DUPLICATE = (
        "duplicate",
        End(
            word=_("Duplicate"),
            status=_("We’re handling this together with another request from you."),
            to_sender=_("Closed: we’re handling it together with another request from you."),
            kept_days=_SIX_YEARS,
            is_void=True,
        ),
        _("Duplicate: handled with another request from the same person"),
    )
    NOT_A_REQUEST = (
        "not_a_request",
        End(
            word=_("Spam"),
            status=_("We closed this because it looked like advertising or a test."),
            to_sender=_("Closed: it looked like advertising or a test."),
            kept_days=30,
            is_void=True,
        ),
        _("Spam: advertising, a test, or sent by mistake"),
    )


#: Outcomes that staff choose from. A duplicate ends by the request that it repeats.
CHOSEN_OUTCOMES = tuple(outcome for outcome in Outcome if outcome != Outcome.DUPLICATE)
VOID_OUTCOMES = frozenset(outcome for outcome in Outcome if outcome.end.is_void)
