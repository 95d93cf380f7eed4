"""Front matter as YAML in which every value is text: “010”, “1:30”, and “no” stay as written."""

from typing import Any

import yaml

from articles.posts import words
from articles.posts.post import MalformedPost
from articles.rendering.yaml_reader import UnreadableYaml, compose_yaml

_LONGEST = 200_000

#: Text, or nested lists and fields.
Value = Any


def read_front_matter(lines: list[str]) -> dict[str, Value]:
    """Return the fields between the two “---” lines. Raise MalformedPost."""
    try:
        node = compose_yaml("\n".join(lines), longest=_LONGEST)
        front = _value(node)
    except UnreadableYaml as error:
        number = 1 if error.line is None else error.line + 2
        raise MalformedPost(number, words.FRONT_UNREADABLE % {"why": error}) from error
    if not isinstance(front, dict):
        raise MalformedPost(1, words.FRONT_NOT_LINES)
    return front


def _value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    fields: dict[str, Value] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise UnreadableYaml(str(words.FIELD_NOT_WORD), key.start_mark.line)
        if key.value in fields:
            said = words.FIELD_TWICE % {"name": key.value[:60]}
            raise UnreadableYaml(said, key.start_mark.line)
        fields[key.value] = _value(value)
    return fields
