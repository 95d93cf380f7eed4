"""Work in as many processes as the machine has processors, each with a connection of its own."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import django
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

Share = TypeVar("Share")
Done = TypeVar("Done")


def may_share() -> bool:
    """On SQLite one writes at a time, and nobody sees what a transaction has not committed."""
    connection = connections[DEFAULT_DB_ALIAS]
    return connection.vendor == "postgresql" and not connection.in_atomic_block


def share_out(work: Callable[[Share], Done], shares: Iterable[Share]) -> Iterator[Done]:
    """What `work` gives for each share, in their order."""
    name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
    module: str = settings.SETTINGS_MODULE
    with ProcessPoolExecutor(
        os.cpu_count(),
        # Not a fork: the pool of connections has threads.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(module, name),
    ) as processes:
        yield from processes.map(work, shares)


def _begin(settings_module: str, database: str) -> None:
    """The database of the tests has another name than the settings say."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module)
    connections.settings[DEFAULT_DB_ALIAS]["NAME"] = database
    django.setup()
