"""Words that the clinic gives its coordinators: to reply with, and for a crisis."""

from django.db import models
from django.db.models import Q

from inquiries.models.choices import Language


class CannedReply(models.Model):
    """A reply to begin from. What stands in braces is filled in for each request."""

    title = models.CharField(max_length=80)
    language = models.CharField(max_length=10, choices=Language)
    text = models.TextField(max_length=5000)

    class Meta:
        ordering = ("language", "title")
        verbose_name = "canned reply"
        verbose_name_plural = "canned replies"
        constraints = [
            models.UniqueConstraint(
                fields=["language", "title"],
                name="canned_reply_has_its_title",
                violation_error_message="There is a reply with this title already",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="canned_reply_says_something"),
        ]

    def __str__(self) -> str:
        return self.title


class CrisisScript(models.Model):
    """What to say and do, step by step, when somebody is in danger on the phone."""

    title = models.CharField("when", max_length=80, unique=True)
    steps = models.TextField("what to do", help_text="One step a line, in the order to take them.")
    position = models.PositiveSmallIntegerField(default=1, help_text="The lowest stands first.")

    class Meta:
        ordering = ("position", "title")
        constraints = [
            models.CheckConstraint(condition=~Q(steps=""), name="crisis_script_says_something")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def step_list(self) -> list[str]:
        return [line.strip() for line in self.steps.splitlines() if line.strip()]
