"""The staff: everyone who signs in, and records of how they do. Patients need no account."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The role of a staff member. What each role may do: portal/roles.py."""

    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Medical reviewer")
    COORDINATOR = "coordinator", _("Care Coordinator")
    LEAD = "lead", _("Lead coordinator")
    PRIVACY = "privacy", _("Privacy officer")


class User(AbstractUser):
    """A staff member, known to readers by name where they wrote or reviewed an article."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Blank: an account without a role may sign in, but sees nothing.
    role = models.CharField(max_length=20, choices=Role, blank=True)
    credentials = models.CharField(
        max_length=100,
        blank=True,
        help_text=_("Shown to readers after a reviewer’s name, such as “MD, nephrology”."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["", *Role.values]), name="user_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def public_name(self) -> str:
        """The name that readers see: never the one used to sign in."""
        name = self.get_full_name() or self.get_role_display() or str(_("Staff"))
        return f"{name}, {self.credentials}" if self.credentials else name


# --- Signing in -----------------------------------------------------------------------------------


class AttemptCount(models.Model):
    """Attempts at one thing, such as one account's password; see `portal.http.attempts`.

    Counted here and not in the cache: a cache may forget, be filled by strangers, or be down.
    """

    # A keyed hash of what is counted: people type passwords into the field for the name.
    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"attempts {self.key[:8]}"


class FailureTally(models.Model):
    """Failed sign-ins of one kind on one account within a day; see `portal.accounts.failures`."""

    # Account and kind in one column, because a unique constraint never treats two NULLs as equal.
    subject = models.CharField(max_length=150, unique=True)
    about = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=False)
    method = models.CharField(max_length=30)
    why = models.CharField(max_length=30, blank=True)
    count = models.PositiveIntegerField(default=0)
    # How many of them are in the audit trail.
    told = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "failure tallies"

    def __str__(self) -> str:
        return f"failures {self.pk}"


class TrustedBrowser(models.Model):
    """A browser that is not asked for a code until `ends_at`; see `portal.accounts.trust`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="trusted_browsers")
    # A digest of the random value in the browser's cookie, which nobody can make from the table.
    digest = models.CharField(max_length=64, unique=True)
    # What the trust is based on: the password and the second factors, as a keyed hash.
    grounds = models.CharField(max_length=64)
    ip = models.GenericIPAddressField()
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"trusted browser {self.pk}"


class ProviderBinding(models.Model):
    """Proof that the portal itself bound an account to a person at the identity provider.

    django-allauth's row says which person; whoever can write to the database could add any row.
    """

    # A keyed hash of the provider, its identifier for the person, and the account.
    proof = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"binding {self.proof[:8]}"


# --- Readers' pages -------------------------------------------------------------------------------


class ReaderVersion(models.Model):
    """One row: the number under which readers' pages are current; see `portal.page_cache.versions`.

    Changed by triggers, and never to a number that was used before.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"readers’ pages {self.number}"


class CachedPage(models.Model):
    """A reader's page as finished bytes, for all processes; see `portal.page_cache.database`."""

    # A hash of the page's key: portal/page_cache/keys.py.
    key = models.CharField(max_length=64, primary_key=True)
    version = models.BigIntegerField(db_index=True)
    address = models.JSONField()
    headers = models.JSONField()
    body = models.BinaryField()
    brotli = models.BinaryField()
    gzip = models.BinaryField()
    ends_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now=True)
    #: How often readers requested it, as far as processes have reported.
    readers = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"page {self.key[:8]}"
