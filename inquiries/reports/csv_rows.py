"""A report as a file: the numbers on the page, with the same ones hidden."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inquiries.reports import words

if TYPE_CHECKING:
    from inquiries.reports.report import Report

CSV_HEADER = words.CSV_HEADER


def report_rows(report: "Report") -> Iterator[list[object]]:
    """Yield rows for CSV_HEADER."""
    yield from _ranges_and_totals(report)
    for period in report.periods:
        days = {"first": period.first, "last": period.last}
        name = words.DAYS % days if report.by_week else str(period.first)
        yield [words.BY_DAY, name, words.RECEIVED, period.received]
        yield [words.BY_DAY, name, words.TRIED, period.tried]
        yield [words.BY_DAY, name, words.REACHED, period.reached]
    for cell in report.open_by_age:
        yield [words.OPEN_NOW, cell.label, words.REQUESTS, cell.text]
    for wait in report.waits:
        yield [words.WORKING_HOURS, wait.label, words.ENDED, wait.count]
        yield [words.WORKING_HOURS, wait.label, words.MEDIAN, wait.median_hours]
        yield [words.WORKING_HOURS, wait.label, words.NINETIETH, wait.ninetieth_hours]
        yield [words.WORKING_HOURS, wait.label, words.MEDIAN_BEFORE, wait.hours_before]
    for kept in report.deadlines:
        yield [words.DEADLINES, kept.label, words.MET, kept.met]
        yield [words.DEADLINES, kept.label, words.ENDED, kept.of]
        yield [words.DEADLINES, kept.label, words.OVERDUE, kept.late]
    for load in report.colleagues:
        yield [words.COLLEAGUES, load.name, words.CLOSED, load.closed]
        yield [words.COLLEAGUES, load.name, words.CLOSED_BEFORE, load.closed_before]
        yield [words.COLLEAGUES, load.name, words.OPEN, load.open_now]
    for said in report.helped:
        yield [words.HELP, said.label, words.REQUESTS, said.text]
    yield from _compared(report)


def _ranges_and_totals(report: "Report") -> Iterator[list[object]]:
    for name, first, last, totals in (
        (words.RANGE, report.first, report.last, report.totals),
        (words.BEFORE, report.first_before, report.last_before, report.totals_before),
    ):
        table = words.TOTAL if name == words.RANGE else words.BEFORE
        yield [name, words.FIRST_DAY, "", first]
        yield [name, words.LAST_DAY, "", last]
        yield [table, "", words.RECEIVED, totals.received]
        yield [table, "", words.TRIED, totals.tried]
        yield [table, "", words.REACHED, totals.reached]
        yield [table, "", words.CLOSED, totals.closed]


def _compared(report: "Report") -> Iterator[list[object]]:
    for table, cells in (
        (words.OUTCOMES, report.outcomes),
        (words.WAYS, report.ways),
        (words.LANGUAGES, report.languages),
        (words.TOPICS, report.topics),
        (words.HOURS, report.hours),
        (words.ARTICLES, report.articles),
    ):
        for cell in cells:
            yield [table, cell.label, words.REQUESTS, cell.text]
            yield [table, cell.label, words.REQUESTS_BEFORE, cell.text_before]
