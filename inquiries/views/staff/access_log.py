"""The privacy officer's pages: whose data an account saw, and which reads are unusual."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from articles.staff_pages import current_user
from inquiries import privacy
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, Event
from inquiries.reports.csv_export import csv_response
from inquiries.team import permissions
from inquiries.triage.pagination import Order, paginate
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page

#: How far back the page looks, and the count of it on the start page.
REVIEW_PERIOD = timedelta(days=30)
_NEWEST_FIRST = Order("at", newest_first=True)


@staff_page(permissions.AUDIT)
def review_reading(request: HttpRequest) -> HttpResponse:
    """List reads that need a look, and link to those of each account."""
    accounts = list(get_user_model()._default_manager.order_by("username"))
    since = timezone.now() - REVIEW_PERIOD
    unusual = privacy.find_unusual_reading(accounts, since)
    audit_trail.record_entry(
        AuditEntry.Kind.AUDITED, by=current_user(request), what="unusual_reading"
    )
    return render_page(
        request,
        "audit_trail/reading",
        words.WHO_READ_WHAT,
        accounts=accounts,
        unusual=[(each, words.READING_CONCERNS[each.why]) for each in unusual],
        since=since,
    )


@staff_page(permissions.AUDIT)
def show_access(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show whose data this account saw, and when."""
    account = get_object_or_404(get_user_model(), pk=pk)
    page = paginate(privacy.reading_by(account), _NEWEST_FIRST, request.GET.get("after", ""))
    audit_trail.record_entry(
        AuditEntry.Kind.AUDITED, by=current_user(request), about=account, what="reading"
    )
    return render_page(
        request,
        "audit_trail/access",
        words.READ_BY % {"account": account},
        account=account,
        page=page,
        is_first="after" not in request.GET,
    )


@staff_page(permissions.AUDIT)
def export_access(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show a page to confirm, then send the file. Needs a recent sign-in (portal.accounts)."""
    account = get_object_or_404(get_user_model(), pk=pk)
    if request.method != "POST":
        title = words.EXPORT_READ_BY % {"account": account}
        return render_page(request, "audit_trail/export", title, account=account)
    audit_trail.record_entry(
        AuditEntry.Kind.EXPORTED, by=current_user(request), about=account, what="reading"
    )
    rows = _csv_rows(privacy.reading_by(account))
    return csv_response(f"read-by-{account.pk}", words.ACCESS_HEADER, rows)


def _csv_rows(events: QuerySet[Event]) -> Iterable[list[object]]:
    for event in events.select_related("by").iterator(chunk_size=1000):
        yield [
            event.at.isoformat(),
            event.by.username if event.by else "",
            event.inquiry.reference,
            event.detail.get("state", ""),
        ]
