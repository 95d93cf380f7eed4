"""The clinic's list of patterns of words that may mean danger."""

from django.db import models


class DangerPhrase(models.Model):
    """A pattern of words that may mean that somebody is in danger now, for the clinic to edit."""

    class Kind(models.TextChoices):
        SELF_HARM = "self_harm", "Suicide or self-harm"
        ABUSE = "abuse", "Violence or abuse"
        HEART = "heart", "Heart"
        STROKE = "stroke", "Stroke or sudden confusion"
        BREATH = "breath", "Breathing"
        BLEEDING = "bleeding", "Bleeding"
        SEIZURE = "seizure", "Seizure"
        UNCONSCIOUS = "unconscious", "Fainting or unconscious"
        INFECTION = "infection", "Fever or infection"
        URINE = "urine", "No urine"
        POISONING = "poisoning", "Overdose, poison or allergy"
        OTHER = "other", "Other"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Spanish"

    kind = models.CharField(max_length=20, choices=Kind, db_default=Kind.OTHER, default=Kind.OTHER)
    # Written in the language of inquiries/danger/pattern_syntax.py.
    phrase = models.CharField("pattern", max_length=200, unique=True)
    language = models.CharField(max_length=10, choices=Language)

    class Meta:
        ordering = ("kind", "language", "phrase")
        default_permissions = ("view", "add", "change", "delete")

    def __str__(self) -> str:
        return self.phrase
