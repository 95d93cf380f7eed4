"""Reports for leads: a page, and the same numbers to download. No request is opened here."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format

from articles import capped_counts
from articles.staff_pages import current_user
from inquiries.forms import ReportForm
from inquiries.ledger import audit_trail
from inquiries.mail import brake
from inquiries.models import AuditEntry
from inquiries.reports.csv_export import csv_response
from inquiries.team import permissions
from inquiries.views.staff import words
from inquiries.views.staff.layout import render_page, staff_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inquiries.reports.counting import Load
    from inquiries.reports.report import Report
    from inquiries.reports.statistics import Cell


@staff_page(permissions.REPORT)
def show_report(request: HttpRequest) -> HttpResponse:
    form = ReportForm.from_query(request.GET)
    from inquiries.reports.ranges import list_presets  # imported only when needed

    shown = _charts(_build_report(form)) if form.is_valid() else {}
    presets = list_presets(timezone.localdate())
    return render_page(request, "reports/page", words.REPORTS, form=form, presets=presets, **shown)


@staff_page(permissions.LEAD_TRIAGE)
def show_bursts(request: HttpRequest) -> HttpResponse:
    from inquiries.reports import bursts  # imported only when a lead needs it

    braked = brake.waiting_confirmations()
    return render_page(
        request,
        "reports/bursts",
        words.BURSTS,
        bursts=bursts.list_bursts(),
        crowd=bursts.count_crowd(),
        braked=capped_counts.count_rows({"braked": braked})["braked"],
        next_at=braked.aggregate(at=Min("due_at"))["at"],
        most_per_hour=settings.CONFIRMATIONS_PER_HOUR,
    )


@staff_page(permissions.REPORT)
def export_report(request: HttpRequest) -> HttpResponseBase:
    """Show a page to confirm, then send the file. Needs a recent sign-in (portal.accounts)."""
    is_sent = request.method == "POST"
    form = ReportForm(request.POST) if is_sent else ReportForm.from_query(request.GET)
    if not is_sent or not form.is_valid():
        status = 422 if is_sent else 200
        return render_page(request, "reports/export", words.EXPORT_REPORT, form=form, status=status)
    report = _build_report(form)
    days: dict[str, Any] = {"since": report.first.isoformat(), "until": report.last.isoformat()}
    audit_trail.record_entry(
        AuditEntry.Kind.EXPORTED, by=current_user(request), what="report", **days
    )
    from inquiries.reports import csv_rows  # imported only when needed

    name = f"report-{report.first}-to-{report.last}"
    return csv_response(name, csv_rows.CSV_HEADER, csv_rows.report_rows(report))


def _build_report(form: ReportForm) -> "Report":
    from inquiries.reports import report as reports

    return reports.build_report(
        form.cleaned_data["since"], form.cleaned_data["until"], timezone.now()
    )


def _charts(report: "Report") -> dict[str, Any]:
    """Return the report, and the sizes of the bars in its charts."""
    from inquiries.reports import charts

    periods = report.periods
    return {
        "report": report,
        "columns": charts.column_chart(
            [date_format(period.first, "MONTH_DAY_FORMAT") for period in periods],
            [period.received for period in periods],
            [period.tried for period in periods],
        ),
        "open_by_age": _bars(report.open_by_age),
        "compared": {
            name: _bars(getattr(report, name))
            for name in ("outcomes", "ways", "languages", "topics", "hours", "articles")
        },
        "helped": _bars(report.helped),
        "colleagues": _bars_of_load(report.colleagues),
        "deadlines": [(kept, f"{kept.percent}%") for kept in report.deadlines],
        "waits": [
            (wait, *charts.bar_widths([wait.median or 0, wait.ninetieth or 0]))
            for wait in report.waits
        ],
    }


def _bars(cells: "Sequence[Cell]") -> "list[tuple[Cell, str]]":
    from inquiries.reports import charts

    widths = charts.bar_widths([cell.count or 0 for cell in cells])
    return list(zip(cells, widths, strict=True))


def _bars_of_load(loads: "list[Load]") -> "list[tuple[Load, str]]":
    from inquiries.reports import charts

    widths = charts.bar_widths([load.closed for load in loads])
    return list(zip(loads, widths, strict=True))
