"""The page of one request, and the steps taken there."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.ledger.verification import verify_ledger
from inquiries.models import Inquiry, Note
from inquiries.states import State
from portal.models import User
from tests.factories import FIRST, again, make_article, make_inquiry
from tests.inquiries.triage.queue_pages import QUEUE, kinds, step

pytestmark = pytest.mark.django_db


def test_the_request_page_shows_what_is_needed_for_a_call(at_work: Client) -> None:
    article = make_article(title="Kidney tests")
    inquiry = make_inquiry(
        article=article,
        relation="someone_else",
        patient_name="Ben Example",
        voicemail="callback_only",
        best_time="morning,evening",
        time_zone="America/Chicago",
        language="es",
        interpreter=True,
        message="<b>Please</b> call.\nThank you.",
    )
    words = at_work.get(f"{QUEUE}{inquiry.pk}/change/").text
    for shown in (
        *("Ana Example", "Ben Example", "(202) 555-0100", "tel:+12025550100", "Kidney tests"),
        *("Leave only a name and a number", "Morning, Evening", "America/Chicago", "Spanish"),
        *("with an interpreter", "&lt;b&gt;Please&lt;/b&gt; call.", "2026-11"),
    ):
        assert shown in words


def test_claim_note_close_and_reopen_on_the_page(at_work: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    for name, fields in (
        ("claim", {}),
        ("note", {"text": "Left a message at noon."}),
        ("close", {"outcome": "answered"}),
        ("reopen", {}),
        ("claim", {}),
        ("release", {}),
    ):
        inquiry.refresh_from_db()
        page = at_work.get(f"{QUEUE}{inquiry.pk}/change/")
        assert f"{QUEUE}{inquiry.pk}/{name}/" in page.text, "the page offers the step"
        assert step(at_work, inquiry, name, **fields).status_code == 302
    page = at_work.get(f"{QUEUE}{inquiry.pk}/change/")
    assert "Left a message at noon." in page.text
    timeline = BeautifulSoup(page.text, "html.parser").select_one(".timeline")
    assert timeline
    assert timeline.get_text().count(f"by {coordinator}") == 6
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.owner) == (State.NEW, None)


def test_a_stale_page_changes_nothing_and_keeps_the_typed_text(at_work: Client, lead: User) -> None:
    inquiry = make_inquiry()
    step(at_work, inquiry, "claim")
    other = Client()
    other.force_login(lead)
    response = step(other, inquiry, "release", text="Typed for ten minutes.")
    assert response.status_code == 409
    assert "changed after you opened it: Claimed by" in response.text
    assert "Typed for ten minutes." in response.text
    page = BeautifulSoup(response.text, "html.parser")
    version = page.select_one('[name="release-version"]')
    assert version
    assert version["value"] == "2", "from here it can be sent again, knowingly"
    again = step(other, inquiry, "release", text="Typed for ten minutes.", version=2)
    assert again.status_code == 302


def test_a_note_is_taken_whatever_others_did_meanwhile_but_only_once(
    at_work: Client, lead: User
) -> None:
    inquiry = make_inquiry()
    address = f"{QUEUE}{inquiry.pk}/note/"
    opened = BeautifulSoup(at_work.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    assert not opened.select('[name="note-version"]')
    other = Client()
    other.force_login(lead)
    for client, text in ((other, "Theirs."), (at_work, "Mine."), (at_work, "Mine.")):
        assert client.post(address, {"note-text": text}).status_code == 302
    assert [each.text for each in Note.objects.order_by("pk")] == ["Theirs.", "Mine."]
    assert verify_ledger().faults == []


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("note", {"text": ""}),
        ("note", {"text": "x" * 5001}),
        ("close", {"outcome": ""}),
        ("close", {"outcome": "lost"}),
    ],
)
def test_an_incorrectly_filled_in_step_changes_nothing(
    at_work: Client, coordinator: User, name: str, fields: dict[str, str]
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    response = step(at_work, inquiry, name, **fields)
    assert response.status_code == 422
    assert "errorlist" in response.text
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.version) == (State.CLAIMED, 2)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_broken_page_changes_nothing_and_keeps_the_typed_text(
    at_work: Client, coordinator: User, version: str
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    response = step(at_work, inquiry, "release", text="Typed with care.", version=version)
    assert response.status_code == 409
    assert "did not load completely" in response.text
    assert "Typed with care." in response.text
    assert kinds(inquiry) == ["received", "claimed"]


def test_corrections_come_first_and_earlier_versions_are_in_the_timeline(
    at_work: Client,
) -> None:
    key = "one-form-on-one-screen"
    make_inquiry(key=key, sender=FIRST, message="First words.")
    make_inquiry(key=key, sender=again(), message="Second words.", contact_method="text")
    inquiry = make_inquiry(
        key=key,
        sender=again(),
        message="Third words.",
        contact_method="email",
        phone="",
        phone_e164="",
        email="ana@example.org",
        topic_name="Lupus",
    )
    page = BeautifulSoup(at_work.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    now, before = page.select_one(".request-what"), page.select_one(".timeline")
    assert now
    assert before
    assert "the sender changed these details" in page.get_text()
    assert "Third words." in now.get_text()
    assert "ana@example.org" in now.get_text()
    assert "Lupus" in now.get_text()
    assert "(202) 555-0100" not in now.get_text(), "nobody calls the number they took back"
    for earlier in ("First words.", "Second words.", "Text message", "(202) 555-0100"):
        assert earlier in before.get_text()
    assert "Third words." not in before.get_text()
    assert "changed by the sender" in at_work.get(QUEUE).text


def test_the_patients_name_is_shown_whatever_was_preselected(at_work: Client) -> None:
    inquiry = make_inquiry(relation="self", patient_name="Ben Example")
    assert "Ben Example" in at_work.get(f"{QUEUE}{inquiry.pk}/change/").text


@time_machine.travel("2026-11-23T15:00:00Z", tick=False)
def test_the_senders_local_time_is_shown_and_not_the_clinics(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(time_zone="America/Los_Angeles")
    assert (
        "It is 7 a.m. there (America/Los_Angeles)"
        in client.get(f"{QUEUE}{inquiry.pk}/change/").text
    )


def test_a_note_sent_after_the_session_ended_can_be_copied_from_the_response(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    response = step(client, inquiry, "note", text="Typed for ten minutes.")
    assert response.status_code == 401
    assert "You’re signed out" in response.text
    assert "Typed for ten minutes." in response.text
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator)
    response = step(strict, inquiry, "note", text="Typed for ten minutes.")
    assert response.status_code == 403
    assert "Typed for ten minutes." in response.text
    assert kinds(inquiry) == ["received"]


@pytest.mark.parametrize("path", ["no-such-step/", "delete/", "history/"])
def test_other_actions_do_not_exist(at_work: Client, path: str) -> None:
    inquiry = make_inquiry()
    assert at_work.post(f"{QUEUE}{inquiry.pk}/{path}").status_code == 404
    assert Inquiry.objects.exists()


def test_the_url_of_a_refused_step_leads_back_to_the_page(at_work: Client) -> None:
    inquiry = make_inquiry()
    response = at_work.get(f"{QUEUE}{inquiry.pk}/claim/")
    assert response["Location"] == f"{QUEUE}{inquiry.pk}/change/"
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW


def test_contact_restrictions_come_first(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry(
        never_contact="Never after six.",
        shared_phone=True,
        relation="someone_else",
        authority="guardian",
        message="I have chest pain.",
    )
    client.force_login(coordinator)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert "Do not contact:</strong> Never after six." in page
    assert "Other people use this phone" in page
    assert "I’m a parent or legal guardian" in page
    assert "May be urgent" in page
    assert "may be urgent" in client.get(QUEUE).text


def test_other_requests_by_the_same_person_are_listed(client: Client, coordinator: User) -> None:
    first = make_inquiry(email="ana@example.org")
    again = make_inquiry(phone="", phone_e164="", contact_method="email", email="Ana@Example.org")
    stranger = make_inquiry(phone="(202) 555-0177", phone_e164="+12025550177")
    client.force_login(coordinator)
    page = client.get(f"{QUEUE}{again.pk}/change/").text
    assert first.reference in page
    assert stranger.reference not in page
    fields = {"link_duplicate-version": again.version, "link_duplicate-reference": first.reference}
    client.post(f"{QUEUE}{again.pk}/link_duplicate/", fields)
    assert (
        f'<a class="reference" href="{QUEUE}{first.pk}/change/">{first.reference}</a>'
        in client.get(f"{QUEUE}{again.pk}/change/").text
    )
    assert "Later requests" in client.get(f"{QUEUE}{first.pk}/change/").text


@pytest.mark.parametrize("typed", ["", "nonsense", "K7QM-3XRT-9WL4"])
def test_an_invalid_reference_links_nothing(client: Client, coordinator: User, typed: str) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    fields = {"link_duplicate-version": 1, "link_duplicate-reference": typed}
    answer = client.post(f"{QUEUE}{inquiry.pk}/link_duplicate/", fields)
    assert answer.status_code == 422
    inquiry.refresh_from_db()
    assert inquiry.version == 1


@pytest.mark.parametrize(
    ("day", "time", "status"),
    [("", "", 422), ("2026-13-40", "25:00", 422), ("2020-01-01", "09:00", 409), ("x", "y", 422)],
)
def test_an_invalid_day_sets_nothing_aside(
    client: Client, coordinator: User, day: str, time: str, status: int
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    fields = {"wait-version": 2, "wait-until_0": day, "wait-until_1": time, "wait-why": "asked"}
    assert client.post(f"{QUEUE}{inquiry.pk}/wait/", fields).status_code == status
    inquiry.refresh_from_db()
    assert inquiry.state == State.CLAIMED
