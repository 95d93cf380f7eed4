"""Session storage: Django's own table, keyed by a digest of the key that the browser holds.

Someone who reads the database, or a copy of it, cannot take over a session that they find there.
A key has 165 random bits, so even a digest without a secret of its own cannot be guessed back.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from inquiries.models.kept_queries import KeptQuery

_SESSIONS = KeptQuery(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    key=str,
    now=datetime,
)


def key_digest(key: str | None) -> str:
    """Return what the tables hold for this key: 160 bits, as many as their column takes."""
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """The store that SESSION_ENGINE names."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSIONS.fetch(key=key_digest(self.session_key), now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None

    def exists(self, session_key: str) -> bool:
        return super().exists(key_digest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = key_digest(self.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(key_digest(key))
