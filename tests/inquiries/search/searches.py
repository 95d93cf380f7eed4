"""A search, and what it finds."""

from typing import Any

from bs4 import BeautifulSoup

from inquiries.models import Inquiry
from inquiries.search import lookup

QUEUE = "/admin/inquiries/inquiry/"
FIND = f"{QUEUE}find/"


def found(typed: str) -> list[Inquiry]:
    return lookup.find_inquiries(typed)[1]


def read_as(typed: str) -> str:
    return lookup.find_inquiries(typed)[0]


def references(response: Any) -> list[str]:
    page = BeautifulSoup(response.text, "html.parser")
    return [str(row["data-reference"]) for row in page.select("tr[data-reference]")]
