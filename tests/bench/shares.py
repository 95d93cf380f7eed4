"""Work split over as many processes as the machine has processors, each with its own connection."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import django
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

Share = TypeVar("Share")
Done = TypeVar("Done")

#: With fewer shares, starting processes is not worth it.
_WORTH_SHARING = 4


def may_share() -> bool:
    """On SQLite only one writes at a time, and nobody sees uncommitted rows of a transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    return connection.vendor == "postgresql" and not connection.in_atomic_block


def spread(work: Callable[[Share], Done], shares: Sequence[Share]) -> Iterator[Done]:
    """Yield what `work` returns for each share, in order; shared out if that saves time."""
    if len(shares) >= _WORTH_SHARING and may_share():
        return share_out(work, shares)
    return map(work, shares)


def share_out(work: Callable[[Share], Done], shares: Iterable[Share]) -> Iterator[Done]:
    """Yield what `work` returns for each share, in order."""
    name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
    module: str = settings.SETTINGS_MODULE
    with ProcessPoolExecutor(
        os.cpu_count(),
        # It must not fork, because the connection pool has threads.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(module, name),
    ) as processes:
        yield from processes.map(work, shares)


def _begin(settings_module: str, database: str) -> None:
    """Set the database name, because a test database has another name than the settings say."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module)
    connections.settings[DEFAULT_DB_ALIAS]["NAME"] = database
    django.setup()
