"""Two revisions side by side: what was removed and what was added, word by word."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from articles.content import Content

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
#: Lines longer than this are shown whole: comparing their words would take too long.
_LONGEST = 5_000

_LABELS = {
    "title": _("Title"),
    "summary": _("Summary"),
    "stage": _("Stage of evidence"),
    "condition": _("Condition"),
    "condition_code": _("ICD-10-CM code"),
    "key_points": _("Key points"),
    "body": _("Body"),
    "justified": _("Allowed wording"),
    "correction": _("Correction for readers"),
}


@dataclass(frozen=True)
class Piece:
    """Some words of a line; `changed` if the other side differs."""

    words: str
    changed: bool


@dataclass(frozen=True)
class Row:
    """One line on both sides; None if a side does not have it."""

    before: tuple[Piece, ...] | None
    after: tuple[Piece, ...] | None

    @property
    def is_same(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class Change:
    """One field that differs, as rows with a little context."""

    label: str
    rows: tuple[Row, ...]


def compare(before: Content, after: Content) -> list[Change]:
    """Return the fields that differ, in the order of the form."""
    changes = []
    for name, label in _LABELS.items():
        old, new = _lines(getattr(before, name)), _lines(getattr(after, name))
        if old != new:
            changes.append(Change(str(label), tuple(_rows(old, new))))
    return changes


def _lines(value: str | dict[str, str]) -> list[str]:
    if isinstance(value, dict):
        return [f"{word}: {reason}" for word, reason in sorted(value.items())]
    return [line for line in value.split("\n") if line.strip()]


def _rows(old: list[str], new: list[str]) -> Iterator[Row]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > 2000)  # noqa: PLR2004
    for group in matcher.get_grouped_opcodes(1):
        for tag, old_from, old_to, new_from, new_to in group:
            gone, come = old[old_from:old_to], new[new_from:new_to]
            for number in range(max(len(gone), len(come))):
                before = gone[number] if number < len(gone) else None
                after = come[number] if number < len(come) else None
                yield _row(before, after, is_same=tag == "equal")


def _row(before: str | None, after: str | None, *, is_same: bool) -> Row:
    if before is None or after is None or max(len(before), len(after)) > _LONGEST:
        return Row(_whole(before, is_same=is_same), _whole(after, is_same=is_same))
    if is_same:
        return Row(_whole(before, is_same=True), _whole(after, is_same=True))
    old, new = _WORD.findall(before), _WORD.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            left.append(Piece("".join(old[a:b]), tag != "equal"))
        if d > c:
            right.append(Piece("".join(new[c:d]), tag != "equal"))
    return Row(tuple(left), tuple(right))


def _whole(line: str | None, *, is_same: bool) -> tuple[Piece, ...] | None:
    return None if line is None else (Piece(line, not is_same),)
