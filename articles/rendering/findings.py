"""What a study found: whom it studied, how, and the results as counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.rendering import card_words
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.not_stated import NotStated


class OutcomeKind(StrEnum):
    """Kinds of outcomes, in the order of a card."""

    BENEFIT = "benefit"
    #: Counted only in the line “deaths:”, so that no other count can hide a death.
    DEATH = "death"
    HARM = "harm"


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of people in a study. The name can be empty if it is the only group."""

    name: str
    people: int


def example_counts(groups: Sequence[Group]) -> str:
    """Return how an editor writes a count for these groups, with the results left open."""
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
    #: What was tested, and on whom, in words for readers. Empty if the editor didn't say.
    tested: str = ""
    on_whom: str = ""
    #: What all groups also got, such as “took the usual medicines”; or a NotStated; or empty.
    everyone_also: str
    #: How long people were followed, such as “12 months”; or a NotStated.
    followed: str
    #: In the order of their kinds; at most one of them is deaths.
    outcomes: tuple[StudyOutcome, ...]
    #: What the editor says about deaths and harms that aren't counted. What nobody has filled in
    #: yet is neither here nor among the outcomes.
    silent: Mapping[OutcomeKind, NotStated]
    #: What the study cannot show, in words.
    cannot_show: str
    #: Line of the body, from 1.
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
        """Return whether it counts this kind, or says that it is not stated."""
        return bool(self.of(kind)) or kind in self.silent

    @property
    def also(self) -> str:
        """What all groups also got, as a sentence; empty if nothing is written about it."""
        return card_words.everyone_also(self.people, self.everyone_also)
