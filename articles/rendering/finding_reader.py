"""Reading of a ```finding block: YAML with a few fixed lines, and errors worded for the editor."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import yaml

from articles.rendering import card_words, problem_words
from articles.rendering.findings import (
    Finding,
    Group,
    OutcomeKind,
    StudyOutcome,
    example_counts,
)
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.not_stated import NotStated, parse_not_stated
from articles.rendering.yaml_reader import UnreadableYaml, compose_yaml

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: Characters in one block: far more than a study needs, but few enough to read quickly.
LONGEST = 5_000
MOST_OUTCOMES, MOST_GROUPS, MOST_PEOPLE = 8, 4, 10_000_000
_LONGEST_WORDS = 400
_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,9})"
_COUNT = re.compile(rf"{_NUMBER} +(?:of|out of) +{_NUMBER}", re.ASCII)
_PEOPLE = re.compile(_NUMBER, re.ASCII)
_LINES = {
    "study", "design", "tested", "on whom", "people", "groups", "everyone also", "followed",
    "deaths", "outcomes", "harms", "cannot show",
}  # fmt: skip
#: The kinds that an entry of “outcomes:” can have.
_OUTCOMES = (OutcomeKind.BENEFIT, OutcomeKind.HARM)


class UnreadableFinding(Exception):
    """A block that is not a finding. The message says why, in words for the editor."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def read_finding(text: str, *, line: int) -> Finding:
    """Read a block that starts at that line of the body. Raise UnreadableFinding."""
    return _FindingReader(line).read(text)


class _FindingReader:
    def __init__(self, line: int) -> None:
        self.line = line

    def read(self, text: str) -> Finding:
        try:
            block = compose_yaml(text, longest=LONGEST)
        except UnreadableYaml as error:
            line = self.line + 1 + error.line if error.line is not None else self.line
            why = problem_words.FINDING_UNREADABLE % {"why": error}
            raise UnreadableFinding(why, line) from error
        lines = self._mapping(block, problem_words.NOT_LINES)
        for name, node in lines.items():
            if name not in _LINES:
                raise self._unreadable(problem_words.LINE_UNKNOWN % {"name": name[:60]}, node)
        groups = self._groups(lines)
        outcomes = [*self._outcomes(lines, groups), *self._deaths(lines, groups)]
        return Finding(
            study=self._words(self._needed(lines, "study"), "study").removeprefix("@"),
            design=self._design(self._needed(lines, "design")),
            groups=groups,
            tested=self._optional(lines, "tested"),
            on_whom=self._optional(lines, "on whom"),
            everyone_also=self._stated(lines.get("everyone also"), "everyone also").rstrip("."),
            followed=self._stated(self._needed(lines, "followed"), "followed"),
            outcomes=tuple(
                sorted(outcomes, key=lambda outcome: list(OutcomeKind).index(outcome.kind))
            ),
            silent=dict(self._silences(lines, outcomes)),
            cannot_show=self._words(self._needed(lines, "cannot show"), "cannot show"),
            line=self.line,
        )

    def _groups(self, lines: Mapping[str, yaml.Node]) -> tuple[Group, ...]:
        if ("people" in lines) == ("groups" in lines):
            raise self._unreadable(str(problem_words.PEOPLE_ONCE))
        if "people" in lines:
            return (Group(name="", people=self._people(lines["people"])),)
        groups = tuple(
            Group(name=name, people=self._people(node))
            for name, node in self._mapping(lines["groups"], problem_words.GROUPS_NOT_LINES).items()
        )
        if not 1 <= len(groups) <= MOST_GROUPS:
            said = problem_words.GROUPS_COUNT % {"most": MOST_GROUPS}
            raise self._unreadable(said, lines["groups"])
        return groups

    def _outcomes(
        self, lines: Mapping[str, yaml.Node], groups: tuple[Group, ...]
    ) -> tuple[StudyOutcome, ...]:
        node = self._needed(lines, "outcomes")
        if not isinstance(node, yaml.SequenceNode):
            raise self._unreadable(str(problem_words.OUTCOMES_NOT_LIST), node)
        if not 1 <= len(node.value) <= MOST_OUTCOMES:
            raise self._unreadable(problem_words.OUTCOMES_COUNT % {"most": MOST_OUTCOMES}, node)
        return tuple(self._outcome(each, groups) for each in node.value)

    def _outcome(self, node: yaml.Node, groups: tuple[Group, ...]) -> StudyOutcome:
        lines = self._mapping(node, problem_words.OUTCOME_LINES)
        kinds = [kind for kind in _OUTCOMES if kind in lines]
        if len(kinds) != 1 or set(lines) != {kinds[0], "count"}:
            raise self._unreadable(str(problem_words.OUTCOME_LINES), node)
        what = self._words(lines[kinds[0]], kinds[0])
        return self._counted(kinds[0], what, lines["count"], groups)

    def _deaths(
        self, lines: Mapping[str, yaml.Node], groups: tuple[Group, ...]
    ) -> Iterator[StudyOutcome]:
        node = lines.get("deaths")
        if node and not _silent(node):
            yield self._counted(OutcomeKind.DEATH, card_words.died(), node, groups)

    def _silences(
        self, lines: Mapping[str, yaml.Node], outcomes: Iterable[StudyOutcome]
    ) -> Iterator[tuple[OutcomeKind, NotStated]]:
        deaths, harms = lines.get("deaths"), lines.get("harms")
        if deaths and (silent := _silent(deaths)):
            yield OutcomeKind.DEATH, silent
        if harms is None:
            return
        silent = _silent(harms)
        if silent is None:
            both = {"summary": NotStated.SUMMARY, "paper": NotStated.PAPER}
            raise self._unreadable(problem_words.HARMS_SILENT_ONLY % both, harms)
        if any(outcome.kind is OutcomeKind.HARM for outcome in outcomes):
            raise self._unreadable(problem_words.HARMS_BOTH % {"silence": silent}, harms)
        yield OutcomeKind.HARM, silent

    def _counted(
        self, kind: OutcomeKind, what: str, count: yaml.Node, groups: tuple[Group, ...]
    ) -> StudyOutcome:
        if len(groups) == 1 and isinstance(count, yaml.ScalarNode):
            written: dict[str, yaml.Node] = {groups[0].name: count}
        elif not groups[0].name:
            raise self._unreadable(str(problem_words.COUNT_SHAPE), count)
        else:
            said = problem_words.COUNT_BY_GROUP % {"example": example_counts(groups)}
            written = self._mapping(count, said)
            if set(written) != {group.name for group in groups}:
                raise self._unreadable(said, count)
        pairs = [self._count(written[group.name], group) for group in groups]
        return StudyOutcome(
            kind=kind,
            what=what,
            counts=tuple(count for count, _ in pairs),
            totals=tuple(total for _, total in pairs),
        )

    def _count(self, node: yaml.Node, group: Group) -> tuple[int, int]:
        found = _COUNT.fullmatch(self._words(node, "count"))
        if not found:
            raise self._unreadable(str(problem_words.COUNT_SHAPE), node)
        count, total = _whole(found[1]), _whole(found[2])
        if not total or not count <= total <= group.people:
            said = problem_words.count_impossible(count, total, group.people)
            raise self._unreadable(said, node)
        return count, total

    def _people(self, node: yaml.Node) -> int:
        found = _PEOPLE.fullmatch(self._words(node, "people"))
        if not found or not 1 <= _whole(found[1]) <= MOST_PEOPLE:
            said = problem_words.PEOPLE_NUMBER % {"most": f"{MOST_PEOPLE:,}"}
            raise self._unreadable(said, node)
        return _whole(found[1])

    def _design(self, node: yaml.Node) -> StudyDesign:
        try:
            return StudyDesign(self._words(node, "design").lower())
        except ValueError as error:
            said = problem_words.DESIGN_UNKNOWN % {"names": ", ".join(StudyDesign)}
            raise self._unreadable(said, node) from error

    def _stated(self, node: yaml.Node | None, name: str) -> str:
        """Return the words of a line, or the NotStated that they mean; empty if it is missing."""
        written = self._words(node, name) if node else ""
        return parse_not_stated(written) or written

    def _optional(self, lines: Mapping[str, yaml.Node], name: str) -> str:
        return self._words(lines[name], name).rstrip(".") if name in lines else ""

    def _needed(self, lines: Mapping[str, yaml.Node], name: str) -> yaml.Node:
        if name not in lines:
            raise self._unreadable(problem_words.LINE_MISSING % {"name": name})
        return lines[name]

    def _mapping(self, node: yaml.Node, otherwise: "str | _StrPromise") -> dict[str, yaml.Node]:
        """Return the lines of a mapping by name. `otherwise`: the error if it isn't one."""
        if not isinstance(node, yaml.MappingNode):
            raise self._unreadable(str(otherwise), node)
        lines: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = _written(key)
            if not name or len(name) > _LONGEST_WORDS:
                raise self._unreadable(str(otherwise), key)
            if name in lines:
                raise self._unreadable(problem_words.LINE_TWICE % {"name": name[:60]}, key)
            lines[name] = value
        return lines

    def _words(self, node: yaml.Node, name: str) -> str:
        written = _written(node)
        if not written:
            raise self._unreadable(problem_words.LINE_EMPTY % {"name": name}, node)
        if len(written) > _LONGEST_WORDS:
            said = {"name": name, "length": f"{len(written):,}", "most": _LONGEST_WORDS}
            raise self._unreadable(problem_words.LINE_TOO_LONG % said, node)
        return written

    def _unreadable(self, reason: str, node: yaml.Node | None = None) -> UnreadableFinding:
        # YAML counts lines from 0, starting below the opening fence.
        return UnreadableFinding(
            reason, self.line + 1 + node.start_mark.line if node else self.line
        )


def _written(node: yaml.Node) -> str:
    """Return its words; empty if it is a list or has lines of its own."""
    return " ".join(node.value.split()) if isinstance(node, yaml.ScalarNode) else ""


def _silent(node: yaml.Node) -> NotStated | None:
    return parse_not_stated(_written(node))


def _whole(written: str) -> int:
    return int(written.replace(",", ""))
