"""Counts as pages show them: exact up to COUNT_CAP, and never of a whole table."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import QuerySet

Key = TypeVar("Key")
COUNT_CAP = 99


def count_rows(rows: "Mapping[Key, QuerySet[Any]]") -> dict[Key, str]:
    """Count each queryset for display: exact up to COUNT_CAP, then “99+”. Uses one query."""
    columns, values = write_counts(rows.values())
    found = fetch_row(f"SELECT {columns}", values)
    return {key: format_count(count) for key, count in zip(rows, found, strict=True)}


def write_counts(rows: "Iterable[QuerySet[Any]]") -> tuple[str, list[Any]]:
    """Return columns that count each of these, as SQL with its values."""
    parts: list[str] = []
    values: list[Any] = []
    for each in rows:
        # In their order, so that an index is read: the planner would rather read the whole table,
        # because it takes the few that it wants to be everywhere in it.
        wanted, of_wanted = each.values("pk")[: COUNT_CAP + 1].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({wanted}) AS counted)")  # noqa: S608 - Django wrote it
        values += of_wanted
    return ", ".join(parts), values


def fetch_row(sql: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [*cursor.fetchone()]


def format_count(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)
