"""The links that open the private page of one request, and the wrong guesses at its door."""

from django.db import models

from inquiries.models.inquiry import Inquiry


class AccessLink(models.Model):
    """A private link to one request. Of its token only a hash is kept: here nobody finds it."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="links")
    # SHA-256 of 256 random bits.
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # A link that is older opens nothing; neither does one that was taken back.
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Made for a mail: it ends with the address that it was sent to.
    mailed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"link {self.pk}"


class EndedVisit(models.Model):
    """A visit, or a confirmation, that its browser has left: a copy of its cookie opens nothing.

    Kept for longer than any of these lasts.
    """

    # SHA-256 of the random number in the cookie.
    digest = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"ended visit {self.pk}"


class GuessCount(models.Model):
    """Wrong details entered at the door of one private page; see `lockout`.

    Counted here and not in the cache, which may forget, and loses count of guesses made at once;
    and not in the request's own row, which every verb writes whole.
    """

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="+", db_index=False)
    # Of browsers that opened the page before, or of all others.
    is_known = models.BooleanField()
    # In the last quarter of an hour and in the last day, with when that count began.
    recent = models.PositiveSmallIntegerField(default=0)
    recent_since = models.DateTimeField(null=True)
    today = models.PositiveSmallIntegerField(default=0)
    today_since = models.DateTimeField(null=True)
    # Since the last link was made after this count had ended them all.
    ever = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "is_known"], name="guess_count_once")
        ]

    def __str__(self) -> str:
        return f"guesses {self.pk}"
