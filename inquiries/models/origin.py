"""From which network a request came: kept for days, to tell bursts and bystanders apart."""

from django.db import models
from django.db.models import Q

from inquiries.models.inquiry import Inquiry


class Origin(models.Model):
    """What is known for a while of where a request from the website came from; see `bursts`."""

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, primary_key=True, related_name="origin")
    at = models.DateTimeField()
    # Keyed hash of the network, cut to 128 bits.
    network = models.BinaryField(max_length=16)
    # Keyed: how alike two messages are can be seen from theirs, and nothing about one.
    sketch = models.BinaryField(max_length=16)
    # Of what may be part of a burst. That of its request is emptied by who takes it up; this stays.
    burst = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["network", "at"], name="origin_by_network"),
            models.Index(fields=["at"], name="origin_by_time"),
            models.Index(
                fields=["burst"], condition=Q(burst__isnull=False), name="origin_of_burst"
            ),
        ]

    def __str__(self) -> str:
        return f"origin of {self.inquiry_id}"
