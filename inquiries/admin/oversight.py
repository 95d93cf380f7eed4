"""The privacy officer's pages: the audit trail, and whose data an account saw."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from inquiries import privacy
from inquiries.admin.readonly import ReadOnlyAdmin
from inquiries.forms import AuditFilter
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, Event
from inquiries.reports.csv_export import csv_response
from inquiries.team import permissions as access
from inquiries.triage.pagination import Order, paginate

_REVIEW_PERIOD = timedelta(days=30)
_BY_NUMBER = Order("at", "number", newest_first=True)
_BY_ID = Order("at", newest_first=True)


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin[AuditEntry]):
    """Written by the portal itself, and by nobody."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(access.AUDIT)

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
        self.require_access(request)
        form = AuditFilter(request.GET)
        entries = form.entries() if form.is_valid() else AuditEntry.objects.none()
        shown = paginate(entries, _BY_NUMBER, request.GET.get("after", ""))
        _record_access(request, AuditEntry.Kind.AUDITED, what="audit")
        asked = request.GET.copy()
        asked.pop("after", None)
        return self.render_page(
            request,
            "audit_trail/page",
            "Audit trail",
            form=form,
            page=shown,
            is_first=_is_first(request),
            filtered=asked.urlencode(),
        )

    def reading(self, request: HttpRequest) -> HttpResponse:
        """Reading to be looked at, and the way to each account's."""
        self.require_access(request)
        accounts = list(get_user_model()._default_manager.order_by("username"))
        since = timezone.now() - _REVIEW_PERIOD
        unusual = privacy.find_unusual_reading(accounts, since)
        _record_access(request, AuditEntry.Kind.AUDITED, what="unusual_reading")
        return self.render_page(
            request,
            "audit_trail/reading",
            "Who read what",
            accounts=accounts,
            unusual=unusual,
            since=since,
        )

    def access(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Whose data this account saw, and when."""
        self.require_access(request)
        account = get_object_or_404(get_user_model(), pk=pk)
        shown = paginate(privacy.reading_by(account), _BY_ID, request.GET.get("after", ""))
        _record_access(request, AuditEntry.Kind.AUDITED, about=account, what="reading")
        return self.render_page(
            request,
            "audit_trail/access",
            f"What {account} has read",
            account=account,
            page=shown,
            is_first=_is_first(request),
        )

    # --- Exports: a page to confirm, then the file. Both need a recent sign-in (portal.accounts) --

    def export(self, request: HttpRequest) -> HttpResponseBase:
        self.require_access(request)
        form = AuditFilter(request.POST if request.method == "POST" else request.GET)
        if request.method != "POST" or not form.is_valid():
            page = self.render_page(
                request, "audit_trail/export", "Export the audit trail", form=form
            )
            page.status_code = 422 if request.method == "POST" else 200
            return page
        _record_access(request, AuditEntry.Kind.EXPORTED, what="audit")
        header = ["number", "time (UTC)", "what", "by", "about", "details"]
        return csv_response("audit-trail", header, _audit_rows(form.entries()))

    def export_access(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        self.require_access(request)
        account = get_object_or_404(get_user_model(), pk=pk)
        if request.method != "POST":
            return self.render_page(
                request, "audit_trail/export", f"Export what {account} has read", account=account
            )
        _record_access(request, AuditEntry.Kind.EXPORTED, about=account, what="reading")
        header = ["time (UTC)", "account", "request", "state then"]
        return csv_response(
            f"read-by-{account.pk}", header, _reading_rows(privacy.reading_by(account))
        )


def _is_first(request: HttpRequest) -> bool:
    return "after" not in request.GET


def _record_access(
    request: HttpRequest, kind: AuditEntry.Kind, *, about: Any = None, **detail: Any
) -> None:
    by: Any = request.user
    audit_trail.record_entry(kind, by=by, about=about, **detail)


def _audit_rows(entries: QuerySet[AuditEntry]) -> Iterable[list[object]]:
    for entry in entries.iterator(chunk_size=1000):
        yield [
            entry.number,
            entry.at.isoformat(),
            entry.kind,
            entry.by.username if entry.by else "",
            entry.about.username if entry.about else "",
            entry.details_in_words,
        ]


def _reading_rows(events: QuerySet[Event]) -> Iterable[list[object]]:
    for event in events.select_related("by").iterator(chunk_size=1000):
        yield [
            event.at.isoformat(),
            event.by.username if event.by else "",
            event.inquiry.reference,
            event.detail.get("state", ""),
        ]
