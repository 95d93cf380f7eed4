"""The audit trail's pages, and what they show."""

import csv
from io import StringIO
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from inquiries.models import Inquiry
from portal.models import User

AUDIT = "/admin/inquiries/auditentry/"
EXPORT = f"{AUDIT}export/"
READING = f"{AUDIT}reading/"
QUEUE = "/admin/inquiries/inquiry/"


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def rows(response: Any) -> list[list[str]]:
    """Return the text of a table, by row and cell."""
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in soup(response).select("tbody tr")
    ]


def access_page(account: User) -> str:
    return f"{READING}{account.pk}/"


def page_of(inquiry: Inquiry) -> str:
    return f"{QUEUE}{inquiry.pk}/change/"


def shown(client: Client, query: str = "") -> list[str]:
    """Return the details of each row, by which a test recognizes its own."""
    return [row[4] for row in rows(client.get(f"{AUDIT}{query}"))]


def follow(client: Client, address: str, column: int, query: str = "?") -> list[str]:
    """Collect one column of all pages, following the links between them."""
    seen: list[str] = []
    while query:
        page = client.get(f"{address}{query}")
        seen += [row[column] for row in rows(page)]
        following = soup(page).select_one('a[rel="next"]')
        query = str(following["href"]) if following else ""
    return seen


def table(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    written = b"".join(response.streaming_content).decode()
    return list(csv.reader(StringIO(written, newline="")))
