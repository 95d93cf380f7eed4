"""The categories: reviewers propose their text, and a second person lets readers see it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles import library
from articles.admin.verb_admin import ProposingAdmin, TranslatedAdmin
from articles.forms import CategoryForm
from articles.models import Category, Proposal


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin, ProposingAdmin):
    form = CategoryForm
    kinds = (Proposal.Kind.CATEGORY,)
    list_display = ("name", "position", "translated", "slug", "description")
    fields = ("name", "slug", "description", "position", "picture", "start_with")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Category | None = None
    ) -> tuple[str, ...]:
        """Keep the address of an existing category: readers and search engines hold links to it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Category | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def propose(
        self, request: HttpRequest, obj: Category, form: Any, *, is_new: bool
    ) -> Proposal | None:
        by: Any = request.user
        words = {name: form.cleaned_data.get(name, "") for name in ("name", "slug", "description")}
        return library.propose_category(
            None if is_new else obj,
            **words,
            translations=form.translations(),
            shown=form.shown(),
            by=by,
        )
