"""The privacy officer's pages: the audit trail, and whose data an account saw."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from inquiries import access, audit, privacy
from inquiries.exporting import csv_response
from inquiries.forms import AuditFilter
from inquiries.models import AuditEntry, Event
from inquiries.paging import Order, page

_REVIEWED = timedelta(days=30)
_BY_NUMBER = Order("at", "number", newest_first=True)
_BY_ID = Order("at", newest_first=True)


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin[AuditEntry]):
    """Nothing here is added, edited or deleted: the portal writes it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(access.AUDIT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.trail), name="inquiries_auditentry_changelist"),
            path("export/", wrap(self.export), name="inquiries_audit_export"),
            path("reading/", wrap(self.reading), name="inquiries_reading"),
            path("reading/<uuid:pk>/", wrap(self.access), name="inquiries_access"),
            path(
                "reading/<uuid:pk>/export/",
                wrap(self.export_access),
                name="inquiries_access_export",
            ),
        ]

    # --- Pages ------------------------------------------------------------------------------------

    def trail(self, request: HttpRequest) -> HttpResponse:
        self._require_access(request)
        form = AuditFilter(request.GET)
        entries = form.entries() if form.is_valid() else AuditEntry.objects.none()
        shown = page(entries, _BY_NUMBER, request.GET.get("after", ""))
        _put_on_record(request, AuditEntry.Kind.AUDITED, what="audit")
        asked = request.GET.copy()
        asked.pop("after", None)
        return self._page(
            request, "audit", "Audit trail", form=form, page=shown, filtered=asked.urlencode()
        )

    def reading(self, request: HttpRequest) -> HttpResponse:
        """Reading to be looked at, and the way to each account's."""
        self._require_access(request)
        accounts = list(get_user_model()._default_manager.order_by("username"))
        since = timezone.now() - _REVIEWED
        unusual = privacy.unusual_reading(accounts, since)
        _put_on_record(request, AuditEntry.Kind.AUDITED, what="unusual_reading")
        return self._page(
            request, "reading", "Who read what", accounts=accounts, unusual=unusual, since=since
        )

    def access(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Whose data this account saw, and when."""
        self._require_access(request)
        account = get_object_or_404(get_user_model(), pk=pk)
        shown = page(privacy.reading_by(account), _BY_ID, request.GET.get("after", ""))
        _put_on_record(request, AuditEntry.Kind.AUDITED, about=account, what="reading")
        return self._page(
            request, "access", f"What {account} has read", account=account, page=shown
        )

    # --- Exports: a page to confirm, then the file. Both need a recent sign-in (portal.accounts) --

    def export(self, request: HttpRequest) -> HttpResponseBase:
        self._require_access(request)
        form = AuditFilter(request.POST if request.method == "POST" else request.GET)
        if request.method != "POST" or not form.is_valid():
            page = self._page(request, "export", "Export the audit trail", form=form)
            page.status_code = 422 if request.method == "POST" else 200
            return page
        _put_on_record(request, AuditEntry.Kind.EXPORTED, what="audit")
        header = ["number", "time (UTC)", "what", "by", "about", "details"]
        return csv_response("audit-trail", header, _audit_rows(form.entries()))

    def export_access(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        self._require_access(request)
        account = get_object_or_404(get_user_model(), pk=pk)
        if request.method != "POST":
            return self._page(request, "export", f"Export what {account} has read", account=account)
        _put_on_record(request, AuditEntry.Kind.EXPORTED, about=account, what="reading")
        header = ["time (UTC)", "account", "request", "state then"]
        return csv_response(
            f"read-by-{account.pk}", header, _reading_rows(privacy.reading_by(account))
        )

    # --- Help -------------------------------------------------------------------------------------

    def _require_access(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, title: str, **shown: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "is_first": "after" not in request.GET,
            **shown,
        }
        return TemplateResponse(request, f"admin/inquiries/{name}.html", context)


def _put_on_record(
    request: HttpRequest, kind: AuditEntry.Kind, *, about: Any = None, **detail: Any
) -> None:
    by: Any = request.user
    audit.record(kind, by=by, about=about, **detail)


def _audit_rows(entries: QuerySet[AuditEntry]) -> Iterable[list[object]]:
    for entry in entries.iterator(chunk_size=1000):
        yield [
            entry.number,
            entry.at.isoformat(),
            entry.kind,
            entry.by.username if entry.by else "",
            entry.about.username if entry.about else "",
            entry.said,
        ]


def _reading_rows(events: QuerySet[Event]) -> Iterable[list[object]]:
    for event in events.select_related("by").iterator(chunk_size=1000):
        yield [
            event.at.isoformat(),
            event.by.username if event.by else "",
            event.inquiry.reference,
            event.detail.get("state", ""),
        ]
