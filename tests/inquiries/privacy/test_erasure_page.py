"""Erasure on a request's page: confirmed, and only by the privacy officer."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.privacy.erasing import CANARIES, ERASABLE, erase, make_eventful

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"


def post_erasure(client: Client, inquiry: Inquiry, **fields: Any) -> Any:
    typed = {"version": inquiry.version, "reason": "asked", "sure": "on"} | fields
    return client.post(
        f"{QUEUE}{inquiry.pk}/erase/", {f"erase-{name}": value for name, value in typed.items()}
    )


def test_the_page_offers_erasure_only_to_the_privacy_officer(
    coordinator: User, lead: User, officer: User
) -> None:
    inquiry = make_inquiry()
    for user, is_offered in ((coordinator, False), (lead, False), (officer, True)):
        client = Client()
        client.force_login(user)
        page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
        assert (f"{inquiry.pk}/erase/" in page) is is_offered
        assert ('<details class="request-erase">' in page) is is_offered, "and closed at first"


def test_an_erasure_must_be_confirmed(client: Client, officer: User) -> None:
    inquiry = make_inquiry()
    client.force_login(officer)
    for fields in ({"sure": ""}, {"reason": ""}, {"reason": "retention"}, {"reason": "x"}):
        page = post_erasure(client, inquiry, **fields)
        assert page.status_code == 422
        assert '<details class="request-erase" open>' in page.text, "with what is missing"
    assert post_erasure(client, inquiry, version=9).status_code == 409
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW
    assert post_erasure(client, inquiry).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.state == State.ERASED


def test_a_coordinator_who_posts_the_form_directly_is_refused(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    page = post_erasure(client, inquiry)
    assert page.status_code == 409
    assert "Your role does not include this step: Erase." in page.text
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW


@pytest.mark.parametrize("state", ERASABLE)
def test_an_erased_request_still_has_its_page(
    client: Client, state: State, coordinator: User, officer: User
) -> None:
    inquiry = erase(make_eventful(state, coordinator), officer)
    client.force_login(officer)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/")
    assert page.status_code == 200
    assert "The content of this request was permanently erased on" in page.text
    assert "The patient asked us to erase it" in page.text
    assert ("Outcome when it was closed: Referred." in page.text) == (state == State.CLOSED)
    assert "request-steps" not in page.text, "nothing can be done"
    assert "What they sent at the time" not in page.text
    for canary in CANARIES:
        assert canary not in page.text


def test_erased_requests_appear_in_no_queue_view(client: Client, officer: User) -> None:
    reference = erase(make_inquiry(State.CLOSED), officer).reference
    client.force_login(officer)
    for view in ("open", "unclaimed", "mine", "closed"):
        assert reference not in client.get(f"{QUEUE}?view={view}").text
    found = client.post(f"{QUEUE}find/", {"q": reference}, follow=True)
    assert f'data-reference="{reference}"' in found.text
    row = BeautifulSoup(found.text, "html.parser").select_one(f"tr[data-reference='{reference}']")
    assert row
    assert "Erased" in row.text
