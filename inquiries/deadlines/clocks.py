"""The clocks of a request follow its events: tables say what each starts, stops, and moves.

A request's `due_at` is that of the next thing owed. Only the sender's own wish pauses a clock. It
keeps running when the request is released or handed over, or when a coordinator is away.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import cast

from inquiries.deadlines import service_levels
from inquiries.deadlines.warning_times import elapsed, in_minutes, schedule_warning
from inquiries.models import Clock, Event, Inquiry
from inquiries.models.insertion import insert_with_ids
from inquiries.outcomes import VOID_OUTCOMES
from inquiries.states import State, Urgency, WaitReason

Kind, Verdict = Clock.Kind, Clock.Verdict
#: Of the clocks that are running, the first in this order sets the request's place in the queue.
_DUE_ORDER = (Kind.LOOK, Kind.FIRST_ATTEMPT, Kind.NEXT_REPLY, Kind.CLOSURE)
_ANSWERS = frozenset({Kind.FIRST_ATTEMPT, Kind.NEXT_REPLY})

#: Which clocks each event stops. Emails that the portal sends automatically are not events here:
#: they never count as an attempt.
_STOPS: dict[str, frozenset[str]] = {
    Event.Kind.CLEARED: frozenset({Kind.LOOK}),
    Event.Kind.ATTEMPTED: _ANSWERS,
    Event.Kind.CONNECTED: _ANSWERS,
    Event.Kind.REPLIED: _ANSWERS,
    Event.Kind.HANDED_OVER: _ANSWERS,
    Event.Kind.CLOSED: frozenset(Kind.values),
    Event.Kind.DUPLICATE_MARKED: frozenset(Kind.values),
    Event.Kind.ERASED: frozenset(Kind.values),
}
#: Which clocks each event starts, unless they are already running.
_STARTS: dict[str, tuple[str, ...]] = {
    Event.Kind.CLEARED: (Kind.FIRST_ATTEMPT, Kind.CLOSURE),
    Event.Kind.ATTEMPTED: (Kind.NEXT_REPLY,),
    Event.Kind.WROTE: (Kind.NEXT_REPLY,),
    Event.Kind.ADDED: (Kind.NEXT_REPLY,),
    Event.Kind.UNPROVEN: (Kind.NEXT_REPLY,),
    Event.Kind.LINKS_ENDED: (Kind.NEXT_REPLY,),
    Event.Kind.JUDGED: (Kind.NEXT_REPLY,),
    Event.Kind.UNDELIVERED: (Kind.NEXT_REPLY,),
    Event.Kind.REOPENED: (Kind.NEXT_REPLY, Kind.CLOSURE),
    Event.Kind.DUPLICATE_ADDED: (Kind.NEXT_REPLY,),
}
#: These may change the urgency or move a clock that is waiting.
_MOVES = {
    *(Event.Kind.GRADED, Event.Kind.WAITED, Event.Kind.WOKEN, Event.Kind.RELEASED),
    *(Event.Kind.HANDED_OVER, Event.Kind.DUPLICATE_UNDONE),
}


def update_clocks(
    inquiry: Inquiry, event: Event, *, on_met: Callable[[Clock], None] = lambda clock: None
) -> list[Clock]:
    """Apply an event to the clocks, and return the clocks that were written.

    The request's row must be locked and saved; the event need not be. `on_met` gets each running
    clock before it changes.
    """
    if event.kind == Event.Kind.RECEIVED:
        kinds = (
            (Kind.LOOK,)
            if inquiry.state == State.QUARANTINED
            else (Kind.FIRST_ATTEMPT, Kind.CLOSURE)
        )
        running = written = _start(inquiry, kinds, inquiry.received_at)
    elif event.kind in _STOPS or event.kind in _STARTS or event.kind in _MOVES:
        running = [*Clock.objects.running().filter(inquiry=inquiry), *_ended_in_vain(event)]
        for clock in running:
            on_met(clock)
        running, written = _update_running(inquiry, event, running)
    else:
        return []
    by_kind = {clock.kind: clock for clock in running}
    owed = next((by_kind[kind] for kind in _DUE_ORDER if kind in by_kind), None)
    if owed and owed.due_at != inquiry.due_at:
        inquiry.due_at = owed.due_at
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=owed.due_at)
    return written


def _update_running(
    inquiry: Inquiry, event: Event, running: list[Clock]
) -> tuple[list[Clock], list[Clock]]:
    """Return the clocks that are running now, and those that were written."""
    changed = [clock for clock in running if _update_one(clock, inquiry, event)]
    for clock in changed:
        clock.save()
    running = [clock for clock in running if not clock.stopped_at]
    there = {clock.kind for clock in running}
    starts = [
        kind
        for kind in _STARTS.get(event.kind, ())
        if kind not in there and not (kind == Kind.NEXT_REPLY and there & _ANSWERS)
    ]
    if not starts or not _needs_answer(event) or not inquiry.is_open:
        return running, changed
    # For a request held as suspected spam, the wait began when it arrived.
    since = inquiry.received_at if event.kind == Event.Kind.CLEARED else event.at
    # They asked for the wait, so what an attempt during it starts waits as well.
    paused_until = inquiry.wakes_at if any(clock.paused_at for clock in running) else None
    started = _start(inquiry, starts, since, paused_until=paused_until)
    for clock in started:
        if _is_promised_sooner(clock, event):
            _keep_promise(clock, event)
            clock.save()
    return running + started, changed + started


def _update_one(clock: Clock, inquiry: Inquiry, event: Event) -> bool:
    """Apply an event to a clock, and return whether that concerns it."""
    if clock.stopped_at:
        _revive(clock, event.at)
    elif clock.kind in _STOPS.get(event.kind, ()):
        _stop(clock, event)
    elif event.kind == Event.Kind.WAITED and event.detail["why"] == WaitReason.ASKED:
        _pause(clock, event.at, until=datetime.fromisoformat(event.detail["until"]))
    elif clock.paused_at and (inquiry.state != State.WAITING or event.kind == Event.Kind.WAITED):
        _resume(clock, _resumes_at(event))
    elif clock.urgency == inquiry.urgency and not _is_promised_sooner(clock, event):
        return False
    if not clock.stopped_at and clock.urgency != inquiry.urgency:
        _change_urgency(clock, inquiry, event.at)
    if _is_promised_sooner(clock, event):
        _keep_promise(clock, event)
    return True


def _resumes_at(event: Event) -> datetime:
    """Return when a paused clock resumes; after a release, no sooner than they asked for."""
    if event.kind != Event.Kind.RELEASED:
        return event.at
    waited = Event.objects.filter(inquiry=event.inquiry_id, kind=Event.Kind.WAITED)
    until = datetime.fromisoformat(waited.latest("number").detail["until"])
    return max(event.at, until)


def _needs_answer(event: Event) -> bool:
    """Return whether it is our turn to respond after this event."""
    match event.kind:
        case Event.Kind.ADDED | Event.Kind.LINKS_ENDED | Event.Kind.DUPLICATE_ADDED:
            return bool(event.detail.get("asks"))
        case Event.Kind.JUDGED:
            return event.detail["answered"] is False
        case Event.Kind.UNDELIVERED:
            return bool(event.detail["mail"] == "reply")
        case _:
            return True


# --- One clock ------------------------------------------------------------------------------------


def _start(
    inquiry: Inquiry, kinds: Iterable[str], at: datetime, *, paused_until: datetime | None = None
) -> list[Clock]:
    level = service_levels.level_for(inquiry.urgency)
    clocks = []
    for kind in kinds:
        due_at = level.due(kind, at)
        clock = Clock(
            inquiry=inquiry,
            kind=kind,
            urgency=inquiry.urgency,
            started_at=at,
            due_at=due_at,
            target_minutes=in_minutes(level.targets[kind]),
            until_closing=level.until_closing,
            calendar=level.timetable.name,
            explanation=service_levels.explain_deadline(inquiry.urgency, at, due_at),
        )
        schedule_warning(clock, at)
        if paused_until:
            _pause(clock, at, until=paused_until)
        clocks.append(clock)
    insert_with_ids(clocks)
    return clocks


def _stop(clock: Clock, event: Event) -> None:
    at = event.at
    clock.spent_minutes = max(in_minutes(elapsed(clock, at)), 0)
    if clock.paused_at is None and clock.due_at < at:
        clock.is_missed = True
    clock.stopped_at, clock.warn_at = at, None
    clock.paused_at = clock.left_minutes = None
    if _is_void(clock, event):
        clock.verdict = Verdict.VOID
    else:
        clock.verdict = Verdict.MISSED if clock.is_missed else Verdict.MET


def _is_void(clock: Clock, event: Event) -> bool:
    if clock.kind == Kind.LOOK:
        return event.by_id is None
    return event.kind == Event.Kind.ERASED or event.detail.get("outcome") in VOID_OUTCOMES


def _ended_in_vain(event: Event) -> "Iterable[Clock]":
    """Return the clocks that run again, because the request is no duplicate after all."""
    if event.kind != Event.Kind.DUPLICATE_UNDONE or not event.detail.get("reopens"):
        return []
    marked = Event.objects.filter(
        inquiry=event.inquiry_id, kind=Event.Kind.DUPLICATE_MARKED
    ).latest("number")
    return Clock.objects.filter(
        inquiry=event.inquiry_id, stopped_at=marked.at, verdict=Verdict.VOID
    )


def _revive(clock: Clock, at: datetime) -> None:
    """Let it run as if it had never been stopped."""
    clock.stopped_at, clock.verdict, clock.spent_minutes = None, "", None
    schedule_warning(clock, at)


def _is_promised_sooner(clock: Clock, event: Event) -> bool:
    """Whether an answer to a duplicate was promised for sooner than this clock is due."""
    promised = event.detail.get("due_at") if event.kind == Event.Kind.DUPLICATE_ADDED else None
    is_answer = clock.kind in _ANSWERS and not clock.stopped_at
    return is_answer and promised is not None and datetime.fromisoformat(promised) < clock.due_at


def _keep_promise(clock: Clock, event: Event) -> None:
    clock.due_at = datetime.fromisoformat(event.detail["due_at"])
    clock.started_at = min(clock.started_at, datetime.fromisoformat(event.detail["since"]))
    clock.explanation = service_levels.explain_deadline(
        clock.urgency, clock.started_at, clock.due_at
    )
    schedule_warning(clock, event.at)


def _pause(clock: Clock, at: datetime, *, until: datetime) -> None:
    level = service_levels.level_for(clock.urgency)
    if clock.paused_at is None:
        clock.is_missed = clock.is_missed or clock.due_at < at
        left = in_minutes(level.timetable.between(at, clock.due_at), up=True)
        # A day that was closed since has no time to count. It must not move the deadline forward.
        clock.left_minutes = left + (level.add(at, timedelta(minutes=left)) < clock.due_at)
        clock.paused_at, clock.warn_at = at, None
    clock.due_at = level.add(until, timedelta(minutes=clock.left_minutes or 0))


def _resume(clock: Clock, at: datetime) -> None:
    level = service_levels.level_for(clock.urgency)
    assert clock.paused_at is not None  # noqa: S101 - asked by who calls
    clock.paused_minutes += in_minutes(level.timetable.between(clock.paused_at, at))
    clock.due_at = level.add(at, timedelta(minutes=clock.left_minutes or 0))
    clock.paused_at = clock.left_minutes = None
    schedule_warning(clock, at)


def _change_urgency(clock: Clock, inquiry: Inquiry, at: datetime) -> None:
    """A higher urgency counts from now and never adds time; a lower one counts from the start."""
    level = service_levels.level_for(inquiry.urgency)
    most_urgent_first = Urgency.values.index
    is_higher = most_urgent_first(inquiry.urgency) < most_urgent_first(clock.urgency)
    target = level.targets[clock.kind]
    if clock.paused_at is None:
        clock.is_missed = clock.is_missed or clock.due_at < at
        since = at if is_higher else clock.started_at
        due_at = level.due_after(since, target if is_higher else target + clock.paused_time)
        clock.due_at = min(due_at, clock.due_at) if is_higher else max(due_at, clock.due_at)
        clock.explanation = service_levels.explain_deadline(inquiry.urgency, since, clock.due_at)
    elif is_higher:
        clock.left_minutes = min(clock.left_minutes or 0, in_minutes(target))
        wakes_at = cast("datetime", inquiry.wakes_at)  # set for every paused clock
        woken = level.add(wakes_at, timedelta(minutes=clock.left_minutes))
        clock.due_at = min(woken, clock.due_at)
    clock.urgency = inquiry.urgency
    clock.target_minutes = in_minutes(target)
    clock.until_closing, clock.calendar = level.until_closing, level.timetable.name
    if clock.paused_at is None:
        schedule_warning(clock, at)
