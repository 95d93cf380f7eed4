"""What a check is, and what it returns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from articles.checking import words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from articles.checking.parsed_text import ParsedText


class Level(StrEnum):
    #: The text is not published until this is fixed.
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
    #: A few of the words there; empty if something is missing.
    quote: str = ""
    why: str


def _finds_nothing(page: "ParsedText") -> Iterable[Issue]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule, and the function that looks for violations of it."""

    #: Kept with each approval, so it must never be reused for another check.
    id: str
    level: Level
    #: Whose rule it is, and which item.
    source: str
    title: "str | _StrPromise"
    #: What the editor can do about it.
    hint: "str | _StrPromise"
    find: "Callable[[ParsedText], Iterable[Issue]]" = _finds_nothing


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found in one text."""

    check: Check
    #: Only the first ones, if there are very many.
    issues: tuple[Issue, ...]
    #: Always False here for an attested check, because only a reviewer can say so.
    is_met: bool

    def __str__(self) -> str:
        """Return the text of a refusal: what is required, and where the text fails it."""
        places = [
            f"{words.place_name(spot.where)}: {spot.why}"
            + (f" ({spot.quote})" if spot.quote else "")
            for spot in self.issues
        ]
        return f"{self.check.title}. {' '.join(places)}".strip()
