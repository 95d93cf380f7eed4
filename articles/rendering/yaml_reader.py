"""YAML as editors write it in a block: words, lists and mappings, and nothing that hides."""

import yaml

_DEEPEST = 5


class UnreadableYaml(Exception):
    """Why it cannot be read. `line` counts from 0; None where no line is to blame."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def compose_yaml(text: str, *, longest: int) -> yaml.Node:
    """What it says, as nodes with their lines. Raise UnreadableYaml."""
    if len(text) > longest:
        raise UnreadableYaml(f"it has {len(text):,} characters, and {longest:,} are the most")
    try:
        node = yaml.compose(text, Loader=_WordsLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "it is not written as lines of “name: words”"
        if "mapping values" in problem:
            problem = "words with a colon and a space in them need quotation marks"
        raise UnreadableYaml(problem, mark.line if mark else 0) from error
    except yaml.YAMLError as error:
        raise UnreadableYaml("there is a character in it that cannot be read") from error
    if node is None:
        raise UnreadableYaml("it is empty")
    return node


class _WordsLoader(yaml.BaseLoader):
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
