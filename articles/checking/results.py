"""What a check is, and what it answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from articles.checking import words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from articles.checking.parsed_text import ParsedText


class Level(StrEnum):
    #: Not published while it stands.
    BLOCKING = "blocking"
    #: Shown to the editor and kept; the editor decides.
    WARNING = "warning"
    #: What no program can judge: the reviewer says yes to each, by name.
    ATTESTED = "attested"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One place where a check found something."""

    #: “title”, “summary”, “key points line 2”, “body line 12”.
    where: str
    #: A few of the words that stand there; empty where something is missing.
    quote: str = ""
    why: str


def _finds_nothing(page: "ParsedText") -> Iterable[Issue]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule, and what looks for breaches of it."""

    #: Kept with each approval: never given to another check.
    id: str
    level: Level
    #: Whose rule it is, with its item.
    source: str
    title: "str | _StrPromise"
    #: What to do about it, for the editor.
    hint: "str | _StrPromise"
    find: "Callable[[ParsedText], Iterable[Issue]]" = _finds_nothing


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found in one text."""

    check: Check
    #: The first of them, where there are very many.
    issues: tuple[Issue, ...]
    #: Of an attested check: always False here, because only a reviewer can say so.
    is_met: bool

    def __str__(self) -> str:
        """For a refusal: what is asked, and where the text fails it."""
        places = [
            f"{words.place_name(spot.where)}: {spot.why}"
            + (f" ({spot.quote})" if spot.quote else "")
            for spot in self.issues
        ]
        return f"{self.check.title}. {' '.join(places)}".strip()
