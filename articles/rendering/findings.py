"""What a study found: whom it studied, how, and what came out, in counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.rendering import words
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.not_stated import NotStated


class OutcomeKind(StrEnum):
    """In the order of a card."""

    BENEFIT = "benefit"
    #: Counted in the line “deaths:” alone, so that no other count can hide one.
    DEATH = "death"
    HARM = "harm"


@dataclass(frozen=True, kw_only=True)
class Group:
    """The name may be empty where there is only one."""

    name: str
    people: int


def example_counts(groups: Sequence[Group]) -> str:
    """How an editor writes a count for them, the numbers of what happened left open."""
    if not groups[0].name:
        return f"… of {groups[0].people:,}"
    return f"{{{', '.join(f'{each.name}: … of {each.people:,}' for each in groups)}}}"


@dataclass(frozen=True, kw_only=True)
class StudyOutcome:
    """`counts` of `totals` people, for each group in the order of the finding's groups."""

    kind: OutcomeKind
    what: str
    counts: tuple[int, ...]
    totals: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    #: The key of the source.
    study: str
    design: StudyDesign
    groups: tuple[Group, ...]
    #: What all groups got besides, as “took the usual medicines”; or a Silence; or empty.
    everyone_also: str
    #: For how long, such as “12 months”; or a Silence.
    followed: str
    #: In the order of their kinds; deaths are at most one of them.
    outcomes: tuple[StudyOutcome, ...]
    #: Of deaths and harms that are not counted: what the editor says of them. Neither here nor
    #: among the outcomes is what nobody has filled in yet.
    silent: Mapping[OutcomeKind, NotStated]
    #: What the study cannot show, in words.
    cannot_show: str
    #: Of the body, from 1.
    line: int

    @property
    def people(self) -> int:
        return sum(group.people for group in self.groups)

    @property
    def compares(self) -> bool:
        return len(self.groups) > 1

    def of(self, kind: OutcomeKind) -> tuple[StudyOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.kind is kind)

    def says(self, kind: OutcomeKind) -> bool:
        """Whether it counts them, or says that they are not stated."""
        return bool(self.of(kind)) or kind in self.silent

    @property
    def also(self) -> str:
        """What all groups got besides, as a sentence; empty where nothing is written of it."""
        return words.everyone_also(self.people, self.everyone_also)
