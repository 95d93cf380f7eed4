"""The privacy officer's page of the audit trail, and its export."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from articles.staff_pages import current_user
from inquiries.forms import AuditFilter
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry
from inquiries.reports.csv_export import csv_response
from inquiries.team import permissions
from inquiries.triage.pagination import Order, paginate
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page

_NEWEST_FIRST = Order("at", "number", newest_first=True)


@staff_page(permissions.AUDIT)
def show_audit_trail(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    entries = form.entries() if form.is_valid() else AuditEntry.objects.none()
    page = paginate(entries, _NEWEST_FIRST, request.GET.get("after", ""))
    audit_trail.record_entry(AuditEntry.Kind.AUDITED, by=current_user(request), what="audit")
    asked = request.GET.copy()
    asked.pop("after", None)
    return render_page(
        request,
        "audit_trail/page",
        words.AUDIT_TRAIL,
        form=form,
        page=page,
        is_first="after" not in request.GET,
        filtered=asked.urlencode(),
    )


@staff_page(permissions.AUDIT)
def export_audit_trail(request: HttpRequest) -> HttpResponseBase:
    """Show a page to confirm, then send the file. Needs a recent sign-in (portal.accounts)."""
    is_sent = request.method == "POST"
    form = AuditFilter(request.POST if is_sent else request.GET)
    if not is_sent or not form.is_valid():
        status, title = 422 if is_sent else 200, words.EXPORT_AUDIT_TRAIL
        return render_page(request, "audit_trail/export", title, form=form, status=status)
    audit_trail.record_entry(AuditEntry.Kind.EXPORTED, by=current_user(request), what="audit")
    return csv_response("audit-trail", words.AUDIT_HEADER, _csv_rows(form.entries()))


def _csv_rows(entries: QuerySet[AuditEntry]) -> Iterable[list[object]]:
    for entry in entries.iterator(chunk_size=1000):
        yield [
            entry.number,
            entry.at.isoformat(),
            entry.kind,
            entry.by.username if entry.by else "",
            entry.about.username if entry.about else "",
            entry.details_in_words,
        ]
