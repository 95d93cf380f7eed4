"""When and how to try the patient next, and what the contact policy still requires.

The plan depends only on what was sent, what has happened, and the policy for that urgency. Parts of
the day are in the patient's local time. Datetimes are aware.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from inquiries.contact import cautions, words
from inquiries.contact.call_windows import (
    LOOKAHEAD,
    PARTS_OF_DAY,
    Slot,
    find_slots,
    find_slots_at_any_hour,
    open_spans,
    part_of_day,
    time_zone_of,
)
from inquiries.contact.channels import usable_channels
from inquiries.deadlines.business_hours import Timetable
from inquiries.deadlines.service_levels import Level
from inquiries.mail.patient_mail import may_email
from inquiries.models import BestTime, Clock, ContactMethod, Delivery, Event, Inquiry
from inquiries.states import AttemptResult, WaitReason

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Counting restarts at these events: we heard from them, or someone decided to start over.
_RESTARTING = frozenset(
    {
        *(Event.Kind.RECEIVED, Event.Kind.ADDED, Event.Kind.UNPROVEN),
        *(Event.Kind.WROTE, Event.Kind.JUDGED, Event.Kind.CONNECTED, Event.Kind.REOPENED),
    }
)
_Choice = TypeVar("_Choice", BestTime, ContactMethod)


@dataclass(frozen=True)
class Progress:
    """How much of the contact policy has been met."""

    attempts: int
    needed: int
    parts: tuple[BestTime, ...]
    channels: tuple[ContactMethod, ...]
    last_at: datetime | None
    #: What the policy still requires, one phrase each; empty once it is met.
    missing: tuple[str, ...]
    lacks_channel: bool

    @property
    def is_met(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Proposal:
    """When and how to try next. If there is no slot, `why_none` says why."""

    #: The progress this proposal is based on.
    progress: Progress
    slot: Slot | None
    method: ContactMethod | None
    why_none: str
    #: Warnings for staff, one sentence each.
    cautions: tuple[str, ...]
    zone: str
    is_now: bool = False

    @property
    def begins(self) -> datetime | None:
        """The earliest time to try; None if now is as good as any."""
        return None if self.slot is None or self.is_now else self.slot.begins

    @property
    def patient_times(self) -> tuple[datetime, datetime] | None:
        """The slot in the patient's local time, naive."""
        return self._on(self.zone)

    @property
    def clinic_times(self) -> tuple[datetime, datetime] | None:
        """The slot in the clinic's local time, naive; None if that is the same."""
        ours = self._on(settings.CLINIC.time_zone)
        return None if ours == self.patient_times else ours

    def _on(self, zone: str) -> tuple[datetime, datetime] | None:
        if self.slot is None:
            return None
        begins, ends = (
            each.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            for each in (self.slot.begins, self.slot.ends)
        )
        return begins, ends


# --- What was done --------------------------------------------------------------------------------


def measure_progress(
    sending: Inquiry, events: Iterable[Event], level: Level, now: datetime
) -> Progress:
    """Count attempts made since we last heard from them or the request was reopened.

    `sending` holds the current contact details. Attempts closer together than the policy allows
    count as one. Channels they did not give, and times that never overlap our hours, are not
    required.
    """
    events = list(events)
    tried = list(_counted_attempts(sending, events))
    counted: list[datetime] = []
    for at, _ in tried:
        if not counted or at - counted[-1] >= level.apart:
            counted.append(at)
    zone = ZoneInfo(time_zone_of(sending))
    been = {part_of_day(at.astimezone(zone)) for at, _ in tried}
    parts = tuple(part for part in PARTS_OF_DAY if part in been)
    used = tuple(way for way in ContactMethod if way in {method for _, method in tried})
    ways = usable_channels(sending, events)
    left = [way for way in ways if way not in used]
    slots, is_outside = find_slots(sending, level.timetable, now)
    there = {slot.part for slot in slots}
    # Outside the times they asked for, one attempt is enough.
    asked = 1 if is_outside else level.parts_of_day
    missing = (
        *_missing_attempts(level, len(counted)),
        *_missing_choices(_PARTS, parts, [each for each in PARTS_OF_DAY if each in there], asked),
        *(_missing_choices(_WAYS, used, ways, level.channels) if used or len(ways) > 1 else ()),
    )
    return Progress(
        attempts=len(counted),
        needed=level.attempts,
        parts=parts,
        channels=used,
        last_at=tried[-1][0] if tried else None,
        # If every channel has proved wrong, nothing more can be required.
        missing=missing if ways or not tried else (),
        lacks_channel=bool(left) and len(used) < level.channels,
    )


def _missing_attempts(level: Level, done: int) -> Iterator[str]:
    more = level.attempts - done
    if more <= 0:
        return
    hours = level.apart // timedelta(hours=1)
    said = {"number": more, "span": words.HOURS % {"hours": hours}}
    if not done:
        yield str(words.FIRST_ATTEMPT) if more == 1 else words.FIRST_ATTEMPTS % said
    elif more == 1:
        yield words.LAST_ATTEMPT % said
    else:
        yield words.MORE_ATTEMPTS % said


#: The sentence depends on how many of the remaining choices are needed: one, all, or some.
_PARTS = (words.ONE_PART, words.ALL_PARTS, words.SOME_PARTS)
_WAYS = (words.ONE_WAY, words.ALL_WAYS, words.SOME_WAYS)


def _missing_choices(
    sentences: "tuple[StrPromise, StrPromise, StrPromise]",
    done: Sequence[_Choice],
    possible: Sequence[_Choice],
    asked: int,
) -> Iterator[str]:
    """Name the untried choices, and how many of them are needed to bring the total to `asked`."""
    left = [str(each.label).lower() for each in possible if each not in done]
    more = min(asked - len(done), len(left))
    if more <= 0:
        return
    one, every, some = sentences
    *first, last = left
    two, many = (words.OR, words.OR_OF_MANY) if more == 1 else (words.AND, words.AND_OF_MANY)
    pattern = many if first[1:] else two
    listed = pattern % {"first": ", ".join(first), "last": last} if first else last
    sentence = one if more == 1 else every if more == len(left) else some
    yield sentence % {"choices": listed, "number": more}


def explain_not_unreachable(done: Progress, *, by_lead: bool) -> str:
    """Return a sentence for staff; empty for a lead once the policy is met."""
    missing = {"missing": "; ".join(done.missing)}
    if by_lead:
        return "" if done.is_met else words.TOO_EARLY % missing
    return str(words.LEADS_CLOSE) if done.is_met else words.LEADS_CLOSE_LATER % missing


def _counted_attempts(
    sending: Inquiry, events: Iterable[Event]
) -> Iterator[tuple[datetime, ContactMethod]]:
    """Yield when and how staff tried to reach them. Automatic emails do not count. A coordinator's
    message does count if an email told the sender about it.
    """
    tried: list[tuple[datetime, ContactMethod]] = []
    for event in events:
        match event.kind:
            case Event.Kind.ATTEMPTED if event.detail["reached"] != AttemptResult.SPOKE:
                tried.append((event.at, ContactMethod(event.detail["method"])))
            case Event.Kind.REPLIED if may_email(sending):
                tried.append((event.at, ContactMethod.EMAIL))
            case Event.Kind.UNDELIVERED if event.detail["mail"] == Delivery.Kind.REPLY:
                tried = [each for each in tried if each[1] != ContactMethod.EMAIL]
            case kind if kind in _RESTARTING or kind == Event.Kind.ATTEMPTED:
                tried = []
    yield from tried


def asked_to_wait_until(events: Iterable[Event]) -> datetime | None:
    """Return when the wait they asked for ends, unless something since then has ended it.

    The wait still applies after the request returns to the queue: nobody may call sooner.
    """
    until = None
    for event in events:
        if event.kind == Event.Kind.WAITED:
            asked = event.detail["why"] == WaitReason.ASKED
            until = datetime.fromisoformat(event.detail["until"]) if asked else None
        elif event.kind in _RESTARTING or event.kind == Event.Kind.WOKEN:
            until = None
    return until


# --- What to do next ------------------------------------------------------------------------------


def propose_attempt(  # noqa: PLR0913 - what a plan is made from
    sending: Inquiry,
    events: Iterable[Event],
    level: Level,
    now: datetime,
    *,
    not_before: datetime | None = None,
    at_once: bool = False,
) -> Proposal:
    """Propose the next attempt: in their windows, in our hours, and far enough from the last one.

    It waits for an untried part of their day only if nothing falls due before then. With `at_once`,
    it does not wait for the times they asked for either, as long as it is not night for them.
    """
    events = list(events)
    done = measure_progress(sending, events, level, now)
    earliest = max(now, not_before or now)
    if done.last_at:
        earliest = max(earliest, done.last_at + level.apart)
    slots, is_outside = find_slots(sending, level.timetable, earliest)
    method = _next_method(sending, events, done)
    zone = time_zone_of(sending)
    flags = [*cautions.attempt_cautions(sending, method, is_outside=is_outside and bool(slots))]
    if at_once and slots:
        sooner = find_slots_at_any_hour(sending, level.timetable, earliest)
        if sooner[0].begins < slots[0].begins:
            flags.append(str(words.AT_ONCE))
        slots = sooner
    if method is None or not slots:
        why = str(words.NO_WAY_LEFT) if method is None else _why_no_time(level.timetable, earliest)
        return Proposal(done, None, method, why, tuple(flags), zone)
    waits_until = earliest
    if done.last_at:
        waits_until = level.due(Clock.Kind.NEXT_REPLY, done.last_at)
    if done.attempts >= done.needed:  # at most the part of the day is missing
        waits_until = earliest + LOOKAHEAD
    fresh = [slot for slot in slots if slot.part not in done.parts and slot.begins <= waits_until]
    slot = [*fresh, *slots][0]
    is_now = slot.begins - now < timedelta(minutes=1)
    return Proposal(done, slot, method, "", tuple(flags), zone, is_now=is_now)


def _why_no_time(timetable: Timetable, start: datetime) -> str:
    if not open_spans(timetable, start):
        return str(words.CALENDAR_CLOSED)
    return str(words.ALWAYS_NIGHT)


def _next_method(sending: Inquiry, events: Iterable[Event], done: Progress) -> ContactMethod | None:
    ways = usable_channels(sending, events)
    if done.lacks_channel:
        ways = [way for way in ways if way not in done.channels] or ways
    return ways[0] if ways else None
