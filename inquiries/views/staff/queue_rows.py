"""Rows of the queue as the page shows them: strings only, so that drawing fifty costs little."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from inquiries.durations import format_duration
from inquiries.models import ContactMethod, Language, PlannedStep, Relation
from inquiries.models import words as model_words
from inquiries.outcomes import Outcome
from inquiries.states import OPEN, State, Urgency
from inquiries.team.languages import foreign_language
from inquiries.triage import words
from inquiries.triage.rows import Row
from inquiries.views.staff.times import iso, on_clock

_ANY = UUID(int=0)
_NONE = "–"
_MINUTE = timedelta(minutes=1)
_NOT_DUE = {"due": "", "due_on": "", "due_title": "", "is_late": False}
_DANGER = frozenset(step for step in PlannedStep if step.startswith("read"))


def show_rows(  # noqa: PLR0913 - what differs between the lists
    rows: Sequence[Row],
    now: datetime,
    *,
    burst_sizes: Mapping[UUID, str],
    unlike: Collection[UUID] = (),
    named: Collection[UUID] = (),
    alike: Collection[UUID] = (),
    boxes: Collection[UUID] = (),
    may_enter: bool = False,
    are_marked: bool = False,
    view: str = "",
) -> list[dict[str, Any]]:
    """`unlike`: worded unlike the rest of their burst. `named`: may show their name.

    `alike`: found only because their name sounds like what was typed. `boxes`: can be selected.
    """
    address = reverse("admin:inquiries_inquiry_change", args=[_ANY])
    before, _any, after = address.partition(str(_ANY))
    said = _words_in(get_language() or "")
    shown = []
    for row in rows:
        values, pk = row.values, str(row.values.id)
        size = burst_sizes.get(values.burst, "") if values.burst else ""
        is_held = row.is_open or values.state == State.QUARANTINED
        tags = _tags(row)
        if values.id in unlike:
            tags.append("unlike")
        if values.id in alike:
            tags.append("sound")
        may_be_urgent = values.urgent and not values.is_graded
        shown.append(
            {
                "may_enter": may_enter,
                "is_marked": are_marked,
                "reference": values.reference,
                "version": values.version,
                "address": f"{before}{pk}{after}",
                "box": f"{pk}:{values.version}" if values.id in boxes else "",
                "burst": f"?view={view}&burst={values.burst}" if size else "",
                "burst_size": size,
                "tags": [said.tags[tag] for tag in tags],
                "urgency": said.may_be_urgent if may_be_urgent else said.urgency[values.urgency],
                "is_urgent": may_be_urgent or values.urgency == Urgency.URGENT,
                **(_due(values.due_at, now, said) if is_held else _NOT_DUE),
                "step": said.steps.get(row.plan.planned_step, _NONE),
                "is_danger": row.plan.planned_step in _DANGER,
                "reach": _reach(row, now, said) or _NONE,
                "from": (row.name if values.id in named else row.initials) or _NONE,
                "speaks": said.language(row.plan.current_language),
                "interpreter": row.plan.current_interpreter,
                "is_for_other": row.plan.current_relation == Relation.SOMEONE_ELSE,
                "topic": values.topic__name or _NONE,
                "received": said.asked_ago % {"span": said.span(now - values.received_at)},
                "received_on": iso(values.received_at),
                "received_title": on_clock(values.received_at, "DATETIME_FORMAT", said.code),
                "state": _state(row, said),
            }
        )
    return shown


@lru_cache(maxsize=8)
def _words_in(language: str) -> "_Said":
    return _Said(language)


class _Said:
    """Words of a row, translated once for each language."""

    def __init__(self, language: str) -> None:
        self.code = language
        self.asked_ago, self.owned_by = str(words.ASKED_AGO), str(words.OWNED_BY)
        self.closed_as, self.reach_now = str(words.CLOSED_AS), str(words.REACH_NOW)
        self.reach_until, self.reach_from = str(words.REACH_NOW_UNTIL), str(words.REACH_FROM)
        self.on_hold = str(words.ON_HOLD_UNTIL)
        self.overdue_by, self.due_in = str(model_words.OVERDUE_BY), str(model_words.DUE_IN)
        self.steps = {step.value: str(step.label) for step in PlannedStep}
        self.urgency = {each.value: str(each.label) for each in Urgency}
        self.states = {each.value: str(each.label) for each in State}
        self.ways = {way.value: str(words.WAYS[way]) for way in ContactMethod}
        self.tags = {name: str(label) for name, label in words.TAGS.items()}
        self.may_be_urgent = str(words.MAY_BE_URGENT)
        self.languages = {
            each.value: str(each.label) for each in Language if foreign_language(each)
        }

    def language(self, code: str) -> str:
        return self.languages.get(code, "")

    def span(self, span: timedelta) -> str:
        return _duration(span // _MINUTE, self.code)


@lru_cache(maxsize=4096)
def _duration(minutes: int, _language: str) -> str:
    return format_duration(minutes * _MINUTE)


def _tags(row: Row) -> list[str]:
    values = row.values
    since = values.wrote_at or values.received_at
    awaits = values.state in OPEN and (values.answered_at is None or values.answered_at < since)
    return [
        name
        for name, holds in (
            ("mails_held", values.mails_held),
            ("added", values.added_at),
            ("quarantined", values.state == State.QUARANTINED),
            ("duplicate", values.duplicate_of_id),
            ("undelivered", values.undelivered_at),
            ("wrote", values.wrote_at and awaits),
        )
        if holds
    ]


def _due(at: datetime, now: datetime, said: _Said) -> dict[str, Any]:
    is_late = at < now
    span = said.span(now - at if is_late else at - now)
    return {
        "due": (said.overdue_by if is_late else said.due_in) % {"span": span},
        "due_on": iso(at),
        "due_title": on_clock(at, "DATETIME_FORMAT", said.code),
        "is_late": is_late,
    }


def _reach(row: Row, now: datetime, said: _Said) -> str:
    """Say how and from when to reach them, by the plan; empty if nobody has to."""
    values, plan = row.values, row.plan
    if values.state == State.WAITING and values.wakes_at:
        return said.on_hold % {"time": on_clock(values.wakes_at, "WEEKDAY_TIME_FORMAT", said.code)}
    if not plan.planned_way:
        return ""
    way = said.ways[plan.planned_way]
    if not row.is_callable(now):
        at = plan.callable_from or plan.callable_until
        return said.reach_from % {
            "way": way,
            "time": on_clock(at, "WEEKDAY_TIME_FORMAT", said.code),
        }
    if plan.callable_until and plan.callable_until - now < timedelta(hours=12):
        time = on_clock(plan.callable_until, "TIME_FORMAT", said.code)
        return said.reach_until % {"way": way, "time": time}
    return said.reach_now % {"way": way}


def _state(row: Row, said: _Said) -> str:
    values = row.values
    if values.state == State.CLOSED:
        outcome = Outcome(values.outcome).end.word if values.outcome else ""
        return said.closed_as % {"outcome": outcome}
    label = said.states[values.state]
    return said.owned_by % {"state": label, "owner": row.owner} if row.owner else label
