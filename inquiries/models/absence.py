"""When a colleague is away, so that their requests go back to the queue meanwhile."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def today(self) -> Self:
        """On the clinic's calendar."""
        today = timezone.localdate()
        return self.filter(first_day__lte=today, last_day__gte=today)


class Absence(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("who")
    )
    first_day = models.DateField()
    last_day = models.DateField(
        help_text=_("The last day away. Their requests return to the queue and stay there.")
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("-last_day", "-first_day", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["last_day", "first_day"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day:%-d %b %Y} to {self.last_day:%-d %b %Y}"

    def clean(self) -> None:
        # None where what was typed is no day.
        if None not in {self.first_day, self.last_day} and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("This is before the first day")})
