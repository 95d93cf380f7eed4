"""CSV exports that are safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Spreadsheets treat a cell that begins with one of these as a formula (OWASP, CSV injection). The
# last four are the full-width forms of = + - @ used with Chinese and Japanese text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_response(
    name: str, header: "Sequence[StrOrPromise]", rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """Stream a CSV file. `name` has no extension; cells hold codes and times, no patient's text."""

    def lines() -> Iterator[str]:
        for row in chain([header], rows):
            buffer = StringIO()
            csv.writer(buffer).writerow([_escape_formula(str(cell)) for cell in row])
            yield buffer.getvalue()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _escape_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
