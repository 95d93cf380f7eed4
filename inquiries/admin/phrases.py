"""The list of phrases that may mean danger: a lead's to keep."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from inquiries import audit, danger
from inquiries.models import AuditEntry, DangerPhrase


@admin.register(DangerPhrase)
class DangerPhraseAdmin(admin.ModelAdmin[DangerPhrase]):
    """Counted as whole words, in any case and with or without accents."""

    list_display = ("phrase", "language")
    list_filter = ("language",)
    actions = None

    def save_model(
        self,
        request: HttpRequest,
        obj: DangerPhrase,
        form: ModelForm[DangerPhrase],
        change: bool,  # noqa: FBT001 - Django passes it so
    ) -> None:
        super().save_model(request, obj, form, change)
        _put_on_record(request, "changed" if change else "added")

    def delete_model(self, request: HttpRequest, obj: DangerPhrase) -> None:
        super().delete_model(request, obj)
        _put_on_record(request, "removed")


def _put_on_record(request: HttpRequest, change: str) -> None:
    danger.forget()
    by: Any = request.user
    audit.record(AuditEntry.Kind.PHRASES_CHANGED, by=by, change=change)
