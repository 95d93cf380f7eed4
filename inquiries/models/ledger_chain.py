"""Chains: append-only records, each bound to the previous one by a keyed hash."""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models


class Chain(models.Model):
    """The head of a chain: how many links it has, and the keyed hash of the last one."""

    chain_length = models.PositiveIntegerField(default=0)
    chain_head = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


class ChainLink(models.Model):
    """One record of a chain. It holds no health information: `detail` holds only codes.

    The database refuses to change or delete one; see inquiries/migrations/initial/triggers.py.
    """

    # Its position in the chain, starting at 1.
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    # Who did it; null for the sender of a request, and for what the portal does on its own.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Such as {"outcome": "answered"}.
    detail = models.JSONField(default=dict)
    # HMAC-SHA-256 over the previous link's mac and this link's content.
    mac = models.CharField(max_length=64)

    class Meta:
        abstract = True
        default_permissions = ()

    def content(self) -> list[Any]:
        """Return its content in the order in which it is hashed."""
        raise NotImplementedError

    def expected_mac(self, key: bytes, previous: str) -> str:
        """Return the expected mac. `previous` is the previous link's mac, empty for the first."""
        return keyed_hash(key, [previous, *self.content()])


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        # UTC, so that it is the same on every database and in every time zone.
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


_JSON = json.JSONEncoder(default=_written, sort_keys=True, separators=(",", ":"))


def keyed_hash(key: bytes, content: list[Any]) -> str:
    """HMAC-SHA-256 of a list of strings, numbers, times, keys, and codes, as 64 hex digits."""
    written = _JSON.encode(content)
    return hmac.digest(key, written.encode(), "sha256").hex()


_JSON = json.JSONEncoder(default=_written, sort_keys=True, separators=(",", ":"))


class AnchorCopy(models.Model):
    """A database copy of an anchor in the file. Either side shows what the other has lost.

    The database refuses to change or delete one.
    """

    number = models.PositiveBigIntegerField(unique=True)
    mac = models.CharField(max_length=64)
    # The exact line of the file.
    line = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"anchor {self.number}"
