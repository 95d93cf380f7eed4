"""YAML as editors write it in a block: words, lists, and mappings, and nothing hidden."""

import re
from typing import TYPE_CHECKING

import yaml

from articles.rendering import problem_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_DEEPEST = 5
#: The parser's messages, to ours. Any other gets a reminder of how a block is written.
_PROBLEMS = {
    "mapping values": problem_words.COLON_INSIDE,
    "could not find expected ':'": problem_words.COLON_MISSING,
    "found unexpected end of stream": problem_words.QUOTATION_MARK_MISSING,
    "expected ',' or": problem_words.BRACKET_MISSING,
    "expected <block end>, but found '<scalar>'": problem_words.WORDS_AFTER_QUOTATION_MARK,
    "expected <block end>, but found '<block": problem_words.INDENTATION,
    "expected <block end>, but found '?'": problem_words.INDENTATION,
    "expected <block end>, but found '-'": problem_words.INDENTATION,
    "expected <block end>, but found '}'": problem_words.BRACKET_MISSING,
    "expected <block end>, but found ']'": problem_words.BRACKET_MISSING,
    r"found character '\t'": problem_words.TAB,
}
_FIRST_CHARACTER = re.compile(r"found character '(.)' that cannot start")


class UnreadableYaml(Exception):
    """Why the text can't be read. `line` counts from 0; None if no single line is to blame."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def compose_yaml(text: str, *, longest: int) -> yaml.Node:
    """Return the text as nodes with their lines. Raise UnreadableYaml."""
    if len(text) > longest:
        said = {"length": f"{len(text):,}", "most": f"{longest:,}"}
        raise UnreadableYaml(problem_words.TOO_LONG % said)
    try:
        node = yaml.compose(text, Loader=_WordsLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableYaml(_explain(error), mark.line if mark else 0) from error
    except yaml.YAMLError as error:
        raise UnreadableYaml(str(problem_words.CHARACTER)) from error
    if node is None:
        raise UnreadableYaml(str(problem_words.EMPTY))
    return node


def _explain(error: yaml.MarkedYAMLError) -> str:
    """Explain an error in words for the editor: the parser's own are in English."""
    problem = error.problem or ""
    if isinstance(error, _Refused):
        return problem
    if found := _FIRST_CHARACTER.match(problem):
        return problem_words.FIRST_CHARACTER % {"character": found[1]}
    known = (ours for theirs, ours in _PROBLEMS.items() if problem.startswith(theirs))
    return str(next(known, problem_words.NOT_NAMES_AND_WORDS))


class _Refused(yaml.MarkedYAMLError):
    """Something that YAML accepts and we do not."""

    def __init__(self, reason: "_StrPromise", mark: yaml.Mark) -> None:
        super().__init__(problem=str(reason), problem_mark=mark)


class _WordsLoader(yaml.BaseLoader):
    """Only words, lists, and mappings: “no” and “12:30” stay words, and aliases are refused."""

    _depth = 0

    def scan_to_next_token(self) -> None:
        """Refuse comments: editors write none, and text after a “#” would silently vanish."""
        mark, start = self.get_mark(), self.pointer
        super().scan_to_next_token()
        before, hides, _ = self.buffer[start : self.pointer].partition("#")
        if hides:
            mark.line += before.count("\n")
            raise _Refused(problem_words.HIDES, mark)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(problem_words.HAS_A_MEANING, event.start_mark)
        if self._depth >= _DEEPEST:
            raise _Refused(problem_words.TOO_MANY_BRACKETS, event.start_mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1
