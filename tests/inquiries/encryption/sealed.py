"""A request with sealed content, and its rows as the database stores them."""

from typing import Any

from django.db import connection, models

SAID: dict[str, Any] = {
    "full_name": "Wilhelmina Ashgrove",
    "patient_name": "Bartholomew Quillfeather",
    "phone": "(202) 555-0147",
    "phone_e164": "+12025550147",
    "email": "wilhelmina@ashgrove.example",
    "message": "My quillwort test says membranous; may I still travel?",
    "relation": "someone_else",
}


def set_raw(row: models.Model, **columns: bytes) -> None:
    """Write to a row directly, as somebody with access to the database can."""
    for column, value in columns.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {row._meta.db_table} SET {column} = %s "  # noqa: S608 - our own names
                f"WHERE {pk_column(row)} = %s",
                [value, pk_value(row)],
            )


def get_raw(row: models.Model, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {row._meta.db_table} "  # noqa: S608 - our own names
            f"WHERE {pk_column(row)} = %s",
            [pk_value(row)],
        )
        return bytes(cursor.fetchone()[0])


def pk_column(row: models.Model) -> str:
    column = row._meta.pk.column
    assert column
    return column


def pk_value(row: models.Model) -> Any:
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def opened(row: models.Model, field: str) -> Any:
    """Return the field as the next page load reads it."""
    return getattr(type(row)._default_manager.get(pk=row.pk), field)
