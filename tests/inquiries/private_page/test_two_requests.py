"""Two requests in one browser: an action meant for one is never applied to the other."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries import privacy, private_links, submission_history
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.models import Inquiry
from inquiries.states import SpamSignal, State
from inquiries.triage import steps as triage
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import (
    DETAIL,
    PRIVATE,
    STEPS,
    WORDS,
    Browser,
    address,
    kinds,
    latest,
    opens,
    prove,
    reply,
    with_link_of,
    words_of,
)

pytestmark = pytest.mark.django_db

erase = privacy.erase_inquiry


@pytest.fixture
def mothers() -> Inquiry:
    return make_inquiry(phone="202-555-0177", phone_e164="+12025550177")


def other_tab(ana: Client, mothers: Inquiry, *, is_proven: bool) -> dict[str, str]:
    """Open the mother's request, and return the hidden field of the sender's own open page."""
    page = BeautifulSoup(ana.get(PRIVATE).text, "html.parser")
    ana.get(address(private_links.create_link(mothers)))
    if is_proven:
        prove(ana, "0177")
        assert opens(ana)
    return {"of": str(page.select_one('[name="of"]')["value"])}  # type: ignore[index]


@pytest.mark.parametrize("is_proven", [True, False])
@pytest.mark.parametrize("step", [*STEPS, "prove"])
def test_a_step_for_one_request_is_not_applied_to_the_one_opened_last(
    ana: Client, inquiry: Inquiry, mothers: Inquiry, step: str, is_proven: bool
) -> None:
    of_theirs = other_tab(ana, mothers, is_proven=is_proven)
    before = [kinds(inquiry), kinds(mothers)]
    fields = STEPS.get(step, {"detail": "0177", "text": WORDS})
    answer = ana.post(address(step), fields | of_theirs)
    assert answer.status_code == 422
    assert "Another request is open in this browser" in words_of(answer)
    assert "open its private link again" in words_of(answer)
    for words in (fields.get("text", ""), fields.get("email", "")):
        assert words in answer.text
    assert [kinds(inquiry), kinds(mothers)] == before
    assert opens(ana) is is_proven
    for refused in ({}, {"of": ""}, {"of": "\u00e9:x"}):
        assert Client.post(ana, address(step), fields | refused).status_code == 422
    assert [kinds(inquiry), kinds(mothers)] == before


def test_a_page_leads_to_no_steps_on_another_request(ana: Client, mothers: Inquiry) -> None:
    page = BeautifulSoup(ana.get(PRIVATE).text, "html.parser")
    other_tab(ana, mothers, is_proven=True)
    steps = {str(link["href"]) for link in page.select("main a") if "of=" in str(link["href"])}
    assert len(steps) == 7
    for step in steps:
        answer = ana.get(step)
        assert "Another request is open" in words_of(answer), step


def test_every_form_says_which_request_it_is_for(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    reply(inquiry, coordinator, "Here is the answer.")
    pages = [ana.get(address(step)) for step in ("", "reach", "withdraw", "erase", "link")]
    pages += [ana.get(address("revoke")), with_link_of(inquiry).get(PRIVATE)]
    forms = [
        form
        for page in pages
        for form in BeautifulSoup(page.text, "html.parser").select('main form[method="post"]')
    ]
    assert len(forms) == 8
    (mark,) = {str(form.select_one('[name="of"]')["value"]) for form in forms}  # type: ignore[index]
    assert mark
    assert str(inquiry.pk) not in mark


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("step", ["leave", "revoke", "erase"])
def test_people_who_left_cannot_get_back_in_through_the_confirmation(
    ana: Client, token: str, step: str, secure: bool
) -> None:
    if secure:
        ana = Browser()
        ana.get(address(token), secure=True)
        ana.post(address("prove"), {"detail": DETAIL}, secure=True)
    ask = ana.get if step == "leave" else ana.post
    answer = ask(address(step), STEPS.get(step), secure=secure)
    cookie = answer.cookies["__Host-sent" if secure else "sent"]
    assert (cookie.value, cookie["max-age"]) == ("", 0)
    assert cookie["path"] == "/"


def test_only_staff_see_that_we_suspected_a_bot(client: Client, coordinator: User) -> None:
    submission = submission_history.current_submission(make_inquiry())
    signs = {SpamSignal.TRAP, SpamSignal.FLOOD}
    inquiry = reception.receive_inquiry(
        submission, Arrival(key="one-form-on-one-screen", signals=signs)
    )
    assert inquiry.state == State.QUARANTINED
    client.get(address(private_links.create_link(inquiry)))
    prove(client)
    copy = client.get(address("download")).json()
    assert copy["state"] == "Waiting for a Care Coordinator"
    assert copy["what_happened"][0]["details"] == {"channel": "web"}
    triage.clear_from_quarantine(latest(inquiry), version=latest(inquiry).version, by=coordinator)
    for step in ("", "download"):
        shown = client.get(address(step)).text.lower()
        for hidden in ("quarantin", "suspicion", SpamSignal.TRAP, "flood", "cleared"):
            assert hidden not in shown, (step, hidden)
