"""Add the queue and the audit trail to the admin's index. Their pages are staff views.

The index lists only registered models, each with a link to the URL of its name.
"""

from typing import TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern

from inquiries.models import AuditEntry, Inquiry
from inquiries.team import permissions

Row = TypeVar("Row", bound=Model)


class IndexEntry(admin.ModelAdmin[Row]):
    """An entry without its own pages: nothing is added, edited, or deleted here."""

    def get_urls(self) -> list[URLPattern]:
        return []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


@admin.register(Inquiry)
class QueueEntry(IndexEntry[Inquiry]):
    def has_view_permission(self, request: HttpRequest, obj: Inquiry | None = None) -> bool:
        return request.user.has_perm(permissions.VIEW)


@admin.register(AuditEntry)
class AuditTrailEntry(IndexEntry[AuditEntry]):
    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return request.user.has_perm(permissions.AUDIT)
