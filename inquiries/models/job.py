"""What the worker does on a schedule, and when it last did it."""

from django.db import models


class Job(models.Model):
    """Something the worker does repeatedly, and when it last did. The worker itself is one."""

    name = models.CharField(primary_key=True, max_length=40)
    # When it may next start. Whoever moves this ahead has claimed the run.
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # Whether the last run succeeded.
    went_well = models.BooleanField(default=True)
    # A message for people from the last run; most runs have none.
    summary = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
