"""What the worker does by the clock, and when it last did."""

from django.db import models


class Job(models.Model):
    """Something the worker does again and again, and when it last did. The worker itself is one."""

    name = models.CharField(primary_key=True, max_length=40)
    # When it may be begun next: who moves it ahead has it.
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # Whether the last time ended well.
    went_well = models.BooleanField(default=True)
    # What it then said for people; most say nothing.
    summary = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
