"""Keyset pagination: each page starts after the last row of the page before.

Rows are never counted, and the thousandth page costs no more than the first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

PAGE_SIZE = 50

Row = TypeVar("Row")


@dataclass(frozen=True)
class Order:
    """The sort order: a time field, and a key to break ties."""

    at: str
    key: str = "id"
    newest_first: bool = False
    #: A second time, for rows with the same first one.
    then: str = ""

    @property
    def columns(self) -> list[str]:
        return [self.at, *([self.then] if self.then else ()), self.key]

    @property
    def fields(self) -> list[str]:
        sign = "-" if self.newest_first else ""
        return [f"{sign}{column}" for column in self.columns]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a list, and where the next page starts."""

    rows: list[Row]
    #: Where the next page starts; empty on the last page.
    next_cursor: str = ""


def paginate(rows: "QuerySet[Any, Row]", order: Order, cursor: str) -> Page[Row]:
    """Return one page of rows sorted by `order`; an unreadable cursor means the first page."""
    return to_page(list(page_from(rows, order, cursor)), order)


def page_from(rows: "QuerySet[Any, Row]", order: Order, cursor: str = "") -> "QuerySet[Any, Row]":
    """Return the rows of one page, and one more if another page follows."""
    return _after(rows, order, cursor)[: PAGE_SIZE + 1]


def to_page(found: list[Row], order: Order) -> Page[Row]:
    """Make a page of what `page_from` found."""
    if len(found) <= PAGE_SIZE:
        return Page(found)
    last = found[PAGE_SIZE - 1]
    *times, key = (getattr(last, column) for column in order.columns)
    return Page(found[:PAGE_SIZE], "~".join([*(at.isoformat() for at in times), str(key)]))


def _after(rows: "QuerySet[Any, Row]", order: Order, mark: str) -> "QuerySet[Any, Row]":
    *times, written = mark.split("~")
    try:
        values: list[Any] = [_moment(each) for each in times]
        key_field: Any = rows.model._meta.get_field(order.key)
        values.append(key_field.to_python(written))
    except (ValueError, OverflowError, ValidationError):
        return rows
    if len(values) != len(order.columns):
        return rows
    beyond, after = "lt" if order.newest_first else "gt", Q()
    same: dict[str, Any] = {}
    for column, value in zip(order.columns, values, strict=True):
        after |= Q(**same, **{f"{column}__{beyond}": value})
        same[column] = value
    # Logically redundant, but this is the form that both databases can answer from the index.
    return rows.filter(after, **{f"{order.at}__{beyond}e": values[0]})


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("without a time zone")
    return moment.astimezone(UTC)
