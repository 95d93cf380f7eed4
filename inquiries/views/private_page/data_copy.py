"""Everything we hold about one request, in plain words: the download, to read and print."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from articles.languages import unlike_page
from inquiries.intake import consent
from inquiries.models import BestTime, Inquiry
from inquiries.views.private_page import words
from inquiries.views.private_page.data_export import export_inquiry

Row = tuple[str, Any]

GROUPS = ("you_sent", "you_changed", "messages", "what_happened", "private_links", "emails_to_you")


@dataclass(frozen=True)
class DataCopy:
    """The download, as sections of a page."""

    request: list[Row]
    sent: list[Row]
    changes: list[tuple[datetime, list[Row]]]
    messages: list[dict[str, Any]]
    happened: list[dict[str, Any]]
    links: list[dict[str, Any]]
    mails: list[dict[str, Any]]


def build_copy(inquiry: Inquiry) -> DataCopy:
    """Build it from the download itself, so that both say exactly the same."""
    data = export_inquiry(inquiry)
    if language := unlike_page(consent.language_of(inquiry.consent_version)):
        agreed_to = data["you_agreed_to"]
        data["you_agreed_to"] = format_html('<span lang="{}">{}</span>', language, agreed_to)
    return DataCopy(
        request=_rows({name: data[name] for name in data if name not in GROUPS}),
        sent=_rows(data["you_sent"]),
        changes=[
            (each["at"], _rows({name: each[name] for name in each if name != "at"}))
            for each in data["you_changed"]
        ],
        messages=data["messages"],
        happened=data["what_happened"],
        links=data["private_links"],
        mails=data["emails_to_you"],
    )


def _rows(values: dict[str, Any]) -> list[Row]:
    return [(str(words.COPY_NAMES[name]), _in_words(name, value)) for name, value in values.items()]


def _in_words(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return str(words.YES if value else words.NO)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, list):
        return ", ".join(value)
    if name == "best_time":
        return ", ".join(str(BestTime(each).label) for each in value.split(",") if each)
    column = next((each for each in Inquiry._meta.fields if each.name == name), None)
    choices = dict(column.flatchoices) if column else {}
    # No str(): the label may be marked up as another language.
    return str(choices[value]) if value in choices else value
