"""What people look for and don't find, with what an editor can do about it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin import words
from articles.admin.base import CappedPaginator
from articles.models import MissedSearch


@admin.register(MissedSearch)
class MissedSearchAdmin(admin.ModelAdmin[MissedSearch]):
    list_display = ("words", "language", "week", "networks", "what_to_do")
    list_display_links = None
    list_filter = ("language",)
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissedSearch]:
        return super().get_queryset(request).exclude(words="")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=words.COLUMNS["what_to_do"])
    def what_to_do(self, missed: MissedSearch) -> SafeString:
        article = reverse("admin:articles_article_add")
        synonym = reverse("admin:articles_synonym_add")
        said = urlencode({"phrase": missed.words, "phrase_language": missed.language})
        return format_html(
            '<a href="{}?{}">{}</a><br><a href="{}?{}">{}</a>',
            *(article, urlencode({"title": missed.words.capitalize()}), words.WRITE_ABOUT_IT),
            *(synonym, said, words.ADD_AS_SYNONYM),
        )
