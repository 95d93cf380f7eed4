"""Front matter as YAML in which every value is text: “010”, “1:30”, and “no” stay as written."""

from typing import TYPE_CHECKING, Any

import yaml
from django.db.models import TextChoices

from articles.posts import words
from articles.posts.post import MalformedPost, check_length
from articles.rendering.yaml_reader import UnreadableYaml, compose_yaml

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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


def line_of_text(front: dict[str, Value], key: str, length: int) -> str:
    value = front.get(key) or ""
    if not isinstance(value, str):
        raise MalformedPost(1, words.NOT_TEXT % {"key": key})
    return check_length(" ".join(value.split()), length, key, 1)


def list_of_text(front: dict[str, Value], key: str) -> list[str]:
    value = front.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MalformedPost(1, words.NOT_LIST_OF_TEXT % {"key": key})
    return [" ".join(item.split()) for item in value]


def texts(front: dict[str, Value], key: str) -> dict[str, str]:
    value = front.get(key) or {}
    if not isinstance(value, dict) or not all(
        isinstance(each, str) for pair in value.items() for each in pair
    ):
        raise MalformedPost(1, words.NOT_REASONS % {"key": key})
    return {" ".join(word.split()).lower(): " ".join(why.split()) for word, why in value.items()}


def one_of(choices: type[TextChoices], value: str, name: "_StrPromise") -> str:
    """Return the value if it is empty or one of the choices. Raise MalformedPost."""
    try:
        return choices(value).value if value else ""
    except ValueError as error:
        said = {"field": name, "value": value, "choices": ", ".join(choices.values)}
        raise MalformedPost(1, words.NOT_ONE_OF % said) from error


def drop_empty(values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value}
