"""The coordinators' queue and the request page."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from inquiries.mail import patient_mail
from inquiries.models import Inquiry, Job
from inquiries.states import State
from inquiries.triage import pagination, queue, steps
from inquiries.worker import schedule
from portal.models import Role, User
from tests.factories import (
    FIRST,
    again,
    make_absence,
    make_article,
    make_category,
    make_inquiry,
    make_staff,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"


def references(client: Client, query: str = "") -> list[str]:
    page = BeautifulSoup(client.get(f"{QUEUE}{query}").text, "html.parser")
    return [str(row["data-reference"]) for row in page.select("tr[data-reference]")]


def kinds(inquiry: Inquiry) -> list[str]:
    """What happened to it, readings aside."""
    return [event.kind for event in inquiry.events.all() if event.kind != "read"]


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def test_what_is_due_first_comes_first(at_work: Client) -> None:
    first, second, third = (make_inquiry() for _ in range(3))
    Inquiry.objects.filter(pk=third.pk).update(due_at="2020-01-01T12:00Z")
    Inquiry.objects.filter(pk=first.pk).update(due_at="2020-01-02T12:00Z")
    assert references(at_work) == [third.reference, first.reference, second.reference]


def test_each_view_shows_its_own(at_work: Client, coordinator: User) -> None:
    new = make_inquiry()
    mine = make_inquiry(State.CLAIMED, owner=coordinator)
    hers = make_inquiry(State.CLAIMED)
    closed = make_inquiry(State.CLOSED)
    shown = {
        name: set(references(at_work, f"?view={name}"))
        for name in ("open", "unclaimed", "mine", "closed", "no-such")
    }
    everything_open = {new.reference, mine.reference, hers.reference}
    assert shown == {
        "open": everything_open,
        "unclaimed": {new.reference},
        "mine": {mine.reference},
        "closed": {closed.reference},
        "no-such": everything_open,
    }


def test_a_row_shows_initials_and_no_name(at_work: Client) -> None:
    topic = make_category("Lupus")
    make_inquiry(full_name="Ana María Example", topic=topic)
    words = at_work.get(QUEUE).text
    assert "AME" in words
    assert "Lupus" in words
    assert "Example" not in words


def test_what_is_overdue_says_so(at_work: Client) -> None:
    inquiry = make_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at="2020-01-01T12:00Z")
    assert "overdue by" in at_work.get(QUEUE).text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        *((0.5, "in less than 1 min"), (59.5, "in 59 min"), (179.5, "in 2 h"), (3000, "in 2 d")),
        *((-5, "overdue by 5 min"), (-125, "overdue by 2 h"), (-4400, "overdue by 3 d")),
    ],
)
def test_when_it_is_due_is_said_by_how_long_and_by_the_clock(
    at_work: Client, minutes: float, said: str
) -> None:
    inquiry = make_inquiry()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        due_at = now + timedelta(minutes=minutes)
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=due_at)
        page = BeautifulSoup(at_work.get(QUEUE).text, "html.parser")
    (due,) = page.select("time:has(.visually-hidden)")
    on_the_clock = f"{timezone.localtime(due_at):%a %-d %b %Y, %H:%M}"
    assert due.get_text() == f"{said}, {on_the_clock}"
    assert due["title"] == on_the_clock


def test_what_is_closed_is_not_due(at_work: Client) -> None:
    make_inquiry(State.CLOSED)
    page = BeautifulSoup(at_work.get(f"{QUEUE}?view=closed").text, "html.parser")
    assert not page.select("tr[data-reference] .visually-hidden")


def test_what_a_script_asks_for_is_the_queue_alone(at_work: Client) -> None:
    inquiry = make_inquiry()
    part = at_work.get(f"{QUEUE}?view=unclaimed", headers={"X-Asked-By": "script"}).text
    assert inquiry.reference in part
    assert "<html" not in part


def test_what_was_found_does_not_refresh(at_work: Client) -> None:
    inquiry = make_inquiry()
    assert "data-interval-seconds" in at_work.get(QUEUE).text
    assert "data-interval-seconds" not in at_work.get(f"{QUEUE}?q={inquiry.reference}").text


@pytest.mark.parametrize("state", State)
def test_a_reference_is_found_in_any_state_and_any_spelling(at_work: Client, state: State) -> None:
    inquiry = make_inquiry(state)
    make_inquiry()
    for typed in (inquiry.reference, inquiry.reference.lower().replace("-", " ")):
        assert references(at_work, f"?q={typed}") == [inquiry.reference]


def test_a_reference_that_cannot_be_one_is_told_from_one_that_is_not_there(
    at_work: Client,
) -> None:
    gone = make_inquiry().reference
    Inquiry.objects.update(reference="other")
    assert "There is no request with the reference" in at_work.get(f"{QUEUE}?q={gone}").text
    wrong = gone[:-1] + ("2" if gone[-1] != "2" else "3")
    for typed in (wrong, "Ana Example", "<script>", "%01", "x" * 3000):
        assert "is not one of our references" in at_work.get(f"{QUEUE}?q={typed}").text


@pytest.mark.parametrize("view", ["open", "closed"])
def test_a_long_queue_comes_in_pages_without_a_gap(
    at_work: Client, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    made = [
        make_inquiry(State.CLOSED if view == "closed" else State.NEW).reference for _ in range(7)
    ]
    # All at the same moment: the key alone must keep them apart.
    Inquiry.objects.update(due_at="2020-01-01T12:00Z")
    Inquiry.objects.filter(state=State.CLOSED).update(closed_at="2020-01-01T12:00Z")
    seen: list[str] = []
    query = f"?view={view}"
    while query:
        page = BeautifulSoup(at_work.get(f"{QUEUE}{query}").text, "html.parser")
        seen += [str(row["data-reference"]) for row in page.select("tr[data-reference]")]
        following = page.select_one('a[rel="next"]')
        query = str(following["href"]) if following else ""
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "after",
    [
        *("x", "2020-01-01~", "2020-01-01T00:00~x", "9999-99-99T00:00Z~", "~", "%01"),
        f"0001-01-01T00:00:00%2B14:00~{'0' * 32}",
    ],
)
def test_a_broken_mark_means_the_first_page(at_work: Client, after: str) -> None:
    inquiry = make_inquiry()
    assert references(at_work, f"?after={after}") == [inquiry.reference]


def test_totals_stop_at_a_cap(at_work: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "COUNT_CAP", 2)
    for _ in range(3):
        make_inquiry()
    assert "2+" in at_work.get(QUEUE).text


# --- One request ----------------------------------------------------------------------------------


def step(client: Client, inquiry: Inquiry, name: str, **fields: Any) -> Any:
    """Send the form of a step as it stands on the page."""
    version = fields.pop("version", inquiry.version)
    typed = {f"{name}-{field}": value for field, value in fields.items()}
    return client.post(f"{QUEUE}{inquiry.pk}/{name}/", {f"{name}-version": version, **typed})


def test_the_request_page_shows_what_a_call_needs(at_work: Client) -> None:
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
        *("Leave only a name and number", "Morning, Evening", "America/Chicago", "Spanish"),
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
    assert page.text.count(f"by {coordinator}") == 6
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.owner) == (State.NEW, None)


def test_a_page_opened_earlier_changes_nothing_and_keeps_what_was_typed(
    at_work: Client, lead: User
) -> None:
    inquiry = make_inquiry()
    step(at_work, inquiry, "claim")
    other = Client()
    other.force_login(lead)
    response = step(other, inquiry, "note", text="Typed for ten minutes.")
    assert response.status_code == 409
    assert "changed after you opened it: claimed by" in response.text
    assert "Typed for ten minutes." in response.text
    page = BeautifulSoup(response.text, "html.parser")
    version = page.select_one('[name="note-version"]')
    assert version
    assert version["value"] == "2", "from here it can be sent again, knowingly"
    again = step(other, inquiry, "note", text="Typed for ten minutes.", version=2)
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("note", {"text": ""}),
        ("note", {"text": "x" * 5001}),
        ("close", {"outcome": ""}),
        ("close", {"outcome": "lost"}),
    ],
)
def test_a_step_that_is_not_filled_in_rightly_changes_nothing(
    at_work: Client, coordinator: User, name: str, fields: dict[str, str]
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    response = step(at_work, inquiry, name, **fields)
    assert response.status_code == 422
    assert "errorlist" in response.text
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.version) == (State.CLAIMED, 2)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_page_that_arrives_broken_changes_nothing_and_keeps_what_was_typed(
    at_work: Client, version: str
) -> None:
    inquiry = make_inquiry()
    response = step(at_work, inquiry, "note", text="Typed with care.", version=version)
    assert response.status_code == 409
    assert "did not arrive whole" in response.text
    assert "Typed with care." in response.text
    assert kinds(inquiry) == ["received"]


def test_what_was_corrected_stands_first_and_what_came_before_in_the_timeline(
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
    assert "The sender corrected this" in page.get_text()
    assert "Third words." in now.get_text()
    assert "ana@example.org" in now.get_text()
    assert "Lupus" in now.get_text()
    assert "(202) 555-0100" not in now.get_text(), "nobody calls the number she took back"
    for earlier in ("First words.", "Second words.", "Text message", "(202) 555-0100"):
        assert earlier in before.get_text()
    assert "Third words." not in before.get_text()
    assert "corrected by the sender" in at_work.get(QUEUE).text


def test_the_patients_name_is_shown_whatever_was_preselected(at_work: Client) -> None:
    inquiry = make_inquiry(relation="self", patient_name="Ben Example")
    assert "Ben Example" in at_work.get(f"{QUEUE}{inquiry.pk}/change/").text


@time_machine.travel("2026-11-23T15:00:00Z", tick=False)
def test_her_clock_is_hers_and_not_the_clinics(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(time_zone="America/Los_Angeles")
    assert (
        "It is 07:00 for her (America/Los_Angeles)"
        in client.get(f"{QUEUE}{inquiry.pk}/change/").text
    )


def test_a_note_typed_after_the_session_ended_can_be_copied_from_the_answer(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    response = step(client, inquiry, "note", text="Typed for ten minutes.")
    assert response.status_code == 401
    assert "You are signed out" in response.text
    assert "Typed for ten minutes." in response.text
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator)
    response = step(strict, inquiry, "note", text="Typed for ten minutes.")
    assert response.status_code == 403
    assert "Typed for ten minutes." in response.text
    assert kinds(inquiry) == ["received"]


@pytest.mark.parametrize("path", ["no-such-step/", "delete/", "history/"])
def test_nothing_else_can_be_done(at_work: Client, path: str) -> None:
    inquiry = make_inquiry()
    assert at_work.post(f"{QUEUE}{inquiry.pk}/{path}").status_code == 404
    assert Inquiry.objects.exists()


def test_the_address_of_a_refused_step_leads_back_to_the_page(at_work: Client) -> None:
    inquiry = make_inquiry()
    response = at_work.get(f"{QUEUE}{inquiry.pk}/claim/")
    assert response["Location"] == f"{QUEUE}{inquiry.pk}/change/"
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW


# --- Beside the queue -----------------------------------------------------------------------------


def test_what_is_held_for_a_machines_is_in_a_view_of_its_own(
    client: Client, coordinator: User
) -> None:
    held, other = make_inquiry(State.QUARANTINED), make_inquiry()
    client.force_login(coordinator)
    assert references(client) == [other.reference]
    assert references(client, "?view=quarantine") == [held.reference]
    page = client.get(f"{QUEUE}{held.pk}/change/").text
    assert "Filled in a field that people do not see" in page
    assert "Clear from quarantine" in page
    assert "Claim" not in page
    step = {"clear-version": held.version}
    client.post(f"{QUEUE}{held.pk}/clear/", step)
    assert len(references(client)) == 2


def test_a_mail_that_failed_is_a_to_do_until_somebody_reached_her(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, contact_method="email", email="ana@example.org"
    )
    patient_mail.handle_failure(inquiry.deliveries.get(), "refused", is_permanent=True)
    client.force_login(coordinator)
    view = "?view=undelivered"
    assert references(client, view) == [inquiry.reference]
    page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert "could not be delivered" in page
    assert "failed for good" in page
    inquiry.refresh_from_db()
    client.post(
        f"{QUEUE}{inquiry.pk}/attempt/",
        {
            "attempt-version": inquiry.version,
            "attempt-method": "phone",
            "attempt-reached": "left_word",
        },
    )
    assert references(client, view) == []


def test_leads_see_how_worker_mails_and_spool_stand(
    client: Client, coordinator: User, lead: User, settings: Any, tmp_path: Path
) -> None:
    settings.SPOOL_DIR = str(tmp_path)
    client.force_login(coordinator)
    assert "Worker, mails and spool" not in client.get(QUEUE).text
    client.force_login(lead)
    assert "never seen" in client.get(QUEUE).text
    now = timezone.now()
    Job.objects.create(name=schedule.HEARTBEAT, due_at=now, done_at=now)
    page = client.get(QUEUE).text
    assert "all well" in page
    assert "last seen" in page


def test_what_she_must_never_be_contacted_by_stands_first(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(
        never_contact="Never after six.",
        shared_phone=True,
        relation="someone_else",
        authority="guardian",
        message="I have chest pain.",
    )
    client.force_login(coordinator)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert "Never contact her so:</strong> Never after six." in page
    assert "Others use this phone" in page
    assert "I am a parent or legal guardian" in page
    assert "May be urgent" in page
    assert "may be urgent" in client.get(QUEUE).text


# --- Several at once ------------------------------------------------------------------------------


def marked(*inquiries: Inquiry, **fields: Any) -> dict[str, Any]:
    return {"picked": [f"{each.pk}:{each.version}" for each in inquiries], **fields}


def said(client: Client, fields: dict[str, Any]) -> str:
    with zeal_ignore():  # one step after the other, each in a transaction of its own
        answer = client.post(f"{QUEUE}bulk/", fields, follow=True)
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def test_several_are_claimed_and_who_came_too_late_is_told(
    client: Client, coordinator: User
) -> None:
    mine, gone = make_inquiry(), make_inquiry()
    fields = marked(mine, gone, step="claim")
    other = make_staff(Role.COORDINATOR)
    steps.claim(gone, version=gone.version, by=other)
    client.force_login(coordinator)
    page = said(client, fields)
    assert "Claim: 1 done." in page
    assert f"{gone.reference}: Nothing was saved" in page
    assert str(other) in page
    mine.refresh_from_db()
    gone.refresh_from_db()
    assert (mine.owner, gone.owner) == (coordinator, other)


def test_a_lead_hands_several_to_a_colleague_who_is_here(client: Client, lead: User) -> None:
    colleague, absent = make_staff(Role.COORDINATOR), make_absence().user
    pair = [make_inquiry(), make_inquiry(State.CLAIMED)]
    client.force_login(lead)
    assert "Choose a colleague first" in said(client, marked(*pair, step="reassign"))
    page = said(client, marked(*pair, step="reassign", to=str(absent.pk)))
    assert "Choose a colleague who is here" in page
    assert "Hand over: 2 done." in said(client, marked(*pair, step="reassign", to=colleague.pk))
    assert set(Inquiry.objects.values_list("owner", flat=True)) == {colleague.pk}


def test_nobody_is_offered_to_hand_a_request_over_to_who_has_it(client: Client, lead: User) -> None:
    colleague = make_staff(Role.COORDINATOR)
    inquiry = make_inquiry(State.CLAIMED)
    client.force_login(lead)
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").content, "html.parser")
    offered = [option["value"] for option in page.select("[name=reassign-to] option")]
    assert str(colleague.pk) in offered
    assert str(inquiry.owner_id) not in offered


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"step": "claim"},
        {"step": "erase", "picked": ["x"]},
        {"step": "claim", "picked": ["x", "\x00:1", ":", "1:1"]},
        {"step": "claim", "picked": ["00000000-0000-0000-0000-000000000000:99999999999999999999"]},
        {
            "step": "reassign",
            "to": "x" * 9000,
            "picked": ["00000000-0000-0000-0000-000000000000:1"],
        },
        {"step": "claim", "view": "no such\r\nSet-Cookie: x"},
    ],
)
def test_a_clumsy_or_hostile_choice_changes_nothing(
    client: Client, coordinator: User, fields: dict[str, Any]
) -> None:
    make_inquiry()
    client.force_login(coordinator)
    said(client, fields)
    assert Inquiry.objects.get().version == 1


def test_who_takes_no_part_in_triage_claims_nothing(client: Client, privacy: User) -> None:
    inquiry = make_inquiry()
    client.force_login(privacy)
    assert "Your role does not include this step" in said(client, marked(inquiry, step="claim"))
    assert "queue-bulk" not in client.get(QUEUE).text


# --- What to do next ------------------------------------------------------------------------------


def test_views_by_the_clock(client: Client, coordinator: User) -> None:
    now = timezone.now()
    late, soon, later = make_inquiry(), make_inquiry(), make_inquiry()
    waiting = make_inquiry(State.WAITING)
    for inquiry, hours in ((late, -1), (soon, 1), (later, 9), (waiting, 20)):
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=now + timedelta(hours=hours))
    client.force_login(coordinator)
    assert references(client, "?view=overdue") == [late.reference]
    assert references(client, "?view=soon") == [soon.reference]
    assert references(client, "?view=waiting") == [waiting.reference]
    assert len(references(client)) == 4


@time_machine.travel("2026-11-23T15:00:00Z", tick=False)  # while we work
@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        (State.NEW, {}, "Claim it"),
        (State.CLAIMED, {}, "Call her"),
        (State.CLAIMED, {"contact_method": "text"}, "Text her"),
        (State.CLAIMED, {"contact_method": "email", "email": "ana@example.org"}, "Write to her"),
        (State.CONNECTED, {}, "Close it, or wait for her"),
        (State.WAITING, {}, "Nothing until it wakes"),
    ],
)
def test_the_next_step_is_said(
    client: Client, coordinator: User, state: State, fields: dict[str, Any], words: str
) -> None:
    inquiry = make_inquiry(state, owner=coordinator, **fields)
    client.force_login(coordinator)
    assert f"Next: {words}." in client.get(f"{QUEUE}{inquiry.pk}/change/").text
    if state != State.WAITING:
        assert words in client.get(QUEUE).text


def test_other_requests_of_the_same_person_are_named(client: Client, coordinator: User) -> None:
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
        f'Linked to <a href="{QUEUE}{first.pk}/change/">'
        in client.get(f"{QUEUE}{again.pk}/change/").text
    )
    assert "Asked again" in client.get(f"{QUEUE}{first.pk}/change/").text


@pytest.mark.parametrize("typed", ["", "nonsense", "K7QM-3XRT-9WL4"])
def test_a_reference_that_is_none_links_nothing(
    client: Client, coordinator: User, typed: str
) -> None:
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
def test_a_day_that_is_none_sets_nothing_aside(
    client: Client, coordinator: User, day: str, time: str, status: int
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    fields = {"wait-version": 2, "wait-until_0": day, "wait-until_1": time, "wait-why": "asked"}
    assert client.post(f"{QUEUE}{inquiry.pk}/wait/", fields).status_code == status
    inquiry.refresh_from_db()
    assert inquiry.state == State.CLAIMED
