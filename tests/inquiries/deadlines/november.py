"""The clocks of a request in November 2026, in the clinic's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inquiries.models import Clock, Inquiry
from inquiries.states import WaitReason
from inquiries.triage import steps
from portal.models import User

NEW_YORK = ZoneInfo("America/New_York")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


def running(inquiry: Inquiry) -> dict[str, datetime]:
    clocks = Clock.objects.filter(inquiry=inquiry, stopped_at__isnull=True)
    return {clock.kind: clock.due_at for clock in clocks}


def ended(inquiry: Inquiry, kind: str) -> Clock:
    return inquiry.clocks.filter(kind=kind, stopped_at__isnull=False).get()


def due(inquiry: Inquiry) -> datetime:
    return Inquiry.objects.values_list("due_at", flat=True).get(pk=inquiry.pk)


def try_to_call(inquiry: Inquiry, by: User) -> Inquiry:
    inquiry.refresh_from_db()
    return steps.log_attempt(
        inquiry, method="phone", reached="nobody", version=inquiry.version, by=by
    )


def set_aside(inquiry: Inquiry, until: datetime, why: WaitReason, by: User) -> Inquiry:
    inquiry.refresh_from_db()
    return steps.set_aside(inquiry, until=until, why=why, version=inquiry.version, by=by)
