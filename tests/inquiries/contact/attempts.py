"""Attempts to reach a sender in November 2026, in the clinic's time zone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from inquiries.deadlines import service_levels
from inquiries.deadlines.service_levels import Level
from inquiries.models import Event, Inquiry
from inquiries.states import State, Urgency
from inquiries.triage import steps as triage
from portal.models import User
from tests.factories import make_inquiry, make_submission

NEW_YORK = ZoneInfo("America/New_York")
NOBODY = {"method": "phone", "reached": "nobody"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in November 2026 at the clinic; the 23rd is a Monday, the 26th Thanksgiving."""
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


def sent(**fields: Any) -> Inquiry:
    """Return an unsaved request with the fields that decide how to reach the sender."""
    submission = make_submission(**{"time_zone": "America/New_York", **fields})
    return Inquiry(**submission.inquiry_fields())


def happened(*steps: tuple[str, datetime, dict[str, str]]) -> list[Event]:
    return [Event(kind=kind, at=when, detail=detail) for kind, when, detail in steps]


def tried(*times: datetime, method: str = "phone", reached: str = "nobody") -> list[Event]:
    detail = {"method": method, "reached": reached}
    return happened(*(("attempted", when, detail) for when in times))


def routine() -> Level:
    """The routine level: three attempts, four hours apart, in two parts of the day and channels."""
    return service_levels.level_for(Urgency.ROUTINE)


def make_tried(owner: User, *times: datetime) -> Inquiry:
    with time_machine.travel(at(23, 8), tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner, time_zone="America/New_York")
    for when in times:
        with time_machine.travel(when, tick=False):
            inquiry = triage.log_attempt(inquiry, **NOBODY, version=inquiry.version, by=owner)
    return inquiry
