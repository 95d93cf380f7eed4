"""The deadlines of a request, each a clock that runs from one event to another."""

from datetime import date, time, timedelta
from functools import lru_cache
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inquiries.models import words
from inquiries.models.inquiry import Inquiry
from inquiries.models.labels import Labelled
from inquiries.states import Urgency

#: In a deadline's explanation, the reason a day has no hours: that weekday never does.
WEEKLY_CLOSED = "weekday"
#: What a clock stores as its calendar if it could not use one of the clinic's.
BUILT_IN_CALENDAR = "Shipped"


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> Self:
        """Clocks for what is still owed, including paused ones."""
        return self.filter(stopped_at__isnull=True)


class Clock(Labelled):
    """One thing we owe, its due time, and how it ended.

    It stores its target, its calendar's name, and how it was calculated, so that later edits do not
    change what was promised or how it was judged.
    """

    class Kind(models.TextChoices):
        LOOK = "look", _("Check for spam")
        FIRST_ATTEMPT = "first_attempt", _("First attempt to reach the sender")
        NEXT_REPLY = "next_reply", _("Next attempt or reply")
        CLOSURE = "closure", _("Close the request")

    class Verdict(models.TextChoices):
        MET = "met", _("On time")
        MISSED = "missed", _("Late")
        # It was no longer needed, such as an attempt to reach someone who withdrew.
        VOID = "void", _("No longer needed")

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=20, choices=Kind)
    urgency = models.CharField(max_length=10, choices=Urgency)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # In working minutes.
    target_minutes = models.PositiveIntegerField()
    until_closing = models.BooleanField(default=False)
    calendar = models.CharField(max_length=60)
    # As returned by `service_levels.explain_deadline`; empty for rows made in bulk.
    explanation = models.JSONField(default=list)
    # While the sender asks us to wait, it is paused: since when, how much time was left then, and
    # how much passed in earlier pauses. In working minutes.
    paused_at = models.DateTimeField(null=True)
    left_minutes = models.PositiveIntegerField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    # Its time ran out once; neither a pause nor a new target undoes that.
    is_missed = models.BooleanField(default=False)
    # The percentage of its time that had passed at the last warning, and when the next warning
    # is due; null if there is none.
    warned_percent = models.PositiveSmallIntegerField(default=0)
    warn_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    # Working minutes from its start to its end, without pauses.
    spent_minutes = models.PositiveIntegerField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ("inquiry", "id")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, left_minutes__isnull=True)
                | Q(paused_at__isnull=False, left_minutes__isnull=False, warn_at__isnull=True),
                name="clock_paused_tells_nobody",
            ),
            models.UniqueConstraint(
                fields=["inquiry", "kind"],
                condition=Q(stopped_at__isnull=True),
                name="clock_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, verdict="", spent_minutes__isnull=True)
                | Q(
                    stopped_at__isnull=False,
                    verdict__in=["met", "missed", "void"],
                    spent_minutes__isnull=False,
                    warn_at__isnull=True,
                    paused_at__isnull=True,
                ),
                name="clock_stops_with_a_verdict",
            ),
        ]
        indexes = [
            models.Index(
                fields=["warn_at"], condition=Q(warn_at__isnull=False), name="clock_to_be_told"
            ),
            # For clocks that ended in a range of days.
            models.Index(
                fields=["kind", "stopped_at"],
                condition=Q(stopped_at__isnull=False),
                name="clock_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def calendar_name(self) -> str:
        """The calendar's name as shown to staff."""
        is_ours = self.calendar == BUILT_IN_CALENDAR
        return str(words.BUILT_IN_CALENDAR) if is_ours else self.calendar

    @property
    def target(self) -> str:
        return format_minutes(self.target_minutes)

    @property
    def paused_time(self) -> timedelta:
        """The working time of earlier pauses."""
        return timedelta(minutes=self.paused_minutes)

    @property
    def paused(self) -> str:
        return format_minutes(self.paused_minutes)

    @property
    def days(self) -> list[tuple[date, str, str]]:
        """How it was counted: each day, how much of it counts, and its hours or why it has none."""
        return [
            (
                date.fromisoformat(day),
                format_minutes(minutes) if minutes else str(words.NO_TIME),
                _describe_hours(date.fromisoformat(day), start, end, why, get_language() or ""),
            )
            for day, minutes, start, end, why in self.explanation
        ]


# Kept, because the deadlines of many requests are counted over the same days.
@lru_cache(maxsize=1024)
def _describe_hours(day: date, start: str, end: str, why: str, _language: str) -> str:
    if start:
        first, last = (time_format(time.fromisoformat(at), "TIME_FORMAT") for at in (start, end))
        return words.FROM_TO % {"start": first, "end": last}
    if why == WEEKLY_CLOSED:
        return words.CLOSED_ON % {"weekday": date_format(day, "l")}
    return why or str(words.OVER_BEFORE)


def format_minutes(minutes: int) -> str:
    """Format a duration for people: 7 hr 30 min."""
    hours, rest = divmod(minutes, 60)
    said = {"hours": hours, "minutes": rest}
    if hours and rest:
        return words.HOURS_AND_MINUTES % said
    return (words.HOURS if hours else words.MINUTES) % said
