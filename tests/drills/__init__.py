"""`make drill`: what an operator has to get right on the worst day, tried with the real programs.

A drill is a function in a module of this package, marked with `@drill("a sentence")`. It gets an
empty folder and fails by raising. If a program that it needs is missing, it raises NotRun.
"""

import os
import pkgutil
import shutil
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import proofs

Act = Callable[[Path], None]


class NotRun(Exception):
    """This machine lacks something that the drill needs; the text says what."""


@dataclass(frozen=True)
class Drill:
    #: The module it is in, and the sentence that says what it shows.
    module: str
    sentence: str
    act: Act


@dataclass(frozen=True)
class Result:
    sentence: str
    verdict: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.verdict:<8} {self.seconds:6.1f} s  {self.sentence}"


DRILLS: list[Drill] = []


def drill(sentence: str) -> Callable[[Act], Act]:
    """Register a drill under the sentence that says what it shows."""

    def register(act: Act) -> Act:
        DRILLS.append(Drill(act.__module__.rpartition(".")[2], sentence, act))
        return act

    return register


def load_drills() -> list[Drill]:
    """Import every module of this package, and return its drills in order of their sentences."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith(("test_", "__")):
            import_module(f"{__name__}.{module.name}")
    return sorted(DRILLS, key=lambda each: each.sentence)


def find_drills(names: list[str]) -> list[Drill]:
    """Return the drills of these modules, or with these words in their sentence; by default all."""
    found = load_drills()
    if not names:
        return found
    return [
        each
        for each in found
        if any(name == each.module or name.lower() in each.sentence.lower() for name in names)
    ]


def need_programs(*names: str | Path) -> None:
    """Raise NotRun if a program is not installed."""
    for name in names:
        if not shutil.which(name):
            raise NotRun(f"{Path(name).name} is not installed")


def need_root_at_full_size() -> None:
    """Raise NotRun in the short proofs, and for a user who can't make machines."""
    if proofs.SHORT:
        raise NotRun("only at full size")
    if os.geteuid():
        raise NotRun("it needs root's rights")


def run_drill(each: Drill) -> Result:
    began = time.monotonic()
    sentence, verdict = each.sentence, "passed"
    try:
        with TemporaryDirectory(prefix="portal-drill-") as folder:
            # Servers that refuse to run as root run as another user, who has to get through.
            Path(folder).chmod(0o711)
            each.act(Path(folder))
    except NotRun as reason:
        sentence, verdict = f"{sentence} ({reason})", "not run"
    except Exception:  # noqa: BLE001 - whatever goes wrong, the other drills still run
        traceback.print_exc()
        verdict = "FAILED"
    return Result(sentence, verdict, time.monotonic() - began)
