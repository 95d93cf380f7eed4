"""Canned replies, as managed by leads."""

from django.contrib import admin
from django.http import HttpRequest

from inquiries.admin import words
from inquiries.admin.audited import AuditedAdmin
from inquiries.forms import CannedReplyForm
from inquiries.models import AuditEntry, CannedReply
from inquiries.triage import case_choices


@admin.register(CannedReply)
class CannedReplyAdmin(AuditedAdmin[CannedReply]):
    """Offered when a coordinator writes to the sender of a request."""

    audit_kind = AuditEntry.Kind.REPLIES_CHANGED
    intro = words.REPLIES
    form = CannedReplyForm
    list_display = ("title", "language", "translation_of")
    list_select_related = ("translation_of",)
    list_filter = ("language",)

    def record_change(self, request: HttpRequest, obj: CannedReply, change: str) -> None:
        case_choices.clear_cache()
        super().record_change(request, obj, change)
