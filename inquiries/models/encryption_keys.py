"""Keys at rest: each wrapped by one of FIELD_KEYS, none in plain text."""

from functools import cached_property
from typing import Any, Self

from django.db import models

from inquiries import encryption
from inquiries.models.inquiry import Inquiry


class WrappedKey(models.Model):
    """A wrapped 32-byte key. `rotate_keys` wraps it again and leaves what it sealed alone."""

    wrapped = models.BinaryField()
    # Which of FIELD_KEYS opens it: encryption.newest_key_id() at the time it was wrapped.
    wrapped_by = models.CharField(max_length=8, db_index=True)

    class Meta:
        abstract = True
        default_permissions = ()

    @cached_property
    def secret(self) -> bytes:
        """Return the unwrapped key. Raise KeyRefused if FIELD_KEYS cannot unwrap it."""
        return encryption.unwrap(bytes(self.wrapped), by=self.wrapped_by, context=self.wrap_context)

    @property
    def wrap_context(self) -> str:
        return self.context_of(self.pk)

    @classmethod
    def context_of(cls, pk: Any) -> str:
        return f"{cls._meta.label_lower}:{pk}"

    def wrap(self, secret: bytes) -> Self:
        """Wrap with the newest of FIELD_KEYS; the caller saves."""
        self.wrapped = encryption.wrap(secret, context=self.wrap_context)
        self.wrapped_by = encryption.newest_key_id()
        return self


class DataKey(WrappedKey):
    """Seals everything that one request says. Without it, no one can read the request again."""

    inquiry = models.OneToOneField(
        Inquiry, models.CASCADE, primary_key=True, related_name="data_key"
    )

    class Meta(WrappedKey.Meta):
        pass

    def __str__(self) -> str:
        return f"data key of {self.pk}"

    @classmethod
    def new_for(cls, inquiry: Inquiry) -> Self:
        """Return an unsaved key: the request must be saved first."""
        return cls(inquiry=inquiry).wrap(encryption.new_key())


class PurposeKey(WrappedKey):
    """A key that outlives requests: for the indexes, the chains, or the second factors."""

    class Purpose(models.TextChoices):
        CHAIN = "chain", "Chains of events, audit trail, receipts and anchors"
        INDEX = "index", "Blind indexes for search"
        SECOND_FACTOR = "second_factor", "Secrets of the staff's second factors"

    purpose = models.CharField(primary_key=True, max_length=20, choices=Purpose)

    class Meta(WrappedKey.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["chain", "index", "second_factor"]),
                name="purpose_key_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} key"
