"""Pagination of lists without counting them."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 20


#: Only machines go deeper, and it costs the database a lot to skip that many rows.
LAST_PAGE = 1000


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """One page of a list that is never counted: it only knows whether there is a next page."""

    rows: list[Row]
    number: int
    has_next: bool

    @property
    def query(self) -> str:
        """The query string of its own address; the first page has none."""
        return f"?page={self.number}" if self.number > 1 else ""

    @property
    def previous_url(self) -> str:
        if self.number == 1:
            return ""
        # "." is the list itself, so its first page has only one address.
        return "." if self.number == 2 else f"?page={self.number - 1}"  # noqa: PLR2004

    @property
    def next_url(self) -> str:
        return f"?page={self.number + 1}" if self.has_next else ""


def parse_number(typed: str, *, most_digits: int = 8) -> int | None:
    """Parse the number of a page or revision from a URL or form; None if it can't be ours."""
    return int(typed) if re.fullmatch(rf"[0-9]{{1,{most_digits}}}", typed) else None


def paginate(rows: QuerySet[Row], wanted: str) -> ListPage[Row]:
    """Return one page of the list. Raise Http404 past the end; what is no number means page 1."""
    number = max(parse_number(wanted) or 1, 1)
    start = (number - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1]) if number <= LAST_PAGE else []
    if not found and number > 1:
        raise Http404("This list has no such page.")
    return ListPage(
        found[:PAGE_SIZE], number, has_next=len(found) > PAGE_SIZE and number < LAST_PAGE
    )
