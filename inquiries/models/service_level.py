"""Our service levels: when we work, how soon we try to reach someone, and how often."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inquiries.models.choices import Weekday
from inquiries.states import Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_MIDNIGHT = "00:00"


class Calendar(models.Model):
    """When staff work on requests, in the clinic's time zone. Each service level has a calendar."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    country = models.CharField(
        _("public holidays of"),
        max_length=2,
        blank=True,
        help_text=_("Two letters, such as US or ES. Leave empty to work on public holidays."),
    )
    subdivision = models.CharField(
        _("state or region"),
        max_length=10,
        blank=True,
        help_text=_("Its code, such as CA or MD, for its own holidays."),
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """Opening hours on one weekday; a weekday with a break has several rows."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="week")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"), help_text=_("00:00 means the end of the day."))

    class Meta:
        ordering = ("calendar", "weekday", "opens")
        verbose_name = verbose_name_plural = _("working hours")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=_MIDNIGHT),
                name="opening_ends_after_it_begins",
                violation_error_message=_("The end must be after the start"),
            ),
            models.CheckConstraint(
                condition=Q(weekday__in=Weekday.values), name="opening_is_on_a_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class SpecialDay(models.Model):
    """One day with its own hours, or none. It takes precedence over public holidays."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="special_days")
    day = models.DateField(_("day"))
    name = models.CharField(_("what it is"), max_length=60)
    opens = models.TimeField(
        _("opens"), null=True, blank=True, help_text=_("Leave empty if closed all day.")
    )
    closes = models.TimeField(
        _("closes"), null=True, blank=True, help_text=_("00:00 means the end of the day.")
    )

    class Meta:
        ordering = ("calendar", "day")
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="special_day_is_one",
                violation_error_message=_("This day is already in the list"),
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False)
                & (Q(closes__gt=F("opens")) | Q(closes=_MIDNIGHT)),
                name="special_day_ends_after_it_begins",
                violation_error_message=_(
                    "Enter an opening time and a later closing time, or leave both empty"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class HolidayYear(models.Model):
    """One year's public holidays of a country or a part of it, by day (ISO 8601)."""

    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField()
    days = models.JSONField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["country", "subdivision", "year"], name="holiday_year_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.subdivision} {self.year}"


def _minutes_field(
    name: "StrOrPromise", help_text: "StrOrPromise" = ""
) -> "models.PositiveIntegerField[int, int]":
    return models.PositiveIntegerField(
        name,
        validators=[MinValueValidator(1), MaxValueValidator(60 * 24 * 60)],
        help_text=help_text,
    )


def _small_number_field(
    name: "StrOrPromise", most: int, help_text: "StrOrPromise" = ""
) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        name, validators=[MinValueValidator(1), MaxValueValidator(most)], help_text=help_text
    )


class ServiceLevel(models.Model):
    """What a request of this urgency is owed: targets in working time, and the contact policy.

    There is exactly one for each urgency: none is added and none is removed.
    """

    urgency = models.CharField(_("urgency"), max_length=10, primary_key=True, choices=Urgency)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="levels", verbose_name=_("calendar")
    )
    look_minutes = _minutes_field(_("check for spam"), _("Working minutes."))
    first_attempt_minutes = _minutes_field(
        _("first attempt to reach the sender"), _("Working minutes.")
    )
    next_reply_minutes = _minutes_field(_("next attempt or reply"), _("Working minutes."))
    closure_minutes = _minutes_field(_("close the request"), _("Working minutes."))
    until_closing = models.BooleanField(
        _("until the end of that working day"),
        default=False,
        help_text=_("The deadline then moves to the end of the day on which it falls."),
    )
    attempts = _small_number_field(
        _("attempts"), 10, _("Needed before a request can be closed as unreachable.")
    )
    hours_apart = _small_number_field(_("hours between two attempts"), 24 * 7, _("At least."))
    parts_of_day = _small_number_field(
        _("different parts of the day"), 3, _("Out of morning, afternoon, and evening.")
    )
    channels = _small_number_field(
        _("different ways"), 3, _("Such as phone and email, if the sender gave both.")
    )

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="level_is_of_an_urgency"
            ),
            models.CheckConstraint(
                condition=Q(
                    look_minutes__gt=0,
                    first_attempt_minutes__gt=0,
                    next_reply_minutes__gt=0,
                    closure_minutes__gt=0,
                    attempts__gt=0,
                ),
                name="level_has_targets",
            ),
        ]

    def __str__(self) -> str:
        return self.get_urgency_display()
