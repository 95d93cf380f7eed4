"""Bulk inserts of thousands of rows, the fastest way for each database."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max, Model


def insert(rows: Sequence[Model]) -> None:
    """Insert as `bulk_create` does, but keep keys that are already set."""
    meta = rows[0]._meta
    connection = connections[DEFAULT_DB_ALIAS]
    fields = [
        field for field in meta.concrete_fields if not field.primary_key or rows[0].pk is not None
    ]
    write(
        meta.db_table,
        [field.column for field in fields],
        (
            [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
            for row in rows
        ),
    )


def write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write raw values: with COPY on PostgreSQL, which needs no statement per row."""
    connection = connections[DEFAULT_DB_ALIAS]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            holders = ", ".join(["%s"] * len(columns))
            insertion = f"INSERT INTO {table} ({names}) VALUES ({holders})"  # noqa: S608 - our own
            cursor.executemany(insertion, [*rows])


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Reserve ids for rows that others refer to before they are stored; call in a transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":  # only one transaction can write
        last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
        return [*range(last + 1, last + 1 + count)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]
