"""The network a request came from: kept for days, to tell bursts and bystanders apart."""

from django.db import models
from django.db.models import Q

from inquiries.models.inquiry import Inquiry


class Origin(models.Model):
    """What is temporarily known about where a website request came from; see `bursts`."""

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, primary_key=True, related_name="origin")
    at = models.DateTimeField()
    # Keyed hash of the network, truncated to 128 bits.
    network = models.BinaryField(max_length=16)
    # Keyed: two sketches show how alike two messages are; one alone reveals nothing.
    sketch = models.BinaryField(max_length=16)
    # Set if it may be part of a burst. The request's own `burst` is cleared when it is taken up;
    # this one stays.
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
