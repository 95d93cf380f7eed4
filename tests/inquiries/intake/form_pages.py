"""The form's pages, and what is typed there."""

from typing import Any

from bs4 import BeautifulSoup

ASK = "/care-coordinator/ask/"
SENT = "/care-coordinator/sent/"


def filled(**fields: Any) -> dict[str, Any]:
    """Return the smallest valid form."""
    return {
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        "idempotency_key": "one-form-on-one-screen",
        **fields,
    }


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def value_of(page: BeautifulSoup, name: str) -> str:
    """Return the value of a field on the page."""
    fields = page.select(f'[name="{name}"]')
    assert fields, name
    if fields[0].name == "textarea":
        return fields[0].get_text().removeprefix("\n")
    if fields[0].name == "select":
        chosen = fields[0].select("option[selected]")
        return str(chosen[0]["value"]) if chosen else ""
    if fields[0].get("type") in {"radio", "checkbox"}:
        return ",".join(
            str(field.get("value", "on")) for field in fields if field.has_attr("checked")
        )
    return str(fields[0].get("value", ""))
