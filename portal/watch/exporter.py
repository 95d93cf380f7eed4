"""Serves the numbers at an address of its own, which only Prometheus should reach.

Every process of a machine tries to: one gets the address, and when it ends, another takes over. So
the numbers can be read as long as any of them runs.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import Error, connection

from portal.http import logs
from portal.watch import folder

logger = logging.getLogger(__name__)

#: Seconds between two attempts to get the address, and between two counts of what waits.
TURN_SECONDS, COUNT_SECONDS = 5.0, 60.0


def start(part: str, address: tuple[str, int]) -> None:
    """Count in this process from now on, and serve the numbers if nobody else does."""
    files = folder.prepare(part)
    # The library looks at this only once, when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(files)
    from portal.watch import metrics

    logs.listeners.append(metrics.observe_answer)
    threading.Thread(
        target=_repeat, args=(part, address, files), name="numbers", daemon=True
    ).start()


def _repeat(part: str, address: tuple[str, int], files: Path) -> None:
    is_serving, count_at = False, 0.0
    while True:
        try:
            is_serving = is_serving or _serve(address, files)
            is_due = time.monotonic() >= count_at
            if is_due:  # also if it fails now
                count_at = time.monotonic() + COUNT_SECONDS
            publish(part, is_due=is_due)
        except Error:
            logger.warning("the database cannot be asked; nothing is counted")
        except Exception:
            logger.exception("the numbers are not up to date")
        finally:
            connection.close()
        time.sleep(TURN_SECONDS)


def publish(part: str, *, is_due: bool) -> None:
    """Publish what this process knows; the worker also counts what waits, when that is due."""
    from portal.watch import metrics

    metrics.publish_process(part)
    if part == "worker":
        metrics.publish_mails()
        if is_due:
            from portal.http.cache import is_cache_answering

            metrics.publish_numbers(cache_answers=is_cache_answering())


def _serve(address: tuple[str, int], files: Path) -> bool:
    """Return whether this process got the address."""
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    _collect(files, registry)
    host, port = address
    try:
        start_http_server(port, addr=host, registry=registry)
    except OSError:
        return False
    return True


def _collect(files: Path, registry: Any) -> None:
    from prometheus_client.multiprocess import MultiProcessCollector

    from portal.watch import metrics

    class Collector(MultiProcessCollector):
        """Leaves out what processes that have ended said of themselves."""

        def collect(self) -> Iterator[Any]:
            for path in files.glob("gauge_live*.db"):
                if not folder.is_running(name := folder.name_of(path)):
                    metrics.remove_process(files, name)
            return super().collect()  # type: ignore[no-any-return,no-untyped-call]

    Collector(registry, path=str(files))  # type: ignore[no-untyped-call]
