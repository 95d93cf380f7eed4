"""The staff: everyone who signs in. Patients and families need no account."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a member of staff does here. What each may do: portal/roles.py."""

    EDITOR = "editor", "Editor"
    REVIEWER = "reviewer", "Medical reviewer"
    COORDINATOR = "coordinator", "Care Coordinator"
    LEAD = "lead", "Lead coordinator"
    PRIVACY = "privacy", "Privacy officer"


class User(AbstractUser):
    """A member of staff, known to readers by name where she wrote or reviewed an article."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Blank: an account without a role may sign in and see nothing.
    role = models.CharField(max_length=20, choices=Role, blank=True)
    credentials = models.CharField(
        max_length=100,
        blank=True,
        help_text="Shown to readers after the name of a reviewer, such as “MD, nephrology”.",
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
        """As readers see it: never what she signs in with."""
        name = self.get_full_name() or self.get_role_display() or "Staff"
        return f"{name}, {self.credentials}" if self.credentials else name
