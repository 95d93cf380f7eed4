"""Named views of the queue, which colleagues keep for themselves or leads share with everyone."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A name for a view of the queue and its filters; nothing about any person or request."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    is_shared = models.BooleanField(default=False)
    # Query parameters as `triage.filters` checks them, such as {"view": "open", "language": "es"}.
    filters = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_has_its_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_is_named"),
        ]

    def __str__(self) -> str:
        return self.name
