"""What a study found, as an editor writes it in a ```finding block: YAML of a few fixed lines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import yaml

from articles.rendering.library import Design

#: Of one block, in characters. Far more than a study needs, little enough to read at once.
LONGEST = 5_000
MOST_OUTCOMES, MOST_GROUPS, MOST_PEOPLE = 8, 4, 10_000_000
_LONGEST_WORDS = 400
_DEEPEST = 5

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,9})"
_COUNT = re.compile(rf"{_NUMBER} +(?:of|out of) +{_NUMBER}", re.ASCII)
_PEOPLE = re.compile(_NUMBER, re.ASCII)
_LINES = {
    "study", "design", "people", "groups", "followed", "outcomes", "harms", "cannot show",
}  # fmt: skip


class Kind(StrEnum):
    BENEFIT = "benefit"
    HARM = "harm"


@dataclass(frozen=True, kw_only=True)
class Group:
    """The name may be empty where there is only one."""

    name: str
    people: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`counts` of `totals` people, for each group in the order of the finding's groups."""

    kind: Kind
    what: str
    counts: tuple[int, ...]
    totals: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    #: The key of the source.
    study: str
    design: Design
    groups: tuple[Group, ...]
    #: For how long, such as “12 months”.
    followed: str
    outcomes: tuple[Outcome, ...]
    #: The editor says so: the study reports no harms.
    harms_not_reported: bool
    #: What the study cannot show, in words.
    cannot_show: str
    #: Of the body, from 1.
    line: int

    @property
    def people(self) -> int:
        return sum(group.people for group in self.groups)


class Unreadable(Exception):
    """A block that is no finding; the message says why, in the editor's words."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def read(text: str, *, line: int) -> Finding:
    """What the block says, which starts at that line of the body. Raise Unreadable."""
    return _Reader(line).read(text)


class _Loader(yaml.BaseLoader):
    """Words, lists and mappings only: “no” and “12:30” stay words, and nothing repeats itself."""

    _depth = 0

    def scan_to_next_token(self) -> None:
        """An editor writes no comments: what YAML took for one would vanish without a word."""
        mark, start = self.get_mark(), self.pointer
        super().scan_to_next_token()
        before, hides, _ = self.buffer[start : self.pointer].partition("#")
        if hides:
            mark.line += before.count("\n")
            raise yaml.MarkedYAMLError(
                problem="“#” hides what follows it: put the words in quotation marks",
                problem_mark=mark,
            )

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="“&” and “*” have a meaning here: put the words in quotation marks",
                problem_mark=event.start_mark,
            )
        if self._depth >= _DEEPEST:
            raise yaml.MarkedYAMLError(
                problem="there are too many brackets in each other", problem_mark=event.start_mark
            )
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _Reader:
    def __init__(self, line: int) -> None:
        self.line = line

    def read(self, text: str) -> Finding:
        lines = self._mapping(self._parse(text), "A finding")
        for name, node in lines.items():
            if name not in _LINES:
                raise self._unreadable(f"“{name[:60]}” is no line of a finding.", node)
        groups = self._groups(lines)
        outcomes = self._outcomes(lines, groups)
        harms = self._words(lines["harms"], "harms").lower() if "harms" in lines else ""
        if harms not in {"", "not reported"}:
            raise self._unreadable(
                "“harms:” says only “not reported”. A harm that is known is an outcome:"
                " “- harm: …”.",
                lines["harms"],
            )
        if harms and any(outcome.kind is Kind.HARM for outcome in outcomes):
            raise self._unreadable(
                "It names harms and says that harms are not reported.", lines["harms"]
            )
        return Finding(
            study=self._words(self._needed(lines, "study"), "study").removeprefix("@"),
            design=self._design(self._needed(lines, "design")),
            groups=groups,
            followed=self._words(self._needed(lines, "followed"), "followed"),
            outcomes=outcomes,
            harms_not_reported=bool(harms),
            cannot_show=self._words(self._needed(lines, "cannot show"), "cannot show"),
            line=self.line,
        )

    def _parse(self, text: str) -> yaml.Node:
        if len(text) > LONGEST:
            raise self._unreadable(
                f"This finding has {len(text):,} characters. {LONGEST:,} are the most."
            )
        try:
            node = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = error.problem or "it is not written as lines of “name: words”"
            if "mapping values" in problem:
                problem = "words with a colon and a space in them need quotation marks"
            raise Unreadable(
                f"This finding cannot be read: {problem}.",
                self.line + 1 + (mark.line if mark else 0),
            ) from error
        except yaml.YAMLError as error:
            raise self._unreadable("There is a character in it that cannot be read.") from error
        if node is None:
            raise self._unreadable("This finding is empty.")
        return node

    def _groups(self, lines: Mapping[str, yaml.Node]) -> tuple[Group, ...]:
        if ("people" in lines) == ("groups" in lines):
            raise self._unreadable(
                "Say how many people there were: “people: 81”, or with groups “groups: {cells:"
                " 12, placebo: 6}”, and not both."
            )
        if "people" in lines:
            return (Group(name="", people=self._people(lines["people"])),)
        groups = tuple(
            Group(name=name, people=self._people(node))
            for name, node in self._mapping(lines["groups"], "“groups:”").items()
        )
        if not 1 <= len(groups) <= MOST_GROUPS:
            raise self._unreadable(
                f"A finding has one to {MOST_GROUPS} groups of people.", lines["groups"]
            )
        return groups

    def _outcomes(
        self, lines: Mapping[str, yaml.Node], groups: tuple[Group, ...]
    ) -> tuple[Outcome, ...]:
        node = self._needed(lines, "outcomes")
        if not isinstance(node, yaml.SequenceNode):
            raise self._unreadable(
                "“outcomes:” is a list. Each starts with “- benefit: …” or “- harm: …”.", node
            )
        if not 1 <= len(node.value) <= MOST_OUTCOMES:
            raise self._unreadable(f"A finding has one to {MOST_OUTCOMES} outcomes.", node)
        return tuple(self._outcome(each, groups) for each in node.value)

    def _outcome(self, node: yaml.Node, groups: tuple[Group, ...]) -> Outcome:
        lines = self._mapping(node, "An outcome")
        kinds = [kind for kind in Kind if kind in lines]
        if len(kinds) != 1 or set(lines) != {kinds[0], "count"}:
            raise self._unreadable(
                "An outcome has two lines: “benefit: …” or “harm: …”, then “count: 49 of 81”.",
                node,
            )
        count = lines["count"]
        if len(groups) == 1 and isinstance(count, yaml.ScalarNode):
            written: dict[str, yaml.Node] = {groups[0].name: count}
        else:
            written = self._mapping(count, "“count:” with groups")
        if set(written) != {group.name for group in groups}:
            names = ", ".join(group.name or "people" for group in groups)
            raise self._unreadable(f"The count has to name each group once: {names}.", count)
        pairs = [self._count(written[group.name], group) for group in groups]
        return Outcome(
            kind=kinds[0],
            what=self._words(lines[kinds[0]], kinds[0]),
            counts=tuple(count for count, _ in pairs),
            totals=tuple(total for _, total in pairs),
        )

    def _count(self, node: yaml.Node, group: Group) -> tuple[int, int]:
        found = _COUNT.fullmatch(self._words(node, "count"))
        if not found:
            raise self._unreadable("Write a count as “49 of 81”.", node)
        count, total = _whole(found[1]), _whole(found[2])
        if not total or not count <= total <= group.people:
            raise self._unreadable(
                f"{count:,} of {total:,} cannot be, among {group.people:,} people.", node
            )
        return count, total

    def _people(self, node: yaml.Node) -> int:
        found = _PEOPLE.fullmatch(self._words(node, "people"))
        if not found or not 1 <= _whole(found[1]) <= MOST_PEOPLE:
            raise self._unreadable(
                f"A number of people is a whole number from 1 to {MOST_PEOPLE:,}.", node
            )
        return _whole(found[1])

    def _design(self, node: yaml.Node) -> Design:
        try:
            return Design(self._words(node, "design").lower())
        except ValueError as error:
            raise self._unreadable(f"The design is one of: {', '.join(Design)}.", node) from error

    def _needed(self, lines: Mapping[str, yaml.Node], name: str) -> yaml.Node:
        if name not in lines:
            raise self._unreadable(f"The line “{name}:” is missing.")
        return lines[name]

    def _mapping(self, node: yaml.Node, what: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._unreadable(f"{what} is written as lines of “name: words”.", node)
        lines: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._words(key, "name")
            if name in lines:
                raise self._unreadable(f"“{name[:60]}” stands there twice.", key)
            lines[name] = value
        return lines

    def _words(self, node: yaml.Node, what: str) -> str:
        words = " ".join(node.value.split()) if isinstance(node, yaml.ScalarNode) else ""
        if not words:
            raise self._unreadable(f"“{what}:” needs words after it.", node)
        if len(words) > _LONGEST_WORDS:
            raise self._unreadable(
                f"“{what}:” has {len(words):,} characters. {_LONGEST_WORDS} are the most.", node
            )
        return words

    def _unreadable(self, reason: str, node: yaml.Node | None = None) -> Unreadable:
        # The lines of YAML count from 0, below the opening fence.
        return Unreadable(reason, self.line + 1 + node.start_mark.line if node else self.line)


def _whole(written: str) -> int:
    return int(written.replace(",", ""))
