"""The reports, for leads: a page, and the same numbers to take away."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone

from inquiries.admin.readonly import ReadOnlyAdmin
from inquiries.forms import ReportForm
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, Inquiry
from inquiries.reports.csv_export import csv_response
from inquiries.team import permissions

if TYPE_CHECKING:
    from inquiries.reports.report import Report
    from inquiries.reports.statistics import Cell


class ReportPages(ReadOnlyAdmin[Inquiry]):
    """The pages of `InquiryAdmin` that show no request, but how many there are."""

    def report_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("reports/", wrap(self.reports), name="inquiries_inquiry_reports"),
            path("reports/export/", wrap(self.export_report), name="inquiries_report_export"),
        ]

    def reports(self, request: HttpRequest) -> HttpResponse:
        _require_access(request)
        form = ReportForm.from_query(request.GET)
        shown = _shown(_report(form)) if form.is_valid() else {}
        return self.render_page(request, "reports/page", "Reports", form=form, **shown)

    def export_report(self, request: HttpRequest) -> HttpResponseBase:
        """A page to confirm, then the file. Needs a recent sign-in (portal.accounts)."""
        _require_access(request)
        is_sent = request.method == "POST"
        form = ReportForm(request.POST) if is_sent else ReportForm.from_query(request.GET)
        if not is_sent or not form.is_valid():
            page = self.render_page(request, "reports/export", "Export the report", form=form)
            page.status_code = 422 if is_sent else 200
            return page
        report = _report(form)
        days: dict[str, Any] = {"since": report.first.isoformat(), "until": report.last.isoformat()}
        by: Any = request.user
        audit_trail.record_entry(AuditEntry.Kind.EXPORTED, by=by, what="report", **days)
        from inquiries.reports import report as reports  # loaded by who reports

        name = f"report-{report.first}-to-{report.last}"
        return csv_response(name, reports.CSV_HEADER, reports.report_rows(report))


def _require_access(request: HttpRequest) -> None:
    if not request.user.has_perm(permissions.REPORT):
        raise PermissionDenied


def _report(form: ReportForm) -> "Report":
    from inquiries.reports import report as reports

    return reports.build_report(
        form.cleaned_data["since"], form.cleaned_data["until"], timezone.now()
    )


def _shown(report: "Report") -> dict[str, Any]:
    """The report, and how wide and high the bars of its charts are."""
    from inquiries.reports import charts

    periods = report.periods
    return {
        "report": report,
        "columns": charts.column_chart(
            [f"{period.first:%-d %b}" for period in periods],
            [period.received for period in periods],
            [period.answered for period in periods],
        ),
        "open_by_age": _bars(report.open_by_age),
        "outcomes": _bars(report.outcomes),
        "topics": _bars(report.topics),
        "articles": _bars(report.articles),
        "deadlines": [(kept, f"{kept.percent}%") for kept in report.deadlines],
        "waits": [
            (wait, *charts.bar_widths([wait.median or 0, wait.ninetieth or 0]))
            for wait in report.waits
        ],
    }


def _bars(cells: "list[Cell]") -> "list[tuple[Cell, str]]":
    from inquiries.reports import charts

    widths = charts.bar_widths([cell.count or 0 for cell in cells])
    return list(zip(cells, widths, strict=True))
