"""The blind index: how a request is found by a name or a number that the database cannot read."""

from django.db import models

from inquiries.models.inquiry import Inquiry


class IndexEntry(models.Model):
    """A keyed hash of something by which one request may be looked up: see `finding`."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="index_entries")
    digest = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["digest", "inquiry"], name="index_entry_once"),
        ]

    def __str__(self) -> str:
        return f"index entry {self.pk}"
