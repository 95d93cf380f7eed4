"""Text files beside this module, for people to read and edit: patterns, word groups, and cues."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def sections(name: str) -> dict[str, list[str]]:
    """Return the lines of each section (`== section`). Lines that start with # are comments."""
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
    """Return the words of a section that is a list of words."""
    return frozenset(" ".join(sections(name)[section]).replace(",", " ").split())
