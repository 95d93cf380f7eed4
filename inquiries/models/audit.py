"""What staff do with the portal itself: signing in, searching, exporting, changing accounts."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inquiries.models import words
from inquiries.models.ledger_chain import Chain, ChainLink


class AuditTrail(Chain):
    """This installation's single chain of audit entries."""

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_trail_is_one")]

    def __str__(self) -> str:
        return "audit trail"


class AuditEntry(ChainLink):
    """One thing that someone did, or tried to do, that no request's own events record."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        SIGNED_OUT = "signed_out", _("Signed out")
        REAUTHENTICATED = "reauthenticated", _("Confirmed identity")
        SESSION_ENDED = "session_ended", _("Session ended")
        FACTOR_CHANGED = "factor_changed", _("Second factor changed")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        ACCOUNT_CHANGED = "account_changed", _("Account or role changed")
        SEARCHED = "searched", _("Searched requests")
        AUDITED = "audited", _("Viewed the audit trail")
        EXPORTED = "exported", _("Exported")
        PURGED = "purged", _("Old requests erased")
        ANCHORED = "anchored", _("Anchor written")
        RESTORED = "restored", _("Restored from a backup")
        KEYS_ROTATED = "keys_rotated", _("Keys rotated")
        SETTINGS_CHANGED = "settings_changed", _("Settings changed")
        PHRASES_CHANGED = "phrases_changed", _("Danger phrases changed")
        ABSENCES_CHANGED = "absences_changed", _("Absences changed")
        HOURS_CHANGED = "hours_changed", _("Calendar changed")
        LEVELS_CHANGED = "levels_changed", _("Service level changed")
        REPLIES_CHANGED = "replies_changed", _("Canned reply changed")
        SCRIPTS_CHANGED = "scripts_changed", _("Crisis script changed")
        CHECKLISTS_CHANGED = "checklists_changed", _("Checklist changed")
        DIRECTORY_CHANGED = "directory_changed", _("Directory changed")
        CALENDAR_LINKED = "calendar_linked", _("Calendar link made or turned off")
        LANGUAGES_CHANGED = "languages_changed", _("Languages of a colleague changed")
        TRIMMED = "trimmed", _("Old entries deleted")
        TOPICS_CHANGED = "topics_changed", _("Topics of a colleague changed")

    kind = models.CharField(max_length=20, choices=Kind)
    # The account that it concerns, if that is someone else's or no one is signed in.
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(ChainLink.Meta):
        ordering = ("-at", "-number")
        verbose_name_plural = _("audit trail")
        permissions = [("audit", _("Can read the audit trail and export it"))]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="audit_entry_has_its_place"),
        ]
        indexes = [
            models.Index(fields=["-at", "-number"], name="audit_entry_newest"),
            models.Index(fields=["kind", "-at", "-number"], name="audit_entry_by_kind"),
            models.Index(fields=["by", "-at", "-number"], name="audit_entry_by_account"),
            models.Index(fields=["about", "-at", "-number"], name="audit_entry_about_account"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    @property
    def details_in_words(self) -> str:
        """Its details in one line: “by what: name, found: 3”. Omits fingerprints of settings."""
        return ", ".join(
            f"{_in_words(name)}: {_names(value) if name == 'changed' else _in_words(value)}"
            for name, value in sorted(self.detail.items())
            if not isinstance(value, dict)
        )

    def content(self) -> list[Any]:
        return [
            *("audit", self.number, self.kind, self.at),
            *(self.by_id, self.about_id, self.detail),
        ]


def _names(value: Any) -> str:
    """Return setting names, unchanged. Older entries hold a single code instead."""
    return ", ".join(map(str, value)) if isinstance(value, list) else _in_words(value)


def _in_words(value: Any) -> str:
    """Return one of our codes in readable form; for a change, old and new with an arrow between."""
    if isinstance(value, list):
        return " → ".join(map(_in_words, value))
    if isinstance(value, bool):
        return str(words.YES_OR_NO[value])
    return value.replace("_", " ") if isinstance(value, str) and value.islower() else str(value)
