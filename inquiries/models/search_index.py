"""The blind index: finding a request by a name or number that the database cannot read."""

from django.db import models

from inquiries.models.inquiry import Inquiry


class IndexEntry(models.Model):
    """A keyed hash of something by which a request can be looked up: see `search.lookup`."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="index_entries")
    digest = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["digest", "inquiry"], name="index_entry_once"),
        ]

    def __str__(self) -> str:
        return f"index entry {self.pk}"
