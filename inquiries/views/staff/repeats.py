"""What the duplicates of a request say, shown on its page so that none of it is forgotten."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquiries.ledger.events import record_reading
from inquiries.models import Inquiry
from inquiries.outcomes import Outcome
from inquiries.views.private_page.history import History, HistoryMessage
from inquiries.views.staff.record import Record

if TYPE_CHECKING:
    from portal.models import User

#: The most duplicates that are shown in full; the rest are links.
_MOST = 5
#: What decides how, when, and in which words we reach someone.
_REACH = (
    *("contact_method", "phone_e164", "phone", "email", "never_contact", "voicemail"),
    *("shared_phone", "shared_email", "best_time", "language", "interpreter", "relation"),
)


@dataclass(frozen=True)
class Repeat:
    inquiry: Inquiry
    sending: Inquiry
    messages: list[HistoryMessage]
    #: Whether it says something else than the request about how to reach them.
    differs: bool
    is_withdrawn: bool
    #: Whether we go by its details.
    counts: bool


def read_repeats(record: Record, user: "User") -> list[Repeat]:
    """Return the newest ones that are handled with this request. Each counts as read."""
    handled = [
        each
        for each in record.repeats
        if each.outcome in {Outcome.DUPLICATE, Outcome.WITHDRAWN} and not each.erased_at
    ]
    return [_read(each, record, user) for each in handled[-_MOST:]]


def _read(inquiry: Inquiry, record: Record, user: "User") -> Repeat:
    record_reading(inquiry, by=user)
    history = History(inquiry)
    ours, theirs = record.sending, history.sending
    return Repeat(
        inquiry,
        theirs,
        [each for each in history.messages if each.is_from_sender],
        differs=any(getattr(ours, name) != getattr(theirs, name) for name in _REACH),
        is_withdrawn=inquiry.outcome == Outcome.WITHDRAWN,
        counts=record.chosen_details == inquiry.reference,
    )
