"""The library of sources that articles cite."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
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

    def __str__(self) -> str:
        return self.key

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
