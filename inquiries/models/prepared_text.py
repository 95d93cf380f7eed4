"""Prepared text that the clinic gives its coordinators: replies, and scripts for a crisis."""

from typing import Self, cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inquiries.models.choices import Language


class Translatable(models.Model):
    """Text in one language, which may be the translation of another text."""

    language = models.CharField(
        _("language"),
        max_length=10,
        choices=Language,
        default=Language.ENGLISH,
        db_default=Language.ENGLISH,
    )
    translation_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        help_text=_(
            "The original is shown beside it, for colleagues who do not read this language."
        ),
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                name="%(class)s_has_one_translation",
                violation_error_message=_("It already has a translation into this language"),
            ),
            models.CheckConstraint(
                condition=Q(translation_of__isnull=True) | ~Q(translation_of=F("id")),
                name="%(class)s_translates_another",
            ),
        ]

    @property
    def is_in_english(self) -> bool:
        return self.language == Language.ENGLISH

    @property
    def english_original(self) -> Self | None:
        """The text that this one translates, if that is in English."""
        original = cast("Self | None", self.translation_of)
        return original if original and original.is_in_english and not self.is_in_english else None


class CannedReply(Translatable):
    """A reply to start from. Placeholders in braces are filled in for each request."""

    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=5000)

    class Meta(Translatable.Meta):
        ordering = ("language", "title")
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        constraints = [
            *Translatable.Meta.constraints,
            models.UniqueConstraint(
                fields=["language", "title"],
                name="canned_reply_has_its_title",
                violation_error_message=_("There is already a reply with this title"),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="canned_reply_says_something"),
        ]

    def __str__(self) -> str:
        return self.title


class CrisisScript(Translatable):
    """What to say and do, step by step, when someone is in danger on the phone."""

    title = models.CharField(_("when"), max_length=80, unique=True)
    steps = models.TextField(_("what to do"), help_text=_("One step per line, in order."))
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, help_text=_("The lowest number comes first.")
    )

    class Meta(Translatable.Meta):
        verbose_name = _("crisis script")
        verbose_name_plural = _("crisis scripts")
        ordering = ("position", "title")
        constraints = [
            *Translatable.Meta.constraints,
            models.CheckConstraint(condition=~Q(steps=""), name="crisis_script_says_something"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def step_list(self) -> list[str]:
        return [line.strip() for line in self.steps.splitlines() if line.strip()]
