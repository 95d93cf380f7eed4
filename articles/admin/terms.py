"""The glossary: editors look words up, reviewers define them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles import library
from articles.admin.verb_admin import VerbAdmin
from articles.forms import TermForm
from articles.models import Term


@admin.register(Term)
class TermAdmin(VerbAdmin):
    form = TermForm
    list_display = ("name", "definition")
    search_fields = ("name", "forms", "definition")

    def get_fields(self, request: HttpRequest, obj: Term | None = None) -> tuple[str, ...]:
        fields = ("name", "definition", "forms")
        may_write = not obj or self.has_change_permission(request, obj)
        return (*fields, "opened_version") if may_write else fields

    def save_model(
        self,
        request: HttpRequest,
        obj: Term,
        form: TermForm,
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        by: Any = request.user
        if change:
            version = form.cleaned_data["opened_version"]
            saved = library.edit_term(obj, form.entry(), version=version, by=by)
        else:
            saved = library.add_term(form.entry(), by=by)
        obj.pk, obj.name = saved.pk, saved.name
