"""The content of articles: revisions that never change, their authors, and their approvals."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.content import CONTENT_FIELDS, Content
from articles.evidence_stages import Stage, stage_badge
from articles.models.category import is_filled, no_control_character
from articles.rendering.certainty import Ratings, ratings_from_json

if TYPE_CHECKING:
    from articles.models.article import Article

#: Format of ICD-10-CM codes (CDC, NCHS): a letter, a digit, a letter or digit, up to four more.
icd_10_cm = RegexValidator(
    r"\A[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?\Z",
    _("This isn’t an ICD-10-CM code. A code looks like “M32.14”."),
)


#: Limit on revisions compared with a draft's findings: more would keep the author waiting.
_MOST_CITING = 20


class RevisionQuerySet(models.QuerySet["Revision"]):
    def for_history(self, before: int) -> Self:
        """Revisions below a number, newest first, with who wrote and approved each."""
        return (
            self.filter(number__lt=before)
            .order_by("-number")
            .select_related("made_by", "made_from")
            .defer("body", "key_points", "made_from__body", "made_from__key_points")
            .prefetch_related(
                Prefetch("authorships", Authorship.objects.select_related("author")),
                Prefetch("approvals", Approval.objects.select_related("by").defer("answers")),
            )
        )

    def live_citing(self, keys: Collection[str], *, but: "Article | None") -> Self:
        """The newest live revisions with findings that cite one of these sources."""
        cited = self.filter(live_of__page__sources__key__in=keys, body__contains="```finding")
        others = cited.exclude(article=but) if but else cited
        return others.order_by("-made_at")[:_MOST_CITING]


class Revision(models.Model):
    """One version of an article's content. Never changed, never deleted (triggers)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey("Article", models.PROTECT, related_name="revisions")
    # Starts at 1 for each article.
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200, validators=[no_control_character])
    summary = models.CharField(
        _("summary"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences that make sense on their own. Needed to publish."),
    )
    key_points = models.TextField(
        _("key points"),
        blank=True,
        max_length=2000,
        help_text=_("One per line. Numbers need a citation here, too."),
    )
    body = models.TextField(_("body"), help_text=_("Markdown. Headings start at ##."))
    stage = models.CharField(_("stage of the evidence"), max_length=20, choices=Stage, blank=True)
    condition = models.CharField(
        _("condition"),
        max_length=100,
        blank=True,
        validators=[no_control_character],
        help_text=_("What the article is about, such as “Lupus nephritis”."),
    )
    condition_code = models.CharField(
        _("ICD-10-CM code"), max_length=8, blank=True, validators=[icd_10_cm]
    )
    justified = models.JSONField(default=dict, blank=True)
    correction = models.TextField(
        _("correction"),
        blank=True,
        max_length=1000,
        help_text=_(
            "If something was wrong before: what it was, and what is right. Readers see it."
        ),
    )
    digest = models.CharField(max_length=64)
    made_from = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    # Null: imported without an author.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    made_at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("article", "number")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=is_filled("title"), name="revision_has_a_title"),
            models.CheckConstraint(condition=is_filled("body"), name="revision_has_a_body"),
            models.CheckConstraint(
                condition=Q(stage__in=["", *Stage.values]), name="revision_stage_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def badge(self) -> str:
        """Its stage as readers see it; empty if they see none."""
        return stage_badge(self.stage)

    @property
    def content(self) -> Content:
        return Content(**{name: getattr(self, name) for name in CONTENT_FIELDS})


class AuthorshipQuerySet(models.QuerySet["Authorship"]):
    def for_readers(self) -> Self:
        """Load each author, but only the fields of the name that readers see."""
        names = ("first_name", "last_name", "role", "credentials")
        return self.select_related("author").only(
            "revision", "interests", *(f"author__{name}" for name in names)
        )


class Authorship(models.Model):
    """A person who wrote part of a revision, with the interests that they declared for it."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="authorships")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="authorships")
    # Empty: not declared yet.
    interests = models.CharField(max_length=400, blank=True)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["revision", "author"], name="authorship_once")
        ]

    def __str__(self) -> str:
        return str(self.author)


class Approval(models.Model):
    """A reviewer's approval of one revision, word by word. Never changed (triggers)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="approvals")
    # Digest of the content that the reviewer read; the same as the revision's.
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals")
    at = models.DateTimeField()
    interests = models.CharField(max_length=400)
    # What the checks found at the time, and what the reviewer attested.
    answers = models.JSONField(default=list)
    # How certain the evidence on each card is, by the card's number (`rendering.certainty`).
    # Null: approved before reviewers could say so.
    certainty = models.JSONField(null=True)
    # The review of the whole text, if this one approved only small corrections since: what was
    # confirmed there still stands. That one is never based on another.
    carried_from = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        ordering = ("at",)
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=is_filled("interests"), name="approval_declares_interests"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d}"

    @property
    def review(self) -> "Approval":
        """The approval of somebody who confirmed the whole text: this one, or an earlier one."""
        return self.carried_from or self

    @property
    def ratings(self) -> Ratings:
        """How certain the evidence on each card is, by its number; a card can be without one."""
        return ratings_from_json(self.certainty)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def working(self) -> Self:
        return self.filter(ended_at=None, expires_at__gt=timezone.now())

    def active_for(self, article: "Article") -> Self:
        """Links to revisions of an article that work now, newest first."""
        return (
            self.working()
            .filter(revision__article=article)
            .select_related("revision", "made_by")
            .order_by("-id")
        )


class PreviewLink(models.Model):
    """A secret link that lets someone without an account read one revision until it expires.

    Only the SHA-256 of the secret is stored.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="preview_links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.revision} until {self.expires_at:%Y-%m-%d}"


class Feedback(models.Model):
    """How many readers gave one answer to “was this clear?” for a revision on one day. No text."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        HARD_WORDS = "hard_words", _("The words are too hard")
        TOO_LONG = "too_long", _("It’s too long")
        NOT_THERE = "not_there", _("I couldn’t find what I needed")
        NOT_SURE = "not_sure", _("I’m not sure I can trust it")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="feedback")
    answer = models.CharField(max_length=20, choices=Answer)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(fields=["revision", "answer", "day"], name="feedback_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.count}"
