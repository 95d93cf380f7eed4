"""Who is away and when, as managed by leads."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.staff_pages import current_user
from inquiries.admin import words
from inquiries.admin.audited import DATE_AND_TIME_INPUTS, AuditedAdmin
from inquiries.ledger import audit_trail
from inquiries.models import Absence, AuditEntry
from inquiries.team import availability


@admin.register(Absence)
class AbsenceAdmin(AuditedAdmin[Absence]):
    """Absent colleagues' requests go back to the queue within a minute of the first day's start."""

    audit_kind = AuditEntry.Kind.ABSENCES_CHANGED
    intro = words.ABSENCES
    empty_words = words.NO_ABSENCES
    fields = ("user", "first_day", "last_day")
    list_display = ("user", "first_day", "last_day")
    list_select_related = ("user",)
    formfield_overrides = DATE_AND_TIME_INPUTS

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = availability.coordinators()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def record_change(self, request: HttpRequest, obj: Absence, change: str) -> None:
        audit_trail.record_entry(
            self.audit_kind, by=current_user(request), about=obj.user, change=change
        )
