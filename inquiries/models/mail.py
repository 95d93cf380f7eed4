"""Mails to be sent to the senders of requests and to staff, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from inquiries.models.access_link import AccessLink
from inquiries.models.inquiry import Inquiry
from inquiries.models.labels import Labelled


class BounceReason(models.TextChoices):
    """Why a mail came back, as far as its server said; stored as the failure of the mail."""

    NO_ADDRESS = "no_address", _("the address doesn’t exist, or is no longer in use")
    FULL = "full", _("their inbox is full")
    BLOCKED = "blocked", _("their mail service blocks our emails")
    NOT_SAID = "bounced", _("their mail service didn’t say why")


class Outgoing(Labelled):
    """A mail to be sent, and what became of it.

    It is created in the transaction of what it reports, and the worker sends it. It holds no
    readable address and no text: both are looked up when the mail is written.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be delivered")
        # There is no one to send it to anymore: the request was erased or asks for another way.
        DROPPED = "dropped", _("no longer needed")

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # When the worker may take it next. Moved ahead while a worker has it; if that worker is
    # killed, another takes it up then.
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # Why the last attempt failed, or why it came back: one of our codes, nothing the server said.
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | Q(state__in=["sent", "failed", "dropped"], settled_at__isnull=False),
                name="%(class)s_is_settled_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="waiting"), name="%(class)s_waiting"
            ),
            models.Index(
                fields=["settled_at"], condition=Q(state="failed"), name="%(class)s_failed"
            ),
        ]


class Delivery(Outgoing):
    """A mail to the sender of a request."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("Confirmation that we have the request")
        REPLY = "reply", _("Notice of our message")
        LINK = "link", _("New private link")
        CHANGED = "changed", _("Notice to the old address that contact details changed")
        ENDED = "ended", _("Notice that private links were turned off")

    #: The failure for an address that the mail server does not support; see `email_addresses`.
    NO_SMTPUTF8 = "no SMTPUTF8"

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=20, choices=Kind)
    # The private link in the last attempt; earlier attempts' links no longer open anything.
    link = models.ForeignKey(
        AccessLink, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    # Keyed hash of the address, as in `lookup`, to count mails to one inbox; empty once erased.
    address = models.BinaryField(max_length=16, default=b"")
    # The event whose sending has the address; None for what counts when the mail is written.
    sent_with = models.ForeignKey(
        "Event", models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Keyed hash of where it goes: see `ledger.bindings`. Empty for mails of earlier releases.
    mac = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta(Outgoing.Meta):
        verbose_name_plural = "deliveries"
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["address", "-made_at"], name="delivery_by_address"),
            models.Index(fields=["kind", "state", "settled_at"], name="delivery_by_settling"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Notice(Outgoing):
    """A mail to a staff member: something needs them. It gives only a link, and a reference."""

    class Kind(models.TextChoices):
        URGENT = "urgent", _("A new request may be urgent")
        ASSIGNED = "assigned", _("A request was handed over to you")
        WROTE = "wrote", _("The sender wrote again")
        UNDELIVERED = "undelivered", _("An email to the sender didn’t arrive")
        LOGGED = "logged", _("A colleague logged something on your request")
        TAKEN_OVER = "taken_over", _("A colleague took over your request")
        OFFERED = "offered", _("A colleague offers you a request")
        OFFER_DECLINED = "offer_declined", _("A colleague declined a request you offered")
        OFFER_LATE = "offer_late", _("No one has answered an offer to take a request")
        LEAD_ASKED = "lead_asked", _("A colleague asks a lead")
        DUE_SOON = "due_soon", _("A deadline is coming up")
        OVERDUE = "overdue", _("A deadline has passed")
        CRISIS = "crisis", _("Someone was handed over to emergency help")
        TASK_GIVEN = "task_given", _("A colleague gave you a task")
        TASK_DUE = "task_due", _("A task is due")
        TASK_OVERDUE = "task_overdue", _("A task is overdue")
        # To editors and reviewers, about an article: `articles.editing.notices`.
        REVIEW_ASKED = "review_asked", _("A draft is ready for your review")
        REVIEW_WAITS = "review_waits", _("A draft is still waiting for a review")
        DRAFT_SENT_BACK = "draft_sent_back", _("Your draft was sent back")
        DRAFT_APPROVED = "draft_approved", _("Your draft was approved")
        REVIEW_DUE = "review_due", _("A live article is due for a new review")
        COMMENTED = "commented", _("Comments on an article of yours are waiting")
        COMMENT_ANSWERED = "comment_answered", _("A comment of yours was answered or resolved")
        DIGEST = "digest", _("Your day")
        # To leads, about no single request.
        BURST = "burst", _("Many urgent requests from one network")
        CROWD = "crowd", _("Very many requests at once")
        BRAKE = "brake", _("Confirmations are waiting: too many in an hour")
        # About their own account, after a lead changed it.
        ACCOUNT_NEW = "account_new", _("You have a new staff account. Set your password")
        PASSWORD_LINK = "password_link", _("Your password was reset. Set a new one")
        FACTOR_RESET = "factor_reset", _("Your second step was reset. Set up a new one")
        ACCOUNT_OFF = "account_off", _("Your staff account was deactivated")
        ACCOUNT_ON = "account_on", _("Your staff account is active again")

    #: These have a link with which they set a password, once.
    WITH_PASSWORD_LINK = frozenset({Kind.ACCOUNT_NEW, Kind.PASSWORD_LINK})
    ABOUT_ACCOUNT = WITH_PASSWORD_LINK | {Kind.FACTOR_RESET, Kind.ACCOUNT_OFF, Kind.ACCOUNT_ON}

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    # None for the digest, for alerts to leads about no single request, and about an account or an
    # article.
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, related_name="notices")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")

    class Meta(Outgoing.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class BounceCount(models.Model):
    """A day's count of one result: no address, no request, no text. Kept for 90 days."""

    class Result(models.TextChoices):
        FAILED = "failed"
        DELAYED = "delayed"  # its server keeps trying
        AUTO_REPLY = "auto_reply"
        OTHER = "other"  # neither a bounce nor an automatic reply
        REPEATED = "repeated"  # the mail had failed before, was dropped, or was never sent
        OUTDATED = "outdated"  # from an address that has been changed since
        UNSIGNED = "unsigned"  # without a return address of ours
        FORGED = "forged"  # with a return address that we didn't make
        EXPIRED = "expired"  # with a return address that is too old
        GONE = "gone"  # for a mail that is no longer there
        UNREADABLE = "unreadable"  # too large, too deep, or broken

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
