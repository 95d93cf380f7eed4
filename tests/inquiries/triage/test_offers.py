"""Nothing is offered that would be refused: each form of each page is sent as it is offered."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.test import Client
from django.utils import timezone

from inquiries import private_links
from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.triage.queue_pages import QUEUE

pytestmark = pytest.mark.django_db

WHO = ["owner", "coordinator", "lead", "privacy"]
#: What is typed where a form has no choices.
TYPED = {
    "text": "They called back.",
    "why_text": "A relative has the papers.",
    "sure": "on",
    "day": f"{timezone.localdate() + timedelta(days=3)}",
}


def make_case(state: State, who: str, **fields: Any) -> tuple[Inquiry, User]:
    """Make a request in this state, by phone and email, and the person who looks at it."""
    owner = make_staff(Role.COORDINATOR)
    sent = {"email": "ana@example.org", "voicemail": "callback_only", **fields}
    inquiry = make_inquiry(state, owner=owner, **sent)
    if state not in {State.QUARANTINED, State.ERASED}:
        private_links.create_link(inquiry)
    return inquiry, owner if who == "owner" else make_staff(Role(who))


def forms_of(client: Client, inquiry: Inquiry) -> list[Tag]:
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    assert not page.select("button[form]:not([form^='do-'])")
    for each in page.select("button[form]"):
        assert page.select_one(f"form#{each['form']}"), "each button of the bar sends a form"
    for link in page.select(".request-bar a"):
        assert page.select_one(str(link["href"])), "each link of the bar leads somewhere"
    return page.select(".request form")


def variants(form: Tag) -> list[dict[str, str]]:
    """Fill in a form: once for each of its choices, so that every choice is sent at least once."""
    always: dict[str, str] = {}
    asked: dict[str, list[str]] = {}
    for field in form.select("[name]:not([type=submit])"):
        name = str(field["name"])
        short = name.partition("-")[2]
        if field.get("type") == "radio":
            asked.setdefault(name, []).append(str(field["value"]))
        elif field.name == "select":
            asked[name] = [str(each["value"]) for each in field.select("option") if each["value"]]
        elif field.get("type") == "hidden":
            always[name] = str(field.get("value", ""))
        elif short in TYPED:
            always[name] = TYPED[short]
    most = max([len(values) for values in asked.values()], default=1)
    return [
        always | {name: values[min(n, len(values) - 1)] for name, values in asked.items() if values}
        for n in range(most)
    ]


def makes_sense(typed: dict[str, str]) -> bool:
    """Whether a person would choose these together; otherwise the form says what is wrong."""
    has_spoken = typed.get("call-reached") == "spoke"
    return not (has_spoken and typed.get("call-then") in {"again", "close-unreachable"})


@pytest.mark.parametrize("state", [state for state in State if state != State.ERASED])
@pytest.mark.parametrize("who", WHO)
def test_every_form_that_is_offered_is_accepted(state: State, who: str, client: Client) -> None:
    make_staff(Role.COORDINATOR)  # a colleague to hand over to
    earlier = make_inquiry()
    inquiry, by = make_case(state, who)
    client.force_login(by)
    forms = forms_of(client, inquiry)
    assert forms
    for form in forms:
        for typed in variants(form):
            if not makes_sense(typed):
                continue
            if "link_duplicate-version" in typed:
                typed["link_duplicate-reference"] = earlier.reference
            before = transaction.savepoint()
            answer = client.post(str(form["action"]), typed)
            assert answer.status_code == 302, (typed, why(answer.text))
            transaction.savepoint_rollback(before)


def why(page: str) -> str:
    return " ".join(
        each.get_text(" ") for each in BeautifulSoup(page, "html.parser").select(".errornote")
    )


def test_an_erased_request_offers_nothing(client: Client, privacy: User) -> None:
    inquiry, _ = make_case(State.ERASED, "privacy")
    client.force_login(privacy)
    assert forms_of(client, inquiry) == []
