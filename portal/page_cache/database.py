"""Pages that any process made, shared with all others.

The database has them for every machine, and the cache has copies for this one: they are read first,
and outlast a database that is away.
"""

import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Case, F, Value, When

from portal.models import CachedPage
from portal.page_cache.keys import Key
from portal.page_cache.pages import Page

logger = logging.getLogger(__name__)

#: Seconds to keep a copy for when the database cannot be reached.
_COPY_LIFETIME = 7 * 24 * 60 * 60
_BODIES = ("body", "brotli", "gzip")


def load(key: Key, version: int) -> Page | None:
    """Return the page as some process made it under this version."""
    try:
        row = CachedPage.objects.filter(key=key.digest, version=version).values().first()
    except (DatabaseError, InterfaceError):
        return None
    if row is None:
        return None
    ends_at = row["ends_at"]
    return Page(
        version=version,
        headers=[(name, value) for name, value in row["headers"]],
        ends_at=ends_at.timestamp() if ends_at else None,
        body=bytes(row["body"]),
        brotli=bytes(row["brotli"]),
        gzip=bytes(row["gzip"]),
    )


def keep(key: Key, page: Page) -> None:
    """Keep the page for all processes; if that fails, the next one makes it again."""
    row = CachedPage(
        key=key.digest,
        version=page.version,
        address={"scheme": key.scheme, "host": key.host, "path": key.path, "query": key.query},
        headers=page.headers,
        ends_at=datetime.fromtimestamp(page.ends_at, UTC) if page.ends_at else None,
        **{name: getattr(page, name) for name in _BODIES},
    )
    with suppress(DatabaseError, InterfaceError), transaction.atomic():
        CachedPage.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["version", "headers", "ends_at", "made_at", *_BODIES],
        )


def keep_copy(key: Key, page: Page) -> None:
    caches["pages"].set(f"page:{key.digest}", _as_tuple(page), _COPY_LIFETIME)


def load_copy(key: Key, version: int) -> Page | None:
    """Return the copy only if it was current when the version was last read."""
    kept = caches["pages"].get(f"page:{key.digest}")
    return Page(*kept) if kept and kept[0] == version else None


def count_readers(asked: dict[Key, int]) -> None:
    """Add to each page's count, so that the most read are remade first; a lost count is no loss."""
    if not asked:
        return
    counts = {key.digest: count for key, count in asked.items()}
    rows = CachedPage.objects.filter(pk__in=counts)
    more = Case(*(When(pk=key, then=Value(count)) for key, count in counts.items()))
    with suppress(DatabaseError, InterfaceError), transaction.atomic():
        # In a fixed order, so that no two processes wait for each other.
        list(rows.order_by("pk").select_for_update().values_list("pk"))
        rows.update(readers=F("readers") + more)


def _as_tuple(page: Page) -> tuple[Any, ...]:
    return (page.version, page.headers, page.body, page.brotli, page.gzip, page.ends_at)
