"""A request as it was opened: what happened to it, and which submission counts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from inquiries import submission_history
from inquiries.ledger.events import SITTING
from inquiries.models import Addition, Event, Inquiry, Referral, Task


@dataclass(frozen=True)
class EarlierSending:
    #: In a form to be shown like a request; never saved.
    sending: Inquiry
    topic: str


@dataclass
class Sitting:
    """One person’s readings, without a long pause between them."""

    by: Any
    begins: datetime
    ends: datetime
    times: int = 1


@dataclass(frozen=True)
class Record:
    inquiry: Inquiry
    #: In order, including reads.
    events: list[Event]

    @cached_property
    def timeline(self) -> list[Event]:
        return [event for event in self.events if event.kind != Event.Kind.READ]

    @cached_property
    def sittings(self) -> list[Sitting]:
        """Return who read it and when, the latest first."""
        found: list[Sitting] = []
        latest: dict[Any, Sitting] = {}
        for event in self.events:
            if event.kind != Event.Kind.READ:
                continue
            before = latest.get(event.by_id)
            if before and event.at - before.ends <= SITTING:
                before.ends, before.times = event.at, before.times + 1
            else:
                latest[event.by_id] = Sitting(event.by, event.at, event.at)
                found.append(latest[event.by_id])
        return sorted(found, key=lambda sitting: sitting.ends, reverse=True)

    @cached_property
    def sent(self) -> list[Event]:
        """Return events with a submission. An erased request keeps only the fact of an addition."""
        return [
            event
            for event in self.timeline
            if event.kind in submission_history.SUBMISSION_KINDS and event.has_submission
        ]

    @cached_property
    def addition(self) -> Addition | None:
        """Return the last addition that counts; None if the first submission still does."""
        counting = [event for event in self.sent if event.kind != Event.Kind.UNPROVEN]
        return counting[-1].addition if counting[1:] else None

    @cached_property
    def sending(self) -> Inquiry:
        """Return what counts, in a form to be shown like a request; never saved."""
        return self.addition.sending if self.addition else self.inquiry

    @cached_property
    def tasks(self) -> list[Task]:
        """Return its tasks, the open ones first, each able to open its text."""
        rows = self.inquiry.tasks.select_related("assignee")
        return sorted(map(self._with_key, rows), key=lambda task: (not task.is_open, task.due_at))

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.is_open]

    @cached_property
    def referrals(self) -> list[Referral]:
        if not any(task.referral_id for task in self.tasks):  # each referral has its task
            return []
        return [*map(self._with_key, self.inquiry.referrals.select_related("to", "by"))]

    def _with_key(self, row: Any) -> Any:
        row.inquiry = self.inquiry
        return row

    @cached_property
    def repeats(self) -> list[Inquiry]:
        """Return the requests that were linked to this one as duplicates, oldest first."""
        rows = self.inquiry.duplicates.select_related("owner", "data_key", "topic")
        return list(rows.order_by("received_at", "pk"))

    @property
    def danger_anchor(self) -> str:
        """Return the place on the page of the latest danger phrase."""
        later = [
            event for event in self.timeline if event.detail.get("urgent") and event.number > 1
        ]
        if not later:
            return "asked"
        is_repeat = later[-1].kind == Event.Kind.DUPLICATE_ADDED
        name = later[-1].detail["reference"] if is_repeat else later[-1].number
        return f"repeat-{name}" if is_repeat else f"event-{name}"

    def earlier_sending(self, event: Event) -> EarlierSending | None:
        """Return what came with this event, unless it is what counts now."""
        inquiry = self.inquiry
        if event.kind == Event.Kind.RECEIVED and self.addition and not inquiry.erased_at:
            return EarlierSending(inquiry, inquiry.topic.name if inquiry.topic else "")
        addition = getattr(event, "addition", None)
        if addition is None or addition == self.addition:
            return None
        return EarlierSending(addition.sending, addition.submission.topic)


def load_record(inquiry: Inquiry) -> Record:
    events = list(inquiry.events.select_related("by", "note", "addition", "message"))
    for event in events:
        event.inquiry = inquiry  # its key opens what was written
    return Record(inquiry, events)
