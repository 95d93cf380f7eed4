"""Keyset pagination: each page starts after the last row of the page before.

Rows are never counted, and the thousandth page costs no more than the first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Order:
    """The sort order: a time field, and a key to break ties."""

    at: str
    key: str = "id"
    newest_first: bool = False

    @property
    def fields(self) -> list[str]:
        sign = "-" if self.newest_first else ""
        return [f"{sign}{self.at}", f"{sign}{self.key}"]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a list, and where the next page starts."""

    rows: list[Row]
    #: Where the next page starts; empty on the last page.
    next_cursor: str = ""


def paginate(rows: QuerySet[Row], order: Order, cursor: str) -> Page[Row]:
    """Return one page of rows sorted by `order`; an unreadable cursor means the first page."""
    found = list(_after(rows, order, cursor)[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return Page(found)
    last = found[PAGE_SIZE - 1]
    at: datetime = getattr(last, order.at)
    return Page(found[:PAGE_SIZE], f"{at.isoformat()}~{getattr(last, order.key)}")


def _after(rows: QuerySet[Row], order: Order, mark: str) -> QuerySet[Row]:
    at, _, written = mark.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            return rows
        moment = moment.astimezone(UTC)
        key_field: Any = rows.model._meta.get_field(order.key)
        key = key_field.to_python(written)
    except (ValueError, OverflowError, ValidationError):
        return rows
    beyond = "lt" if order.newest_first else "gt"
    return rows.filter(
        Q(**{f"{order.at}__{beyond}": moment})
        | Q(**{order.at: moment, f"{order.key}__{beyond}": key}),
        # Logically redundant, but this is the form that both databases can answer from the index.
        **{f"{order.at}__{beyond}e": moment},
    )
