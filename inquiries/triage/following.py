"""Which request to take next."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.models.stored_plan import is_in_window
from inquiries.states import State, Step

if TYPE_CHECKING:
    from portal.models import User

#: After these, there is nothing left to do with the request for whoever took them.
ENDS_WORK = frozenset({Step.CLOSE, Step.WAIT, Step.REASSIGN, Step.RELEASE, Step.DISCARD})
#: The most of one’s own requests looked at: those after it are due much later.
_MOST = 30


def find_next(user: "User", *, but: UUID) -> Inquiry | None:
    """Return the one to take next: one’s own whose time has come, or else an unclaimed one.

    Of each, the first one due. `but` is the request just left.
    """
    now = timezone.now()
    own = Inquiry.objects.claimed_by(user).filter(state__in=[State.CLAIMED, State.CONNECTED])
    for row in own.filter(is_in_window(now)).exclude(pk=but).for_queue()[:_MOST]:
        if row.awaits_answer:
            return row
    return Inquiry.objects.unclaimed().exclude(pk=but).first()
