"""What to say and do when somebody is in danger, as leads keep it."""

from django.contrib import admin

from inquiries.admin.audited import AuditedAdmin
from inquiries.forms import CrisisScriptForm
from inquiries.models import AuditEntry, CrisisScript


@admin.register(CrisisScript)
class CrisisScriptAdmin(AuditedAdmin[CrisisScript]):
    """Read out on the page of each request, and beside the queue, from the next look on."""

    audit_kind = AuditEntry.Kind.SCRIPTS_CHANGED
    form = CrisisScriptForm
    list_display = ("title", "language", "translation_of", "position")
    list_filter = ("language",)
    list_select_related = ("translation_of",)
