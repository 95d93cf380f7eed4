"""The glossary: editors look terms up, reviewers propose definitions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles import library
from articles.admin.verb_admin import ProposingAdmin, TranslatedAdmin
from articles.forms import TermForm
from articles.models import Proposal, Term


@admin.register(Term)
class TermAdmin(TranslatedAdmin, ProposingAdmin):
    form = TermForm
    kinds = (Proposal.Kind.TERM,)
    list_display = ("name", "translated", "definition")
    search_fields = ("name", "forms", "definition")

    def get_fields(self, request: HttpRequest, obj: Term | None = None) -> tuple[str, ...]:
        fields = ("name", "definition", "forms")
        may_write = not obj or self.has_change_permission(request, obj)
        return (*fields, "opened_version") if may_write else fields

    def propose(
        self, request: HttpRequest, obj: Term, form: Any, *, is_new: bool
    ) -> Proposal | None:
        by: Any = request.user
        version = form.cleaned_data["opened_version"]
        return library.propose_term(
            None if is_new else obj,
            form.entry(),
            version=version,
            translations=form.translations(),
            by=by,
        )
