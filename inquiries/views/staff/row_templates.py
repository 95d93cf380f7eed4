"""Rows of the queue and what is around them, drawn from templates that are rendered once."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles import row_patterns
from inquiries.triage.queue import QueueView

_ROW_OF_QUEUE = "admin/inquiries/queue/_row.html"


def draw_rows(rows: Iterable[Mapping[str, Any]], template: str = _ROW_OF_QUEUE) -> SafeString:
    return row_patterns.draw_rows(rows, template)


def draw_fields(fields: Iterable[tuple[str, Any, list[tuple[str, Any, bool]]]]) -> SafeString:
    """Draw the fields of the filters: name, label, and options. They differ from page to page, but
    hardly between two pages.
    """
    said = tuple(
        (name, str(label), tuple((value, str(text), is_chosen) for value, text, is_chosen in each))
        for name, label, each in fields
    )
    return _draw_fields(said, get_language() or "")


def draw_tabs(tabs: Iterable[tuple[QueueView, str]], view: QueueView | None) -> SafeString:
    """Draw the views with their counts, which are often the same as before."""
    return _draw_tabs(tuple(tabs), view, get_language() or "")


@lru_cache(maxsize=256)
def _draw_tabs(
    tabs: tuple[tuple[QueueView, str], ...], view: QueueView | None, _language: str
) -> SafeString:
    shown = {"views": tabs, "view": view}
    return render_to_string("admin/inquiries/queue/_views.html", shown)


@lru_cache(maxsize=64)
def _draw_fields(fields: tuple[Any, ...], _language: str) -> SafeString:
    return render_to_string("admin/inquiries/queue/_fields.html", {"fields": fields})
