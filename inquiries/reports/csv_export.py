"""Tables to take away, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from django.http import StreamingHttpResponse

# A cell that begins with one of these is taken for a formula (OWASP, CSV injection); the last four
# are = + - @ as wide as a Chinese or Japanese letter.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_response(
    name: str, header: list[str], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """`name` without ending; codes and times, never what a patient wrote."""

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
