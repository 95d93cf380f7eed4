"""Mails that came back after they were accepted: why, and how many on a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BounceReason(models.TextChoices):
    """Why a mail came back, as far as its server said; stored as the failure of the mail."""

    NO_ADDRESS = "no_address", _("the address doesn’t exist, or is no longer in use")
    FULL = "full", _("their inbox is full")
    BLOCKED = "blocked", _("their mail service blocks our emails")
    NOT_SAID = "bounced", _("their mail service didn’t say why")


class BounceCount(models.Model):
    """A day's count of one result: no address, no request, no text. Kept for 90 days."""

    class Result(models.TextChoices):
        FAILED = "failed", "A mail failed"
        DELAYED = "delayed", "A mail is late; its server keeps trying"
        AUTO_REPLY = "auto_reply", "An automatic reply"
        OTHER = "other", "Neither a bounce nor an automatic reply"
        # The mail had failed before, was dropped, or was never sent.
        REPEATED = "repeated", "A bounce that changed nothing"
        OUTDATED = "outdated", "From an address that has been changed since"
        UNSIGNED = "unsigned", "Without a return address of ours"
        FORGED = "forged", "With a return address that we didn't make"
        EXPIRED = "expired", "With a return address that is too old"
        GONE = "gone", "For a mail that is no longer there"
        UNREADABLE = "unreadable", "Too large, too deep, or broken"

    #: What can't have been a bounce of a mail of ours, as far as we can tell.
    DROPPED = (Result.UNSIGNED, Result.FORGED, Result.EXPIRED, Result.UNREADABLE)

    # In UTC.
    day = models.DateField()
    result = models.CharField(max_length=20, choices=Result)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "result"], name="bounce_count_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.result}: {self.count}"
