"""The texts beside this module: patterns, groups of words and cues, for people to read and edit."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def sections(name: str) -> dict[str, list[str]]:
    """The lines of each section (`== section`) of a text; lines that begin with # explain it."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            section = line.removeprefix("== ")
            found[section] = []
        elif line.strip() and not line.startswith("#"):
            found[section].append(line.strip())
    return found


@cache
def words(name: str, section: str) -> frozenset[str]:
    """The words of a section that lists them."""
    return frozenset(" ".join(sections(name)[section]).replace(",", " ").split())
