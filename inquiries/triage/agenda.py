"""A colleague's call-backs, in the order in which they can be made.

The start page and the calendar link both read them here, so what they say about a request is the
same as its page does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from inquiries.contact.next_step import has_ungraded_danger
from inquiries.models import ContactMethod, Inquiry
from inquiries.models.planned_step import PlannedStep

if TYPE_CHECKING:
    from portal.models import User

#: The most open requests of one person that are looked at, the next due first.
MOST_OWN = 100
_BY_PHONE = frozenset({ContactMethod.PHONE, ContactMethod.TEXT})


@dataclass(frozen=True)
class CallBack:
    """The next call or text that a request needs, from the plan that is stored with it."""

    inquiry: Inquiry
    #: The earliest time for it.
    at: datetime
    #: The same; None if now is as good as any.
    begins: datetime | None

    @property
    def words(self) -> str:
        return str(PlannedStep(self.inquiry.planned_step).label)

    @property
    def is_danger(self) -> bool:
        return has_ungraded_danger(self.inquiry)

    @property
    def patient_time(self) -> datetime | None:
        """That time on the patient's clock, naive; None if ours shows the same."""
        theirs, ours = (
            self.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            for zone in (
                self.inquiry.current_time_zone or settings.CLINIC.time_zone,
                settings.CLINIC.time_zone,
            )
        )
        return None if theirs == ours else theirs

    @property
    def patient_place(self) -> str:
        """Where the patient's clock is, from the name of the time zone: “Los Angeles”."""
        return self.inquiry.current_time_zone.rpartition("/")[2].replace("_", " ")


def own_requests(user: "User") -> list[Inquiry]:
    """Return their open requests, the next due first; no more than MOST_OWN."""
    return list(Inquiry.objects.claimed_by(user).for_queue()[:MOST_OWN])


def find_call_backs(requests: Sequence[Inquiry], now: datetime) -> list[CallBack]:
    """Return the call-backs that these requests need, those that can be made now first."""
    found = [
        CallBack(each, each.callable_from or now, _begins(each, now))
        for each in requests
        if each.planned_way in _BY_PHONE
    ]
    return sorted(found, key=lambda each: (each.at, each.inquiry.due_at))


def _begins(inquiry: Inquiry, now: datetime) -> datetime | None:
    begins = inquiry.callable_from
    return begins if begins and begins > now else None


def of_today(call_backs: Sequence[CallBack], now: datetime) -> list[CallBack]:
    """Keep those that can be made before the clinic's day ends."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    return [each for each in call_backs if each.begins is None or each.begins < tomorrow]
