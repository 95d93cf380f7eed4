"""When to try to reach her next, how, and what the contact policy still asks for.

Pure reckoning over what she sent, what happened, and the policy of her urgency. Days have parts on
*her* clock; moments are aware.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from inquiries.contact import cautions
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

# From here on it counts anew: she let us hear from her, or somebody decided to begin again.
_RESTARTING = frozenset(
    {
        *(Event.Kind.RECEIVED, Event.Kind.ADDED, Event.Kind.UNPROVEN),
        *(Event.Kind.WROTE, Event.Kind.JUDGED, Event.Kind.CONNECTED, Event.Kind.REOPENED),
    }
)
_Choice = TypeVar("_Choice", BestTime, ContactMethod)


@dataclass(frozen=True)
class Progress:
    """How far the contact policy is met."""

    attempts: int
    needed: int
    parts: tuple[BestTime, ...]
    channels: tuple[ContactMethod, ...]
    last_at: datetime | None
    #: What the policy still asks for, a phrase each; empty where it is met.
    missing: tuple[str, ...]
    lacks_channel: bool

    @property
    def is_met(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Proposal:
    """When and how to try next; without a slot, `why_none` says why."""

    #: On what it builds.
    progress: Progress
    slot: Slot | None
    method: ContactMethod | None
    why_none: str
    #: What to mind, a sentence each.
    cautions: tuple[str, ...]
    zone: str
    is_now: bool = False

    @property
    def begins(self) -> datetime | None:
        """Not sooner than that; None where now is as good as any."""
        return None if self.slot is None or self.is_now else self.slot.begins

    @property
    def patient_times(self) -> tuple[datetime, datetime] | None:
        """On her clock, naive."""
        return self._on(self.zone)

    @property
    def clinic_times(self) -> tuple[datetime, datetime] | None:
        """On the clinic's clock, naive; None where that is the same."""
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
    """What counts is what came after she last let us hear from her, or it was opened again.

    `sending` is what counts now of how to reach her. Attempts nearer together than the policy says
    count as one. What she did not give, or what our hours never meet, is not asked for.
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
    # Outside the time she asked for, once is enough.
    asked = 1 if is_outside else level.parts_of_day
    missing = (
        *_missing_attempts(level, len(counted)),
        *_missing_choices("in her", parts, [each for each in PARTS_OF_DAY if each in there], asked),
        *(_missing_choices("by", used, ways, level.channels) if used or len(ways) > 1 else ()),
    )
    return Progress(
        attempts=len(counted),
        needed=level.attempts,
        parts=parts,
        channels=used,
        last_at=tried[-1][0] if tried else None,
        # Where every way has proved wrong, there is nothing left to ask for.
        missing=missing if ways or not tried else (),
        lacks_channel=bool(left) and len(used) < level.channels,
    )


def _missing_attempts(level: Level, done: int) -> Iterator[str]:
    more = level.attempts - done
    if more <= 0:
        return
    hours = level.apart // timedelta(hours=1)
    apart = f"at least {hours} hour{'s' if hours > 1 else ''}"
    if not done:
        yield f"{more} attempt{'s' if more > 1 else ''}, {apart} apart"
    elif more == 1:
        yield f"1 more attempt, {apart} after the last"
    else:
        yield f"{more} more attempts, {apart} apart"


def _missing_choices(
    how: str, done: Sequence[_Choice], possible: Sequence[_Choice], asked: int
) -> Iterator[str]:
    """Of what is possible and was not tried, so many that `asked` are."""
    left = [str(each.label).lower() for each in possible if each not in done]
    more = min(asked - len(done), len(left))
    if more <= 0:
        return
    *first, last = left
    listed = f"{', '.join(first)} {'or' if more == 1 else 'and'} {last}" if first else last
    some = f" ({more} of these)" if 1 < more < len(left) else ""
    yield f"{'an attempt' if more == 1 else 'attempts'} {how} {listed}{some}"


def explain_not_unreachable(done: Progress, *, by_lead: bool) -> str:
    """A sentence for staff; empty for a lead where the policy is met."""
    asked = f"the contact policy still asks for: {'; '.join(done.missing)}."
    if by_lead:
        return "" if done.is_met else f"It is too early to call her unreachable: {asked}"
    if done.is_met:
        return "The contact policy is met. Only a lead closes as unreachable: ask one."
    return f"Only a lead closes as unreachable, and {asked}"


def _counted_attempts(
    sending: Inquiry, events: Iterable[Event]
) -> Iterator[tuple[datetime, ContactMethod]]:
    """When and how one of us tried. Mails that the portal sends by itself are not among them; a
    message that a coordinator wrote is, where a mail told her of it.
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
    """Until when she asked us to wait, as far as nothing has happened since that ends it.

    It outlives that the request went back to the queue: whoever takes it up calls no sooner.
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
    """The next attempt: in her windows, while we work, and far enough from the last.

    A part of her day that was not tried yet is waited for only as long as we owe nothing by then.
    `at_once`: nor is the time waited for that they asked for, as far as it is not night there.
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
            flags.append(_AT_ONCE)
        slots = sooner
    if method is None or not slots:
        why = _NO_CHANNEL_LEFT if method is None else _why_no_time(level.timetable, earliest)
        return Proposal(done, None, method, why, tuple(flags), zone)
    waits_until = earliest
    if done.last_at:
        waits_until = level.due(Clock.Kind.NEXT_REPLY, done.last_at)
    if done.attempts >= done.needed:  # only the part of the day is missing, or nothing
        waits_until = earliest + LOOKAHEAD
    fresh = [slot for slot in slots if slot.part not in done.parts and slot.begins <= waits_until]
    slot = [*fresh, *slots][0]
    is_now = slot.begins - now < timedelta(minutes=1)
    return Proposal(done, slot, method, "", tuple(flags), zone, is_now=is_now)


_NO_CHANNEL_LEFT = (
    "No way that she gave works. Look for another one, such as in another request of hers, and "
    "ask a lead."
)


_AT_ONCE = "It was judged urgent: do not wait for the time of day that they asked for."


def _why_no_time(timetable: Timetable, start: datetime) -> str:
    if not open_spans(timetable, start):
        return "By our calendar we do not work in the next three weeks: ask a lead."
    return "All our hours are night for her. Ask a lead who can call her, or write to her."


def _next_method(sending: Inquiry, events: Iterable[Event], done: Progress) -> ContactMethod | None:
    ways = usable_channels(sending, events)
    if done.lacks_channel:
        ways = [way for way in ways if way not in done.channels] or ways
    return ways[0] if ways else None
