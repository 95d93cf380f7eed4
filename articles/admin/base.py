"""What all of these pages share."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from articles.admin.clean_text import CleanTextAdmin

#: Lists count up to this many rows; to find more, people search.
_COUNTED = 1000


class CappedPaginator(Paginator[Any]):
    """Paginator that stops counting at a limit: counting everything takes longer with every row."""

    @property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.values_list("pk")[:_COUNTED])


class NoDeleteAdmin(CleanTextAdmin[Any]):
    """Admin without deletion: an article is retired, a category stays empty."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
