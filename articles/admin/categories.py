"""The headings, kept by reviewers: their names stand before readers at once."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.base import NoDeleteAdmin
from articles.models import Category


@admin.register(Category)
class CategoryAdmin(NoDeleteAdmin):
    list_display = ("name", "slug", "description")
    fields = ("name", "slug", "description")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Category | None = None
    ) -> tuple[str, ...]:
        """Its address stays: readers and search engines hold links to it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Category | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}
