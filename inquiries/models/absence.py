"""When a colleague is away, and their requests go back to the queue."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from inquiries.models import words


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def between(self, first: date, last: date) -> Self:
        """Absences on any of these days, both ends included."""
        return self.filter(first_day__lte=last, last_day__gte=first)

    def not_over(self) -> Self:
        """Absences now or later, the next first."""
        return self.filter(last_day__gte=timezone.localdate()).order_by("first_day", "id")

    def today(self) -> Self:
        """Absences on today's date in the clinic's time zone."""
        today = timezone.localdate()
        return self.filter(first_day__lte=today, last_day__gte=today)


class Absence(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("who")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(
        _("last day"),
        help_text=_("The last day away. Their requests return to the queue and stay there."),
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("-last_day", "-first_day", "id")
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["last_day", "first_day"], name="absence_by_day")]

    def __str__(self) -> str:
        first, last = (date_format(day, "DATE_FORMAT") for day in (self.first_day, self.last_day))
        return words.AWAY % {"who": self.user, "first": first, "last": last}

    @property
    def days(self) -> str:
        first, last = (date_format(day, "DATE_FORMAT") for day in (self.first_day, self.last_day))
        return first if first == last else words.DAYS_AWAY % {"first": first, "last": last}

    def clean(self) -> None:
        # A field is None if its input was not a valid date.
        if None in {self.first_day, self.last_day}:
            return
        if self.last_day < self.first_day:
            raise ValidationError({"last_day": _("This is before the first day")})
        same_days = Absence.objects.between(self.first_day, self.last_day).exclude(pk=self.pk)
        if other := same_days.filter(user=self.user_id).first():
            raise ValidationError({"first_day": words.AWAY_ALREADY % {"days": other.days}})
