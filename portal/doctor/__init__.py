"""Tests what production needs, one check at a time: `manage.py doctor`.

A check is a function in one of ROOMS, marked with `@check`. It returns a Problem, or None if all is
well. It changes nothing that lasts, and says nothing about a person and no secret.
"""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db import DatabaseError, Error

#: The modules that hold the checks, in the order in which they are run.
ROOMS = ("folders", "database", "keys", "worker", "cache", "mail", "switches", "outside")


@dataclass(frozen=True)
class Problem:
    """Two sentences for operators: what is wrong, and what to do about it."""

    what: str
    what_to_do: str
    #: Nothing breaks; readers only miss something. It doesn't make the command fail.
    is_advice: bool = False


class Untried(Exception):
    """A check had nothing to look at, and another one says why."""


@dataclass(frozen=True)
class Result:
    check: str
    problem: Problem | None = None
    #: The check needs the database, which cannot be reached; another check says so.
    is_skipped: bool = False
    is_untried: bool = False

    def as_json(self) -> dict[str, Any]:
        problem = self.problem
        verdict = _verdict(problem) if problem else "ok"
        if self.is_skipped or self.is_untried:
            verdict = "skipped" if self.is_skipped else "untried"
        words = {"what": problem.what, "what_to_do": problem.what_to_do} if problem else {}
        return {"check": self.check, "verdict": verdict, **words}

    @property
    def is_wrong(self) -> bool:
        return self.is_skipped or bool(self.problem and not self.problem.is_advice)


def _verdict(problem: Problem) -> str:
    return "advice" if problem.is_advice else "problem"


Check = Callable[[], Problem | None]
#: By name; a check is named after its function.
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check under its function's name."""
    CHECKS[function.__name__.replace("_", " ")] = function
    return function


def all_checks() -> dict[str, Check]:
    """Return the checks of all rooms, in their order."""
    for room in ROOMS:
        import_module(f"{__name__}.{room}")
    by_room = sorted(
        CHECKS.items(), key=lambda item: ROOMS.index(item[1].__module__.split(".")[-1])
    )
    return dict(by_room)


def run_checks(more: Mapping[str, Check] | None = None) -> list[Result]:
    """Run all checks, then `more`. A check that breaks hides no other."""
    results: list[Result] = []
    for name, function in {**all_checks(), **(more or {})}.items():
        try:
            results.append(Result(name, function()))
        except Untried:
            results.append(Result(name, is_untried=True))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others still run
            results.append(_broken(name, error, results))
    return results


def host() -> str:
    """Return the name of this machine: each has its own disks, and its own spool."""
    return socket.gethostname()


def _broken(name: str, error: Exception, before: list[Result]) -> Result:
    """The error's message is left out: it may name a password, or hold a row."""
    is_known = any(each.problem and each.check.startswith("database ") for each in before)
    if isinstance(error, Error) and is_known:
        return Result(name, is_skipped=True)
    cause = "The database refused a query" if isinstance(error, DatabaseError) else "It broke"
    return Result(
        name,
        Problem(
            f"This could not be checked. {cause}: {type(error).__name__}.",
            "Run the doctor again. If it says the same, report it as a bug, with this line.",
        ),
    )
