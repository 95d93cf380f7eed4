"""Patient 3: the download is a page in plain words, to read and print."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from inquiries.models import Event, Inquiry
from inquiries.private_page import correspondence
from inquiries.states import NEXT, State, Step
from inquiries.submission import COLUMNS
from inquiries.views.private_page import data_copy, history
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission
from tests.inquiries.private_page.browser import address, prove, with_link_of
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db


def worked_on(lead: User) -> Inquiry:
    """A request with everything that can happen to one."""
    inquiry = make_inquiry(
        contact_method="email",
        email="ana@example.org",
        best_time="morning,evening",
        never_contact="Never at work.",
        message="May I talk?\nAbout <b>tests</b>.",
    )
    correct(inquiry, make_submission(phone="202-555-0100", message="Second words."))
    inquiry = correspondence.write_message(Inquiry.objects.get(), text="Please hurry.")
    for step in (Step.CLAIM, Step.ATTEMPT, Step.CONNECT, Step.NOTE, Step.GRADE, Step.HANDOVER):
        inquiry = take(step, inquiry, lead)
    for step in (Step.WAIT, Step.WAKE, Step.CLOSE):
        inquiry = take(step, inquiry, lead)
    return inquiry


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]


def test_patient_3_the_page_contains_everything_in_the_file(lead: User) -> None:
    ana = with_link_of(worked_on(lead))
    prove(ana)
    data = ana.get(address("download")).json()
    answer = ana.get(address("copy"))
    page = BeautifulSoup(answer.text, "html.parser")
    words = " ".join(page.get_text(" ").split())
    said = [data["you_sent"], *data["you_changed"]]
    for sent in said:
        for name in ("full_name", "phone", "phone_e164", "email", "never_contact"):
            assert sent[name] in words
        for line in sent["message"].splitlines():
            assert line in words
    for each in data["messages"]:
        assert each["text"].splitlines()[0] in words
    names = len(COLUMNS) + len({"phone_numbers"})
    asked = len([name for name in data if name not in data_copy.GROUPS])
    assert len(page.select("dl > div")) == asked + names * len(said)
    assert len(page.select(".history > li")) == len(data["what_happened"])
    assert len(data["private_links"]) == words.count("It works until")
    assert len(page.select("section")[-1].select("li")) == len(data["emails_to_you"])
    assert "Morning, Evening" in words, "in words, and not in codes of ours"
    assert "contact_method" not in words
    assert "Call after five." not in words, "a colleague's note, as in the file"


def test_the_consent_keeps_the_wording_and_language_they_agreed_to(
    lead: User,
) -> None:
    ana = with_link_of(worked_on(lead))
    prove(ana)
    page = BeautifulSoup(ana.get(f"/es{address('copy')}").text, "html.parser")
    [agreed_to] = page.select('dd span[lang="en"]')
    assert agreed_to.get_text().startswith("I agree that the clinic")
    assert not BeautifulSoup(ana.get(address("copy")).text, "html.parser").select("dd span[lang]")


def test_patient_3_the_copy_is_not_cached_and_requires_the_detail(lead: User) -> None:
    ana = with_link_of(worked_on(lead))
    closed = ana.get(address("copy"))
    assert "Second words." not in closed.text
    assert "Open your private page" in closed.text
    prove(ana)
    answer = ana.get(address("copy"))
    assert "Second words." in answer.text
    assert answer["Cache-Control"] == "private, no-store"
    assert 'href="/care-coordinator/request/copy/' in ana.get(address("")).text


def test_every_possible_event_has_wording_for_the_sender() -> None:
    assert set(history.ALL_SENTENCES) == set(Event.Kind) - {Event.Kind.CLEARED, Event.Kind.BOUND}
    assert {step.effect.writes for steps in NEXT.values() for step in steps} <= set(
        history.ALL_SENTENCES
    ) | {Event.Kind.CLEARED}


@pytest.mark.parametrize("state", [State.NEW, State.WAITING, State.CLOSED])
def test_every_field_in_the_file_has_a_name(state: State) -> None:
    data_copy.build_copy(make_inquiry(state))
