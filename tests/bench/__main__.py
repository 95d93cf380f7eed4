"""`make bench`: what each kind of response costs, compared to one bare Django view in the same run.

Three servers (the portal as in production, a bare Django view, a bare WSGI application) with two
workers each and one PostgreSQL take turns. In one turn, one kind is requested many times; its cost
is the CPU time of server and database, without waiting and without the client. Only ratios mean
something on another machine: docs/performance.md.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from tests import postgres
from tests.bench import processor_time, queries, server, site, start
from tests.bench.kinds import BARE, KINDS, Kind, Known

OUTPUT = "bench.json"


@dataclass
class Row:
    """The cost of one kind of response, turn by turn."""

    kind: Kind
    cpu_ms: list[float] = field(default_factory=list)
    #: The same for the middle one of its requests, where they differ.
    middle_ms: list[float] = field(default_factory=list)
    bytes: int = 0
    queries: int | None = None

    def as_json(self, bare: "Row") -> dict[str, Any]:
        found = {
            "name": self.kind.name,
            "cpu_ms": round(median(self.cpu_ms), 3),
            "to_bare": _ratio(self.cpu_ms, bare.cpu_ms),
            "queries": self.queries,
            "bytes": self.bytes,
        }
        if self.kind.is_varied:
            found["median_to_bare"] = _ratio(self.middle_ms, bare.cpu_ms)
        return found


def _ratio(own: list[float], bare: list[float]) -> float:
    return round(median(each / other for each, other in zip(own, bare, strict=True)), 2)


def main(turns: int, names: list[str], *, articles: int, inquiries: int) -> None:
    """Measure all kinds, or only those named and the bare view."""
    kinds = [kind for kind in KINDS if not names or kind.name in {BARE, *names}]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="portal-bench-")))
        database = stack.enter_context(postgres.killable())
        assert database.process
        os.environ["BENCH_DATABASE_URL"] = database.url
        _say("Making the content …")
        began = time.monotonic()
        site.make(folder, articles=articles, inquiries=inquiries)
        _say(f"Made in {time.monotonic() - began:.0f} s.")
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, words text)")
            connection.execute("VACUUM ANALYZE")  # as autovacuum does within a minute
        ports, processes = {}, {}
        for name, application, settings in (
            ("portal", "portal.rsgi:application", site.environment(folder)),
            ("second", "portal.rsgi:application", site.environment(folder)),
            ("bare", "tests.bench.bare_page:application", {"DATABASE_URL": database.url}),
            ("raw", "tests.bench.raw:application", {}),
        ):
            serving = server.serving(application, settings, folder / f"{name}.log")
            ports[name], process = stack.enter_context(serving)
            processes[name] = process.pid
        known = Known(ports=ports, visits=site.visits(folder))
        rows = {kind.name: Row(kind) for kind in kinds}
        counted = queries.count(folder)
        for turn in range(turns + 1):
            _say(f"Turn {turn} of {turns}" if turn else "Warming up")
            for row in rows.values():
                watched = (processes[row.kind.server], database.process.pid)
                taken, length = _measure(row.kind, known, watched)
                row.bytes, row.queries = length, counted.get(row.kind.name)
                if turn:
                    row.cpu_ms.append(mean(taken))
                    row.middle_ms.append(median(taken))
    found = [row.as_json(rows[BARE]) for row in rows.values()]
    if not names:
        found += _of_processes()
    _print_table(found)
    Path(OUTPUT).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _measure(kind: Kind, known: Known, watched: tuple[int, ...]) -> tuple[list[float], int]:
    """Return the CPU milliseconds of one response, and the bytes of the last body on the wire.

    Responses that differ are measured one by one, all others together.
    """
    asks: list[Callable[[], Any]] = kind.prepare(known)
    taken, length = [], 0
    parts = [[each] for each in asks] if kind.is_varied else [asks]
    for part in parts:
        before = processor_time.milliseconds(*watched)
        for ask in part:
            answer = ask()
            if answer.status != kind.status:
                raise RuntimeError(f"{kind.name} answered {answer.status}, not {kind.status}.")
            length = len(answer.body)
        taken.append(processor_time.since(before, *watched) / len(part))
    return taken, length


def _of_processes() -> list[dict[str, Any]]:
    """Measure startup time and memory of a process, compared to an empty Django with admin."""
    os.environ.pop("BENCH_DATABASE_URL")
    found = []
    for row in start.compare_all():
        is_memory = row["name"] == "memory"
        found.append(
            {
                "name": row["name"],
                "cpu_ms": row["pss_mb"] if is_memory else row["cpu_ms"],
                "to_bare": row["to_bare"],
                "queries": None,
                "bytes": int(row["pss_mb"] * 1_000_000) if is_memory else None,
            }
        )
    return found


def _print_table(found: list[dict[str, Any]]) -> None:
    _say(f"{'':<14}{'CPU ms':>10}{'to bare':>10}{'queries':>10}{'bytes':>10}")
    for row in found:
        numbers = [row[name] for name in ("cpu_ms", "to_bare", "queries", "bytes")]
        cells = "".join(f"{'–' if each is None else each:>10}" for each in numbers)
        _say(f"{row['name']:<14}{cells}")
    for row in found:
        if "median_to_bare" in row:
            _say(f"{row['name']}: to bare {row['median_to_bare']}, the median of its requests.")
    _say(f"“memory” is MB (PSS) of one process, not CPU. Also in {OUTPUT}.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("turns", type=int, nargs="?", default=5)
    parser.add_argument("names", nargs="*", help="kinds of response; without any, all of them")
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--inquiries", type=int, default=1_000)
    chosen = parser.parse_args()
    main(chosen.turns, chosen.names, articles=chosen.articles, inquiries=chosen.inquiries)
