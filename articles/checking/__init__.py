"""Checks before publishing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from articles.content import Content
from articles.rendering.library import Library


class Level(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"
    ATTESTED = "attested"


@dataclass(frozen=True)
class Check:
    id: str
    level: Level
    title: str


@dataclass(frozen=True)
class Answer:
    check: Check
    is_met: bool


def examine(content: Content, library: Library) -> tuple[Answer, ...]:
    return ()


def blocking(answers: tuple[Answer, ...]) -> list[Answer]:
    return [each for each in answers if not each.is_met and each.check.level == Level.BLOCKING]


def as_json(answers: tuple[Answer, ...]) -> list[Any]:
    return []


ATTESTED: frozenset[str] = frozenset()
