"""The links that open one request's private page, and the wrong guesses made there."""

from django.db import models

from inquiries.models.inquiry import Inquiry


class AccessLink(models.Model):
    """A private link to one request. Only a hash of its token is stored, never the token."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="links")
    # SHA-256 of 256 random bits.
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # After this time the link opens nothing; the same is true once it is revoked.
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Made for a mail, so it is revoked when that mail address no longer counts.
    mailed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"link {self.pk}"


class EndedVisit(models.Model):
    """A visit or confirmation that its browser has left: a copied cookie no longer opens anything.

    Kept for longer than any visit or confirmation lasts.
    """

    # SHA-256 of the random number in the cookie.
    digest = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"ended visit {self.pk}"


class GuessCount(models.Model):
    """Wrong details entered for one private page; see `lockout`.

    Counted here and not in the cache, which may evict a count and miscounts concurrent guesses; and
    not in the request's own row, which every verb rewrites completely.
    """

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="+", db_index=False)
    # Whether this counts browsers that opened the page before, or all others.
    is_known = models.BooleanField()
    # Counts for the last 15 minutes and the last day, with the start of each count.
    recent = models.PositiveSmallIntegerField(default=0)
    recent_since = models.DateTimeField(null=True)
    today = models.PositiveSmallIntegerField(default=0)
    today_since = models.DateTimeField(null=True)
    # In total, since this count last ended the links.
    ever = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "is_known"], name="guess_count_once")
        ]

    def __str__(self) -> str:
        return f"guesses {self.pk}"
