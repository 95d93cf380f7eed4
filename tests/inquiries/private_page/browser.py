"""What senders do in their browser, and what they see."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import time_machine
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from inquiries import private_links
from inquiries.models import Inquiry
from inquiries.states import State
from inquiries.triage import steps
from inquiries.views.private_page import visits
from portal.models import User

PRIVATE = "/care-coordinator/request/"
DETAIL = "0100"
WORDS = "I waited all day, and nobody called."
NOON = "2026-11-23T12:00:05Z"
#: Each step that changes something, with the data of a valid form.
STEPS: dict[str, dict[str, Any]] = {
    "write": {"text": WORDS},
    "answered": {"answered": "no"},
    "helped": {"helped": "yes"},
    "reach": {
        "contact_method": "email",
        "email": "new@example.org",
        "voicemail": "none",
        "language": "es",
    },
    "withdraw": {},
    "erase": {"sure": "on"},
    "link": {},
    "revoke": {},
}


class Browser(Client):
    """A client that also sends the hidden field naming the request that a form belongs to."""

    def post(self, path: str, data: Any = None, *args: Any, **more: Any) -> Any:  # type: ignore[override]
        return super().post(path, self.hidden() | (data or {}), *args, **more)

    def hidden(self) -> dict[str, str]:
        held = self.cookies.get("request") or self.cookies.get("__Host-request")
        request = RequestFactory().get("/")
        request.COOKIES["request"] = held.value if held else ""
        return {"of": visits.page_token(request)}


def prove(client: Client, detail: str = DETAIL, **more: Any) -> Any:
    return client.post(address("prove"), {"detail": detail}, **more)


def with_link_of(inquiry: Inquiry, **client: Any) -> Client:
    """Return a new browser that has opened the link and is asked for a detail."""
    visitor = Browser(**client)
    visitor.get(address(private_links.create_link(inquiry)))
    return visitor


def address(step: str) -> str:
    return f"{PRIVATE}{step}/" if step else PRIVATE


def opens(client: Client) -> bool:
    return "data-reference" in client.get(PRIVATE).text


def words_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").get_text(" ").split())


def typed_into(response: Any, name: str) -> str:
    page = BeautifulSoup(response.text, "html.parser")
    return page.select_one(f'textarea[name="{name}"]').get_text().removeprefix("\n")  # type: ignore[union-attr]


def kinds(inquiry: Inquiry) -> list[str]:
    return [event.kind for event in inquiry.events.order_by("number")]


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(**by), tick=False):
        yield


def latest(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def reply(inquiry: Inquiry, by: User, text: str) -> None:
    inquiry = latest(inquiry)
    if inquiry.state == State.NEW:
        inquiry = steps.claim(inquiry, version=inquiry.version, by=by)
    steps.reply(inquiry, text=text, version=inquiry.version, by=by)


def let_in(client: Client, rf: Any, inquiry: Inquiry, **more: Any) -> None:
    response = HttpResponse()
    visits.start_proven_visit(rf.get("/"), response, inquiry, **more)
    client.cookies.update(response.cookies)


def refuse(*args: Any) -> Any:
    raise OperationalError("the server closed the connection")
