"""What the queue shows of a request, stored so that a list computes nothing."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from inquiries.durations import format_duration
from inquiries.models import words
from inquiries.models.choices import ContactMethod
from inquiries.models.planned_step import PlannedStep
from inquiries.states import State

#: Stands for a plan that was never made, or must be made again now.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: Counts the kinds of search entries; the worker adds new kinds to requests that have none.
INDEX_VERSION = 1


class StoredPlan(models.Model):
    """Written by `contact.stored_plan` after each event, and renewed by the worker.

    Codes and times only. Events don't bind these columns: they follow from what is bound.
    """

    # A PlannedStep; empty if there is nothing to do.
    planned_step = models.CharField(max_length=24, blank=True, default="", db_default="")
    # A ContactMethod: how to try them next; empty if no way is left, or nobody waits.
    planned_way = models.CharField(max_length=10, blank=True, default="", db_default="")
    # The window in which that may be tried; null means no limit.
    callable_from = models.DateTimeField(null=True)
    callable_until = models.DateTimeField(null=True)
    # When time alone makes the plan wrong; null if it never does.
    replan_at = models.DateTimeField(null=True, default=LONG_AGO, db_default=LONG_AGO)
    # What counts now, after any corrections.
    current_language = models.CharField(max_length=10, blank=True, default="", db_default="")
    current_interpreter = models.BooleanField(default=False, db_default=False)
    current_relation = models.CharField(max_length=20, blank=True, default="", db_default="")
    current_time_zone = models.CharField(max_length=60, blank=True, default="", db_default="")
    # Which kinds of search entries it has; null until the worker has added what is missing.
    index_version = models.SmallIntegerField(null=True, default=INDEX_VERSION)

    if TYPE_CHECKING:
        state: Any
        awaits_answer: Any
        undelivered_at: Any
        contact_method: Any
        urgent: Any
        language: Any
        interpreter: Any
        relation: Any
        time_zone: Any
        due_at: Any

    class Meta:
        abstract = True

    def plan_as_received(self) -> None:
        """Set what costs nothing to know about a new request; the worker plans its times."""
        self.planned_step = PlannedStep.READ if self.urgent else self.step_without_plan or ""
        self.planned_way = self.contact_method if self.state == State.NEW else ""
        self.current_language, self.current_interpreter = self.language, self.interpreter
        self.current_relation, self.current_time_zone = self.relation, self.time_zone

    @property
    def is_to_be_reached(self) -> bool:
        """Whether its contact plan decides what comes next."""
        is_ours = self.state in {State.CLAIMED, State.CONNECTED} and self.awaits_answer
        return is_ours and self.undelivered_at is None

    @property
    def step_without_plan(self) -> PlannedStep | None:
        """What someone should do with it now; None if there is nothing to do.

        It follows the contact method that the sender chose; the plan's advice is in
        `contact.next_step`.
        """
        if self.undelivered_at:
            return PlannedStep.EMAIL_FAILED
        if self.is_to_be_reached:
            return HOW_TO_ANSWER.get(self.contact_method, PlannedStep.ANSWER)
        if self.state in {State.CLAIMED, State.CONNECTED}:
            return PlannedStep.CLOSE_OR_WAIT
        return _BY_STATE.get(State(self.state))

    @property
    def due_in_short(self) -> str:
        """“in 3 h”, “overdue by 2 h”: when the next thing we owe is due."""
        now = timezone.now()
        if self.due_at < now:
            return words.OVERDUE_BY % {"span": format_duration(now - self.due_at)}
        return words.DUE_IN % {"span": format_duration(self.due_at - now)}


def is_in_window(now: datetime) -> models.Q:
    """Whether the stored plan lets someone try to reach them now, if there is a way."""
    has_begun = models.Q(callable_from__isnull=True) | models.Q(callable_from__lte=now)
    is_running = models.Q(callable_until__isnull=True) | models.Q(callable_until__gt=now)
    return has_begun & is_running


#: How to answer someone who is waiting.
HOW_TO_ANSWER = {
    ContactMethod.PHONE: PlannedStep.CALL,
    ContactMethod.TEXT: PlannedStep.TEXT,
    ContactMethod.EMAIL: PlannedStep.WRITE,
}
_BY_STATE = {
    State.QUARANTINED: PlannedStep.CHECK,
    State.NEW: PlannedStep.CLAIM,
    State.WAITING: PlannedStep.WAIT,
}
#: For the ledger: these change without an event.
PLAN_COLUMNS = frozenset(field.name for field in StoredPlan._meta.local_fields)
