"""What to say and do when someone is in danger, as managed by leads."""

from django.contrib import admin
from django.http import HttpRequest

from inquiries.admin import words
from inquiries.admin.audited import AuditedAdmin
from inquiries.contact import crisis_scripts
from inquiries.forms import CrisisScriptForm
from inquiries.models import AuditEntry, CrisisScript


@admin.register(CrisisScript)
class CrisisScriptAdmin(AuditedAdmin[CrisisScript]):
    """Scripts to read aloud, on each request's page and by the queue; changes show on reload."""

    audit_kind = AuditEntry.Kind.SCRIPTS_CHANGED
    intro = words.SCRIPTS
    empty_words = words.NO_SCRIPTS
    form = CrisisScriptForm
    list_display = ("title", "language", "translation_of", "position")
    list_filter = ("language",)
    list_select_related = ("translation_of",)

    def record_change(self, request: HttpRequest, obj: CrisisScript, change: str) -> None:
        crisis_scripts.clear_cache()
        super().record_change(request, obj, change)
