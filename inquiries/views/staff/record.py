"""A request as it was opened: what happened to it, and which submission counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import Http404

from inquiries import submission_history
from inquiries.ledger.events import SITTING, continues_reading, record_reading
from inquiries.models import (
    Addition,
    Clock,
    Delivery,
    Event,
    Inquiry,
    KeptQuery,
    Referral,
    Task,
)
from inquiries.models.ledger_chain import keyed_hash

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.models import User

#: Openings that a page loads, checks, and shows, unless all are asked for. There may be hundreds.
RECENT_OPENINGS = 50


@dataclass(slots=True)
class EarlierReading:
    """A reading before the recent ones: its place in the chain is checked, its content later."""

    number: int
    mac: str
    kind = Event.Kind.READ

    def expected_mac(self, key: bytes, previous: str) -> str:
        """Return its own: `verify_ledger` checks every one each day."""
        return self.mac


@dataclass(slots=True)
class Reading:
    """An event that somebody opened it: there are many, and a page needs little of them."""

    inquiry_id: UUID
    number: int
    version: int
    at: datetime
    by_id: Any
    detail: dict[str, Any]
    mac: str
    #: None, because nothing is written with it.
    bound: Any
    by: Any = None
    kind = Event.Kind.READ

    def expected_mac(self, key: bytes, previous: str) -> str:
        content = ["event", self.inquiry_id, self.number, self.version, self.kind.value]
        content += [self.at, self.by_id, self.detail]
        return keyed_hash(key, [previous, *content, *([] if self.bound is None else [self.bound])])


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
    #: From `find_inquiry`.
    inquiry: Any
    #: In order, without earlier readings. A reading that was there before is a `Reading`.
    events: list[Any]
    #: In order; empty if there are no more than the recent ones, or if all were asked for.
    earlier: "list[EarlierReading]"

    @property
    def chain(self) -> list[Any]:
        """Return everything that happened, in order, as a check of its chain needs it."""
        return sorted([*self.earlier, *self.events], key=_number_of)

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

    @property
    def chosen_details(self) -> str:
        """Return the reference of the duplicate whose details count; empty if they are its own."""
        of = self.addition.event.detail.get("of", "") if self.addition else ""
        return "" if of == self.inquiry.reference else of

    @cached_property
    def sending(self) -> Inquiry:
        """Return what counts, in a form to be shown like a request; never saved."""
        return self.addition.sending if self.addition else self.inquiry

    @cached_property
    def tasks(self) -> list[Task]:
        """Return its tasks, the open ones first, each able to open its text."""
        if not self.inquiry.has_tasks:
            return []
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
    def clocks(self) -> list[Clock]:
        return _CLOCKS.fetch(pk=self.inquiry.pk)

    @cached_property
    def deliveries(self) -> list[Delivery]:
        return _DELIVERIES.fetch(pk=self.inquiry.pk) if self.inquiry.has_deliveries else []

    @property
    def undelivered_why(self) -> str:
        """Why the last mail that failed came back; empty if it was refused at once."""
        failed = [each for each in self.timeline if each.kind == Event.Kind.UNDELIVERED]
        return failed[-1].result_words if failed else ""

    @cached_property
    def repeats(self) -> list[Inquiry]:
        """Return the requests that were linked to this one as duplicates, oldest first."""
        if not self.inquiry.has_repeats:
            return []
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


def open_record(
    inquiry: Inquiry, reader: "User", *, is_draft: bool, with_all_openings: bool = False
) -> Record:
    """Load what happened, and record that it is read, unless the page only answers a step."""
    record = _load_record(inquiry, with_all_openings=with_all_openings)
    if is_draft or not continues_reading(record.events, by=reader):
        reading = record_reading(inquiry, by=reader)
        if reading.number == len(record.events) + len(record.earlier) + 1:
            record.events.append(reading)
        else:  # somebody did something meanwhile
            record = _load_record(inquiry, with_all_openings=with_all_openings)
    _name_people(record.events, [reader, inquiry.owner])
    for event in record.events:
        if event.kind != Event.Kind.READ:
            _OF_INQUIRY.set_cached_value(event, inquiry)  # its key opens what was written
    return record


_INQUIRY = KeptQuery(lambda pk: Inquiry.objects.for_page().filter(pk=pk), pk=UUID)
_EVENTS = KeptQuery(
    lambda pk: (
        Event.objects.filter(inquiry=pk)
        .exclude(kind=Event.Kind.READ)
        .select_related("note", "addition", "message")
        .order_by("number")
    ),
    pk=UUID,
)


def _openings(pk: UUID) -> "QuerySet[Event]":
    return Event.objects.filter(inquiry=pk, kind=Event.Kind.READ).order_by("-number")


_COLUMNS = ("inquiry_id", "number", "version", "at", "by_id", "detail", "mac", "bound")
_ALL = KeptQuery(lambda pk: _openings(pk).values_list(*_COLUMNS), pk=UUID)
_RECENT = KeptQuery(lambda pk: _openings(pk).values_list(*_COLUMNS)[:RECENT_OPENINGS], pk=UUID)
_EARLIER = KeptQuery(
    lambda pk: _openings(pk).values_list("number", "mac")[RECENT_OPENINGS:], pk=UUID
)
_CLOCKS = KeptQuery(lambda pk: Clock.objects.filter(inquiry=pk).order_by("due_at", "id"), pk=UUID)
_BY: Any = Event._meta.get_field("by")
_OF_INQUIRY: Any = Event._meta.get_field("inquiry")
_DELIVERIES = KeptQuery(lambda pk: Delivery.objects.filter(inquiry=pk).order_by("id"), pk=UUID)


def find_inquiry(pk: UUID) -> Inquiry:
    """Return the request for its page, or raise Http404."""
    found = _INQUIRY.fetch(pk=pk)
    if not found:
        raise Http404
    return found[0]


def _load_record(inquiry: Inquiry, *, with_all_openings: bool) -> Record:
    openings = (_ALL if with_all_openings else _RECENT).fetch(pk=inquiry.pk)
    readings: Iterator[Any] = (Reading(*each) for each in openings)
    events = sorted([*_EVENTS.fetch(pk=inquiry.pk), *readings], key=_number_of)
    is_whole = with_all_openings or len(openings) < RECENT_OPENINGS
    earlier = [] if is_whole else _EARLIER.fetch(pk=inquiry.pk)
    return Record(inquiry, events, [EarlierReading(*each) for each in reversed(earlier)])


def _number_of(event: Any) -> int:
    number: int = event.number
    return number


def _name_people(events: list[Any], known: "list[User | None]") -> None:
    """Set who did it: a person is loaded once, and not for each event."""
    people = {user.pk: user for user in known if user}
    if missing := {event.by_id for event in events} - people.keys() - {None}:
        people |= {user.pk: user for user in get_user_model().objects.filter(pk__in=missing)}
    for event in events:
        if isinstance(event, Reading):
            event.by = people.get(event.by_id)
        elif event.by_id:
            _BY.set_cached_value(event, people[event.by_id])
