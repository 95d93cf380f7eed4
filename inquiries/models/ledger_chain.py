"""Chains: records that only ever grow, each bound to the one before by a keyed hash."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models


class Chain(models.Model):
    """What a chain hangs on: how many links it has, and the keyed hash of the last."""

    chain_length = models.PositiveIntegerField(default=0)
    chain_head = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


class ChainLink(models.Model):
    """One record of a chain. It names no health information: `detail` holds codes only.

    The database refuses to change or delete one; see inquiries/migrations/initial/triggers.py.
    """

    # Its place in the chain, from 1.
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    # Who did it; null for the sender of a request, and for what the portal does by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Such as {"outcome": "answered"}.
    detail = models.JSONField(default=dict)
    # HMAC-SHA-256 over the one before and everything this one says.
    mac = models.CharField(max_length=64)

    class Meta:
        abstract = True
        default_permissions = ()

    def content(self) -> list[Any]:
        """Everything that it says, in the order in which it is hashed."""
        raise NotImplementedError

    def expected_mac(self, key: bytes, previous: str) -> str:
        """`previous` is the mac of the link before, empty for the first."""
        return keyed_hash(key, [previous, *self.content()])


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        # The same on every database and in every zone.
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


_JSON = json.JSONEncoder(default=_written, sort_keys=True, separators=(",", ":"))


def keyed_hash(key: bytes, content: list[Any]) -> str:
    """HMAC-SHA-256 of a list of strings, numbers, times, keys and codes, as 64 hex digits."""
    written = _JSON.encode(content)
    return hmac.new(key, written.encode(), hashlib.sha256).hexdigest()


_JSON = json.JSONEncoder(default=_written, sort_keys=True, separators=(",", ":"))


class AnchorCopy(models.Model):
    """What an anchor in the file says, kept in the database too: each misses what the other lost.

    The database refuses to change or delete one.
    """

    number = models.PositiveBigIntegerField(unique=True)
    mac = models.CharField(max_length=64)
    # As it stands in the file.
    line = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"anchor {self.number}"
