"""To whom coordinators refer patients: a directory that leads keep. It names no patient."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DirectoryQuerySet(models.QuerySet["DirectoryEntry"]):
    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class DirectoryEntry(models.Model):
    """A clinic, doctor, or service to refer patients to."""

    name = models.CharField(
        _("name"),
        max_length=120,
        unique=True,
        error_messages={"unique": _("There is already an entry with this name")},
    )
    kind = models.CharField(
        _("kind"), max_length=80, help_text=_("Such as clinic, doctor, social work, or insurance.")
    )
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.CharField(_("email or fax"), max_length=254, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    notes = models.TextField(
        _("notes"),
        max_length=2000,
        blank=True,
        help_text=_("Hours, whom to ask for, what to send. Never anything about a patient."),
    )
    is_retired = models.BooleanField(
        _("no longer used"), default=False, help_text=_("Earlier referrals keep it.")
    )

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(kind=""), name="directory_entry_says_who"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"
