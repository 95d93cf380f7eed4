"""The library of sources that articles cite, and what was noticed about them."""

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.category import is_filled, no_control_character
from articles.rendering.library_snapshot import Source, Standing, StudyDesign

_key_shape = RegexValidator(
    r"\A[a-z][a-z0-9-]*\Z",
    _(
        "A key starts with a lowercase letter and has only lowercase letters, digits, and hyphens, "
        "like “gu-2014”."
    ),
)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def to_check(self, now: datetime) -> "ReferenceQuerySet":
        """Those with a DOI or PMID that is due to be looked up, longest due first."""
        has_number = models.Q(is_filled("doi"), is_filled("pmid"), _connector="OR")
        return self.filter(has_number, check_at__lte=now).order_by("check_at", "pk")

    def missing(self) -> "ReferenceQuerySet":
        """Those whose DOI or PMID nobody knows."""
        return self.filter(missing_since__isnull=False)

    def corrected(self) -> "ReferenceQuerySet":
        """Those with a correction that nobody has read."""
        return self.filter(pk__in=SourceNotice.objects.unread().values("reference"))


class Reference(models.Model):
    """A source that articles cite as `[@key]`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=60, unique=True, validators=[_key_shape])
    authors = models.CharField(
        _("authors"), max_length=1000, blank=True, validators=[no_control_character]
    )
    title = models.CharField(_("title"), max_length=500, validators=[no_control_character])
    journal = models.CharField(
        _("journal"), max_length=200, blank=True, validators=[no_control_character]
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    volume = models.CharField(
        _("volume"), max_length=20, blank=True, validators=[no_control_character]
    )
    issue = models.CharField(
        _("issue"), max_length=20, blank=True, validators=[no_control_character]
    )
    pages = models.CharField(
        _("pages"), max_length=40, blank=True, validators=[no_control_character]
    )
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    pmid = models.CharField(_("PMID"), max_length=8, blank=True)
    registry_id = models.CharField(_("registry ID"), max_length=40, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    design = models.CharField(
        _("study design"), max_length=20, choices=StudyDesign, default=StudyDesign.OTHER
    )
    standing = models.CharField(
        _("status"), max_length=20, choices=Standing, default=Standing.CURRENT, editable=False
    )
    standing_note = models.CharField(
        _("reason, for readers"), max_length=400, blank=True, editable=False
    )
    standing_by = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("replaced or disputed by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    # When its DOI and PMID are looked up next, and how often in a row nobody answered.
    check_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    check_failures = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # Since when they are unknown there, and which: “DOI 10.1000/1”.
    missing_since = models.DateTimeField(null=True, editable=False)
    missing_numbers = models.CharField(
        max_length=240, blank=True, default="", db_default="", editable=False
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(condition=is_filled("key"), name="reference_has_a_key"),
            models.CheckConstraint(condition=is_filled("title"), name="reference_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(design__in=StudyDesign.values),
                name="reference_design_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values),
                name="reference_standing_is_known",
            ),
            models.UniqueConstraint(
                fields=["doi"], condition=is_filled("doi"), name="reference_doi_once"
            ),
            models.UniqueConstraint(
                fields=["pmid"], condition=is_filled("pmid"), name="reference_pmid_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_at"],
                condition=models.Q(is_filled("doi"), is_filled("pmid"), _connector="OR"),
                name="reference_to_check",
            ),
            models.Index(
                fields=["key"],
                condition=models.Q(missing_since__isnull=False),
                name="reference_missing",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def numbers(self) -> tuple[str, str]:
        """What it is looked up by: its DOI and its PMID."""
        return self.doi, self.pmid

    def as_source(self) -> Source:
        """Return it in the form that rendering and checks use. Reads `standing_by`."""
        return Source(
            key=self.key,
            authors=self.authors,
            title=self.title,
            journal=self.journal,
            year=self.year,
            volume=self.volume,
            issue=self.issue,
            pages=self.pages,
            doi=self.doi,
            pmid=self.pmid,
            registry_id=self.registry_id,
            url=self.url,
            design=StudyDesign(self.design),
            standing=Standing(self.standing),
            standing_note=self.standing_note,
            standing_by=self.standing_by.key if self.standing_by else "",
        )


class SourceNoticeQuerySet(models.QuerySet["SourceNotice"]):
    def unread(self) -> "SourceNoticeQuerySet":
        """Corrections that nobody has read yet."""
        return self.filter(settled_at__isnull=True, kind=SourceNotice.Kind.CORRECTION)

    def unproposed(self) -> "SourceNoticeQuerySet":
        """Warnings that have not become a proposal yet."""
        return self.filter(settled_at__isnull=True).exclude(kind=SourceNotice.Kind.CORRECTION)


class SourceNotice(models.Model):
    """What Crossref or PubMed says became of a source after it was published."""

    class Kind(models.TextChoices):
        RETRACTION = "retraction", _("Retraction")
        CONCERN = "concern", _("Expression of concern")
        CORRECTION = "correction", _("Correction")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    # The DOI or PMID of the notice; empty if only the record of the source itself says so.
    number = models.CharField(max_length=200, blank=True)
    noticed_at = models.DateTimeField(auto_now_add=True)
    # When it became a proposal or needed none, or when and by whom a correction was read.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    objects = SourceNoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ("noticed_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "number"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["retraction", "concern", "correction"]),
                name="notice_kind_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reference"],
                condition=models.Q(settled_at__isnull=True),
                name="notice_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
