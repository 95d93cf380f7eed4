"""What all of these pages have in common."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class KeptAdmin(admin.ModelAdmin[Any]):
    """Nothing here is deleted: an article is retired, a category stays empty."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
