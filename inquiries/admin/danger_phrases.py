"""Words that may mean danger, as managed by leads."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles.staff_pages import current_user
from inquiries.admin import words
from inquiries.admin.audited import AuditedAdmin
from inquiries.danger import phrases
from inquiries.forms import DangerPhraseForm
from inquiries.forms.danger_phrase import TRY, TRY_WITHOUT
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, DangerPhrase


@admin.register(DangerPhrase)
class DangerPhraseAdmin(AuditedAdmin[DangerPhrase]):
    """Phrases can be tried before saving, on sentences and on the requests of the last 90 days."""

    audit_kind = AuditEntry.Kind.PHRASES_CHANGED
    intro = words.PHRASES
    form = DangerPhraseForm
    fieldsets = (
        (None, {"fields": ("kind", "language", "phrase")}),
        (_("Try it before you save it"), {"fields": ("sentences",)}),
    )
    list_display = ("phrase", "kind", "language")
    list_filter = ("kind", "language")
    ordering = ("kind", "language", "phrase")
    search_fields = ("phrase",)

    def record_change(self, request: HttpRequest, obj: DangerPhrase, change: str) -> None:
        phrases.clear_cache()
        transaction.on_commit(phrases.load_patterns)  # built here for the other processes as well
        super().record_change(request, obj, change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and {TRY, TRY_WITHOUT} & request.POST.keys():
            # Django's view is a single transaction: on SQLite, no one could write during a trial.
            view: Any = self._changeform_view  # type: ignore[attr-defined] # not in the stubs
            shown: HttpResponse = view(request, object_id, form_url, extra_context)
            return shown
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form: DangerPhraseForm = context["adminform"].form
        if form.is_bound and form.is_trial and (form.is_removal_trial or not form.errors):
            context |= self._run_trial(request, form)
        return super().render_change_form(request, context, *args, **kwargs)

    def _run_trial(self, request: HttpRequest, form: DangerPhraseForm) -> dict[str, Any]:
        from inquiries.danger import trial  # loaded only for a trial

        row = None if form.is_removal_trial else form.changed_row()
        lists = trial.ListComparison.with_change(instead_of=form.instance.pk, row=row)
        sentences = trial.try_sentences(lists, form.cleaned_data.get("sentences", ""))
        tried = trial.try_requests(lists)
        audit_trail.record_entry(
            AuditEntry.Kind.SEARCHED,
            by=current_user(request),
            by_what="danger_patterns",
            looked_through=tried.looked_through,
            found=len(tried.newly_marked) + len(tried.no_longer_marked),
        )
        return {
            "trial": tried,
            "sentences": sentences,
            "days": trial.LOOKBACK_DAYS,
            "limit": trial.MAX_LISTED,
        }
