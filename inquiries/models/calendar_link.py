"""The secret address of a colleague's calendar of call-backs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarLink(models.Model):
    """One for each person who asked for it. Only a hash of its token is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="calendar_link"
    )
    # SHA-256 of 256 random bits.
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # When a calendar last read it, to the hour: the owner sees whether somebody else does.
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("calendar links")

    def __str__(self) -> str:
        return f"calendar link {self.pk}"
