"""The clinic's list of word patterns that may mean danger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DangerPhrase(models.Model):
    """A word pattern that may mean someone is in danger now. The clinic edits the list."""

    class Kind(models.TextChoices):
        SELF_HARM = "self_harm", _("Suicide or self-harm")
        ABUSE = "abuse", _("Violence or abuse")
        HEART = "heart", _("Heart")
        STROKE = "stroke", _("Stroke or sudden confusion")
        BREATH = "breath", _("Breathing")
        BLEEDING = "bleeding", _("Bleeding")
        SEIZURE = "seizure", _("Seizure")
        UNCONSCIOUS = "unconscious", _("Fainting or passing out")
        INFECTION = "infection", _("Fever or infection")
        URINE = "urine", _("No urine")
        POISONING = "poisoning", _("Overdose, poisoning, or allergy")
        OTHER = "other", _("Other")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind, db_default=Kind.OTHER, default=Kind.OTHER
    )
    # Uses the syntax of inquiries/danger/pattern_syntax.py.
    phrase = models.CharField(_("pattern"), max_length=200, unique=True)
    language = models.CharField(_("language"), max_length=10, choices=Language)

    class Meta:
        ordering = ("kind", "language", "phrase")
        verbose_name = _("danger phrase")
        verbose_name_plural = _("danger phrases")
        default_permissions = ("view", "add", "change", "delete")

    def __str__(self) -> str:
        return self.phrase
