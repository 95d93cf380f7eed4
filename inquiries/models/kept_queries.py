"""Queries whose SQL a process writes once, because that costs Django more than asking it.

A query is written with a stand-in for each value that differs from time to time. When it is asked,
the values take those places. What comes back is the same as from the query itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=models.Model)
_FIELDS: dict[type[Any], models.Field[Any, Any]] = {
    UUID: models.UUIDField(),
    datetime: models.DateTimeField(),
    str: models.TextField(),
    bytes: models.BinaryField(),
}
#: Unlike any value that a query of ours has.
_STAND_INS: dict[type[Any], Callable[[int], Any]] = {
    UUID: lambda place: uuid4(),
    datetime: lambda place: datetime(1970, 1, 2, 3, 4, place, tzinfo=UTC),
    str: lambda place: f"\ue000{place}\ue001",
    bytes: lambda place: f"\ue000{place}\ue001".encode(),
}


@dataclass(frozen=True)
class Slot:
    """Where the value of this name goes."""

    name: str


def stand_ins(kinds: Mapping[str, type[Any]]) -> dict[str, Any]:
    """Return a value of each kind, to write a query with; `kinds` by name."""
    return {name: _STAND_INS[kind](place) for place, (name, kind) in enumerate(kinds.items())}


def mark_slots(values: Iterable[Any], used: Mapping[str, Any]) -> list[Any]:
    """Return the values of a query that was written with these stand-ins, with their slots."""
    slots = {_plain(_adapt(stand_in)): Slot(name) for name, stand_in in used.items()}
    marked = [slots.get(_plain(value), value) for value in values]
    if missing := {*slots.values()} - {each for each in marked if isinstance(each, Slot)}:
        raise ValueError(f"The query does not ask for {missing}: it would find the wrong rows.")
    return marked


def fill_slots(values: Iterable[Any], said: Mapping[str, Any]) -> list[Any]:
    """Return the values to ask a query with, now that it is known what belongs into its slots."""
    return [_adapt(said[value.name]) if isinstance(value, Slot) else value for value in values]


def _adapt(value: Any) -> Any:
    """Return the value as this database takes it."""
    return _FIELDS[type(value)].get_db_prep_value(value, connection)


def _plain(value: Any) -> Any:
    """Return what can be looked up: drivers wrap bytes."""
    value = getattr(value, "obj", value)
    return bytes(value) if isinstance(value, memoryview) else value


class KeptQuery(Generic[Row]):
    """`rows` builds the query from values by name; `kinds` are their types."""

    def __init__(
        self, rows: Callable[..., "models.QuerySet[Row, Row]"], **kinds: type[Any]
    ) -> None:
        self._rows = rows
        self._kinds = kinds
        self._write = lru_cache(maxsize=2)(self._write_for)

    def fetch(self, **said: Any) -> list[Row]:
        return list(self._ask(said))

    def _ask(self, said: Mapping[str, Any]) -> Iterator[Row]:
        written, sql, values = self._write(connection.vendor)
        compiler = copy(written)
        compiler.connection = connection  # of this thread
        compiler.as_sql = lambda *_, **__: (sql, fill_slots(values, said))
        asked: Any = SimpleNamespace(
            db=connection.alias,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _known_related_objects={},
        )
        return iter(ModelIterable(asked))

    def _write_for(self, _vendor: str) -> tuple[Any, str, list[Any]]:
        """Return the compiler that knows which column belongs to what, SQL, and values."""
        used = stand_ins(self._kinds)
        compiler: Any = self._rows(**used).query.get_compiler(using=connection.alias)
        sql, values = compiler.as_sql()
        return compiler, sql, mark_slots(values, used)
