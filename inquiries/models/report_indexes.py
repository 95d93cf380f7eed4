"""The indexes from which a report counts a range of days, without reading the requests."""

from django.db import models
from django.db.models import Q

REPORT_INDEXES = (
    models.Index(
        fields=["received_at", "topic", "article", "contact_method", "language"],
        name="inquiry_received",
    ),
    models.Index(
        fields=["closed_at", "outcome", "owner", "helped"],
        condition=Q(closed_at__isnull=False),
        name="inquiry_ended",
    ),
)
