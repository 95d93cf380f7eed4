"""Startup time and memory of a portal process, compared to a bare Django's.

`python -m tests.bench.start` measures both in turns and prints a JSON object per line: `start` is
CPU, `memory` what a process holds (PSS) after a thousand requests of every kind.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import site

TURNS = 7
MEMORY_TURNS = 3


def measure(made: Path, which: str, what: str) -> dict[str, Any]:
    """Measure on a copy of the folder, so that data stored in one run does not affect the next."""
    with TemporaryDirectory() as copy:
        folder = Path(copy, "site")
        copytree(made, folder)
        told = site.run(folder, "-m", "tests.bench.process", which, what, str(folder))
    measured: dict[str, Any] = json.loads(told.splitlines()[-1])
    return measured


def compare(folder: Path, what: str, number: str, turns: int) -> dict[str, Any]:
    """Return the medians of both, and of the ratios of each turn."""
    pairs = [
        tuple(measure(folder, which, what)[number] for which in ("portal", "bare"))
        for _ in range(turns)
    ]
    portal, bare = zip(*pairs, strict=True)
    return {
        "name": what,
        number: round(median(portal), 1),
        f"bare_{number}": round(median(bare), 1),
        "to_bare": round(median(one / other for one, other in pairs), 2),
    }


def compare_all() -> Iterator[dict[str, Any]]:
    with TemporaryDirectory() as made:
        folder = Path(made)
        site.make(folder)
        # The first process builds what the others then find.
        site.run(folder, "-m", "tests.bench.process", "portal", "start", str(folder))
        for what, number, turns in (
            ("start", "cpu_ms", TURNS),
            ("memory", "pss_mb", MEMORY_TURNS),
        ):
            yield compare(folder, what, number, turns)


if __name__ == "__main__":
    for row in compare_all():
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
