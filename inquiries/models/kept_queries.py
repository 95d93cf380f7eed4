"""Queries whose SQL a process writes once, because that costs Django more than asking it.

A query is written with a stand-in for each value that differs from time to time. When it is asked,
the values take those places. What comes back is the same as from the query itself.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models

Row = TypeVar("Row")
_Query = TypeVar("_Query")
Written = tuple[_Query, str, list[Any]]
#: Works out more values from those given.
Derive = Callable[[Mapping[str, Any]], Mapping[str, Any]]

_FIELDS: dict[type[Any], models.Field[Any, Any]] = {
    UUID: models.UUIDField(),
    datetime: models.DateTimeField(),
    str: models.TextField(),
    bytes: models.BinaryField(),
}
# Unlike any value that a query of ours has, and different for each number.
_STAND_INS: dict[type[Any], Callable[[int], Any]] = {
    UUID: lambda number: UUID(int=2**127 + number),
    datetime: lambda number: datetime(1970, 1, 2, tzinfo=UTC) + timedelta(seconds=number),
    str: lambda number: f"\ue000{number}\ue001",
    bytes: lambda number: f"\ue000{number}\ue001".encode(),
}


@dataclass(frozen=True)
class _Slot:
    """Where the value of this name goes."""

    name: str


class KeptSql(Generic[_Query]):
    """`write` makes a query of values by name, and returns it with its SQL and the SQL's values.

    `kinds` are the types of the values; `derive` works out further ones.
    """

    def __init__(
        self,
        write: Callable[..., tuple[_Query, str, Iterable[Any]]],
        kinds: Mapping[str, type[Any]],
        derive: Derive = lambda said: {},
    ) -> None:
        self._write = write
        self._kinds = kinds
        self._derive = derive
        self._keep = lru_cache(maxsize=2)(self._write_for)

    def fill(self, said: Mapping[str, Any]) -> Written[_Query]:
        """Return the query as it was written, its SQL, and the values to ask it with."""
        query, sql, values = self._keep(connection.vendor)
        said = {**said, **self._derive(said)}
        filled = [_adapt(said[each.name]) if isinstance(each, _Slot) else each for each in values]
        return query, sql, filled

    def _write_for(self, _vendor: str) -> Written[_Query]:
        """Write it twice: what differs has to be a slot, and is never taken for a constant."""
        query, sql, once = self._mark(0)
        _query, _sql, twice = self._mark(len(self._kinds))
        if sql != _sql or once != twice:
            raise ValueError("The SQL depends on more than the values that were named.")
        return query, sql, once

    def _mark(self, first: int) -> Written[_Query]:
        named = enumerate(self._kinds.items(), first)
        used = {name: _STAND_INS[kind](number) for number, (name, kind) in named}
        query, sql, values = self._write(**used)
        slots = {
            _plain(_adapt(stand_in)): _Slot(name)
            for name, stand_in in {**used, **self._derive(used)}.items()
        }
        return query, sql, [slots.get(_plain(value), value) for value in values]


class KeptQuery(Generic[Row]):
    """`rows` builds the queryset from values by name; `kinds` are their types."""

    def __init__(
        self,
        rows: Callable[..., "models.QuerySet[Any, Row]"],
        derive: Derive = lambda said: {},
        **kinds: type[Any],
    ) -> None:
        self._rows = rows
        self._kept = KeptSql(self._write, kinds, derive)

    def fetch(self, **said: Any) -> list[Row]:
        (rows, written), sql, values = self._kept.fill(said)
        compiler = copy(written)
        compiler.connection = connection  # of this thread
        compiler.as_sql = lambda *_, **__: (sql, values)
        query = copy(rows.query)
        query.get_compiler = lambda using: compiler
        asked = rows.all()
        asked._query = query  # noqa: SLF001 - its setter would change how rows are made
        return list(asked)

    def _write(self, **used: Any) -> tuple[tuple[Any, Any], str, list[Any]]:
        """Return the queryset, and the compiler that knows which column belongs to what."""
        rows = self._rows(**used)
        compiler: Any = rows.query.get_compiler(using=connection.alias)
        sql, values = compiler.as_sql()
        return (rows, compiler), sql, values


def _adapt(value: Any) -> Any:
    """Return the value as this database takes it."""
    return _FIELDS[type(value)].get_db_prep_value(value, connection)


def _plain(value: Any) -> Any:
    """Return what can be looked up: drivers wrap bytes."""
    value = getattr(value, "obj", value)
    return bytes(value) if isinstance(value, memoryview) else value
