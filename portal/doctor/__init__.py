"""Tests what production needs, one check at a time: `manage.py doctor`.

A check is a function in `checks`, marked with `@check`. It returns a Problem, or None if all is
well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import Error


@dataclass(frozen=True)
class Problem:
    """Two sentences for operators: what is wrong, and what to do about it."""

    what: str
    what_to_do: str
    #: Nothing breaks; readers only miss something. It doesn't make the command fail.
    is_advice: bool = False


@dataclass(frozen=True)
class Result:
    check: str
    problem: Problem | None = None
    #: The check needs the database, which cannot be reached; another check says so.
    is_skipped: bool = False

    def as_json(self) -> dict[str, Any]:
        problem = self.problem
        verdict = "skipped" if self.is_skipped else _verdict(problem) if problem else "ok"
        words = {"what": problem.what, "what_to_do": problem.what_to_do} if problem else {}
        return {"check": self.check, "verdict": verdict, **words}

    @property
    def is_wrong(self) -> bool:
        return self.is_skipped or bool(self.problem and not self.problem.is_advice)


def _verdict(problem: Problem) -> str:
    return "advice" if problem.is_advice else "problem"


Check = Callable[[], Problem | None]
#: By name, in the order in which `checks` defines them.
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check under its function's name."""
    CHECKS[function.__name__.replace("_", " ")] = function
    return function


def run_checks() -> list[Result]:
    results = []
    for name, function in CHECKS.items():
        try:
            results.append(Result(name, function()))
        except Error:
            results.append(Result(name, is_skipped=True))
    return results
