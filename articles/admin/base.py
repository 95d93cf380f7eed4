"""What all of these pages have in common."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from articles.admin.clean_text import CleanTextAdmin

#: A list goes to here; who looks for more, searches.
_COUNTED = 1000


class CappedPaginator(Paginator[Any]):
    """Counts to an end: counting all takes longer with every row."""

    @property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.values_list("pk")[:_COUNTED])


class NoDeleteAdmin(CleanTextAdmin[Any]):
    """Nothing here is deleted: an article is retired, a category stays empty."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
