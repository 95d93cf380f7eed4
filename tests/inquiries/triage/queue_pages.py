"""The queue and its steps, as a coordinator uses them."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from inquiries.models import Inquiry

QUEUE = "/admin/inquiries/inquiry/"


def references(client: Client, query: str = "") -> list[str]:
    page = BeautifulSoup(client.get(f"{QUEUE}{query}").text, "html.parser")
    return [str(row["data-reference"]) for row in page.select("tr[data-reference]")]


def kinds(inquiry: Inquiry) -> list[str]:
    """Return the kinds of a request's events, except readings."""
    return [event.kind for event in inquiry.events.all() if event.kind != "read"]


def step(client: Client, inquiry: Inquiry, name: str, **fields: Any) -> Any:
    """Send a step's form as the page would."""
    version = fields.pop("version", inquiry.version)
    typed = {f"{name}-{field}": value for field, value in fields.items()}
    return client.post(f"{QUEUE}{inquiry.pk}/{name}/", {f"{name}-version": version, **typed})
