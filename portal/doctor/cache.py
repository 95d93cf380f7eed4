"""Checks of the cache that processes, and perhaps machines, share."""

import json
import secrets
import subprocess
import sys

from django.conf import settings
from django.core.cache import caches

from portal.config.environment import CHECKOUT
from portal.database import condition
from portal.doctor import Problem, check
from portal.http.cache import is_cache_answering

# A process of its own, with nothing but the settings of the cache, which come by its input.
_OTHER_PROCESS = """
import json, sys
from django.conf import settings
said = json.load(sys.stdin)
settings.configure(CACHES=said["caches"])
from django.core.cache import cache
cache.set(said["key"], said["value"], 3600)
"""
_SECONDS = 20


@check
def cache_answers() -> Problem | None:
    if is_cache_answering():
        return None
    return Problem(
        "The cache isn't working. Rate limits are weaker, and pages won't survive an outage.",
        "Start the server at CACHE_URL, or make the data folder writable.",
    )


@check
def cache_is_shared_by_processes() -> Problem | None:
    """Another process writes what this one reads: otherwise each counts attempts for itself."""
    if not is_cache_answering():
        return None  # another check says so
    key, value = f"doctor-{secrets.token_hex(8)}", secrets.token_hex(8)
    said = {"caches": {"default": settings.CACHES["default"]}, "key": key, "value": value}
    subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _OTHER_PROCESS],
        cwd=CHECKOUT,
        input=json.dumps(said).encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=False,
    )
    found = caches["default"].get(key)
    caches["default"].delete(key)
    if found == value:
        return None
    return Problem(
        "One process doesn't see what another puts into the cache, so each of them counts "
        "attempts for itself.",
        "Set CACHE_URL to one Redis database, or leave it empty to use files in the data folder.",
    )


@check
def cache_is_shared_by_machines() -> Problem | None:
    """How many machines there are shows in who is connected to the database."""
    counted = condition.connection_counts()
    if settings.CACHE_URL or counted is None or counted.machines <= 1:
        return None
    return Problem(
        f"{counted.machines} machines use this database, but each has a cache of its own. Limits "
        "count for each machine apart.",
        "Set CACHE_URL to a Redis server that all machines reach.",
        is_advice=True,
    )
