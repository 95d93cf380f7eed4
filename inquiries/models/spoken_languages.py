"""The languages a colleague speaks, so that a request finds someone who can answer it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inquiries.models.choices import Language


class SpokenLanguages(models.Model):
    """The languages one colleague entered. Without an entry, a colleague speaks English."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="spoken_languages",
    )
    # Language codes separated by spaces, so that one query reads them with the account.
    codes = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("spoken languages")
        constraints = [
            models.CheckConstraint(condition=~Q(codes=""), name="everybody_speaks_something")
        ]

    def __str__(self) -> str:
        return ", ".join(str(each.label) for each in Language if each in self.codes.split())
