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
#: For when senders were reached: see `Event.REACHED`.
REACHED_INDEX = models.Index(
    fields=["at", "inquiry", "number"],
    condition=Q(kind__in=["connected", "handed_over", "replied"]),
    name="event_reached",
)
