"""Duplicates, tasks, and referrals on the request page, and the list of tasks."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from inquiries.models import Event, Inquiry, Task, TaskState
from inquiries.outcomes import Outcome
from inquiries.private_links import create_link
from inquiries.private_page import correspondence
from inquiries.states import State
from inquiries.triage import duplicates, steps
from portal.models import User
from tests.factories import (
    make_checklist,
    make_directoryentry,
    make_inquiry,
    make_referral,
    make_task,
)
from tests.inquiries.private_page.browser import PRIVATE, Browser

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
CLOSE_THIS_ONE = "Same person, same question: close this one"


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def page_of(client: Client, inquiry: Inquiry) -> str:
    return client.get(f"{QUEUE}{inquiry.pk}/change/").text


def post(client: Client, inquiry: Inquiry, step: str, **said: Any) -> Any:
    version = Inquiry.objects.values_list("version", flat=True).get(pk=inquiry.pk)
    fields = {f"{step}-version": version, **{f"{step}-{name}": said[name] for name in said}}
    return client.post(f"{QUEUE}{inquiry.pk}/{step}/", fields)


def hidden_fields(page: str, button: str) -> dict[str, str]:
    """Return what the form with this button sends."""
    form = next(each for each in re.findall(r"(?s)<form.*?</form>", page) if button in each)
    fields = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form)
    return dict(fields)


# --- Duplicates -----------------------------------------------------------------------------------


def test_one_click_closes_a_request_as_a_duplicate_of_an_earlier_one(desk: Client) -> None:
    first, again = make_inquiry(), make_inquiry(message="I asked last week. Please hurry.")
    fields = hidden_fields(page_of(desk, again), CLOSE_THIS_ONE)
    answer = desk.post(f"{QUEUE}{again.pk}/link_duplicate/", fields, follow=True)
    assert "Closed as a duplicate" in answer.text
    again.refresh_from_db()
    assert (again.duplicate_of, again.outcome) == (first, Outcome.DUPLICATE)
    page = page_of(desk, first)
    assert "They also wrote on" in page
    assert "I asked last week. Please hurry." in page
    reads = again.events.filter(kind=Event.Kind.READ).count()
    page_of(desk, first)
    assert again.events.filter(kind=Event.Kind.READ).count() == reads + 1, "shown, so read"


def test_the_click_is_offered_only_where_it_is_not_refused(desk: Client, lead: User) -> None:
    first = make_inquiry()
    again = make_inquiry()
    assert CLOSE_THIS_ONE not in page_of(desk, first), "the later one is closed"
    claimed = make_inquiry(State.CLAIMED, owner=lead)
    assert CLOSE_THIS_ONE not in page_of(desk, claimed)
    steps.add_note(again, text="Hello", version=again.version, by=lead)
    make_task(again, lead)
    assert CLOSE_THIS_ONE not in page_of(desk, again)
    withdrawn = correspondence.withdraw_inquiry(make_inquiry(email="bo@example.org", phone=""))
    new = make_inquiry(email="bo@example.org", phone="", phone_e164="")
    page = page_of(desk, new)
    assert withdrawn.reference in page
    assert f"({withdrawn.reference})" not in page, "the button would name it"


def test_other_ways_to_reach_them_stand_out(desk: Client, coordinator: User) -> None:
    first = make_inquiry()
    again = make_inquiry(never_contact="Never at home anymore.")
    duplicates.link_duplicate(again, of=first, version=again.version, by=coordinator)
    page = page_of(desk, first)
    assert "It says something else about how to reach them" in page
    assert "Never at home anymore." in page


def test_a_duplicate_that_was_canceled_since_stands_out(desk: Client, coordinator: User) -> None:
    first, again = make_inquiry(), make_inquiry()
    linked = duplicates.link_duplicate(again, of=first, version=again.version, by=coordinator)
    correspondence.withdraw_inquiry(linked)
    assert "They canceled it since" in page_of(desk, first)


def test_earlier_requests_are_shown_with_their_ends(desk: Client, coordinator: User) -> None:
    make_inquiry(State.CLOSED, owner=coordinator)
    page = page_of(desk, make_inquiry())
    assert f"handled by {coordinator}" in " ".join(page.split())
    assert "Answered, closed on" in page


def test_a_duplicate_offers_to_undo_it_and_not_to_reopen_it(
    desk: Client, coordinator: User
) -> None:
    first, again = make_inquiry(), make_inquiry()
    linked = duplicates.link_duplicate(again, of=first, version=again.version, by=coordinator)
    page = page_of(desk, linked)
    assert "Not a duplicate" in page
    assert f"{QUEUE}{linked.pk}/reopen/" not in page
    assert post(desk, linked, "unlink_duplicate").status_code == 302
    linked.refresh_from_db()
    assert linked.state == State.NEW


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("", "handling this together with another request"), ("/es", "junto con otra solicitud")],
)
def test_the_private_page_says_that_both_are_handled_together(
    prefix: str, said: str, coordinator: User
) -> None:
    first, again = make_inquiry(), make_inquiry()
    linked = duplicates.link_duplicate(again, of=first, version=again.version, by=coordinator)
    visitor = Browser()
    visitor.get(f"{prefix}{PRIVATE}{create_link(linked)}/")
    visitor.post(f"{prefix}{PRIVATE}prove/", {"detail": "0100"})
    page = visitor.get(f"{prefix}{PRIVATE}").text
    assert said in page
    assert first.reference not in page, "we may be wrong about whose it is"


# --- Tasks ----------------------------------------------------------------------------------------


def test_a_task_is_added_and_finished_on_the_page(desk: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    day = timezone.localdate() + timedelta(days=2)
    added = post(desk, inquiry, "add_task", text="Call the lab.", day=day, at="14:30", to="")
    assert added.status_code == 302
    page = page_of(desk, inquiry)
    assert "Call the lab." in page
    task = inquiry.tasks.get()
    assert timezone.localtime(task.due_at).strftime("%H:%M") == "14:30"
    assert post(desk, inquiry, "settle_task", task=task.pk, to="done").status_code == 302
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    assert "To do again" in page_of(desk, inquiry)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": "", "day": "2026-12-31"}, "Write what there is to do first"),
        ({"text": "Typed words", "day": ""}, "Enter a day"),
        ({"text": "Typed words", "day": "soon"}, "Enter the day like this"),
        ({"text": "Typed words", "day": "1999-01-01"}, "a year ahead"),
        ({"text": "Typed words", "day": "9999-12-31"}, "a year ahead"),
        ({"text": "Typed words", "day": "2026-12-31", "at": "25:99"}, "Enter the time like this"),
        ({"text": "Typed words", "day": "2026-12-31", "to": "x"}, "Choose a colleague"),
    ],
)
def test_a_task_with_a_mistake_is_not_added_and_nothing_typed_is_lost(
    said: dict[str, str], why: str, desk: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    answer = post(desk, inquiry, "add_task", **said)
    assert answer.status_code == 422
    assert why in answer.text
    assert said["text"] in answer.text
    assert not Task.objects.exists()


def test_a_task_on_a_stale_page_is_refused_and_kept(desk: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    fields = {"add_task-version": 1, "add_task-text": "Typed words", "add_task-day": "2027-01-31"}
    answer = desk.post(f"{QUEUE}{inquiry.pk}/add_task/", fields)
    assert answer.status_code == 409
    assert "Typed words" in answer.text


@pytest.mark.parametrize("fields", [{}, {"task": "x", "to": "done"}, {"task": "", "to": "gone"}])
def test_a_button_that_was_tampered_with_changes_nothing(
    fields: dict[str, str], desk: Client, coordinator: User
) -> None:
    task = make_task(by=coordinator)
    assert post(desk, task.inquiry, "settle_task", **fields).status_code == 422
    task.refresh_from_db()
    assert task.is_open


def test_a_checklist_is_added_from_the_page(desk: Client, coordinator: User) -> None:
    checklist = make_checklist("Send the form", "Ask for it")
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    assert checklist.title in page_of(desk, inquiry)
    assert post(desk, inquiry, "add_checklist", checklist=checklist.pk).status_code == 302
    page = page_of(desk, inquiry)
    assert "Send the form" in page
    assert "Tasks added by" in page, "the timeline says so"


def test_closing_names_the_open_tasks_and_asks(desk: Client, coordinator: User) -> None:
    task = make_task(by=coordinator, text="Call the lab.")
    page = page_of(desk, task.inquiry)
    close = next(each for each in re.findall(r"(?s)<form.*?</form>", page) if "/close/" in each)
    assert "Cancel the tasks that are open" in close
    assert "Call the lab." in close
    refused = post(desk, task.inquiry, "close", outcome="answered")
    assert refused.status_code == 409
    assert "1 task is still open" in refused.text
    done = post(desk, task.inquiry, "close", outcome="answered", cancel_tasks="on")
    assert done.status_code == 302


def test_closing_without_open_tasks_does_not_ask(desk: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    assert "Cancel the tasks" not in page_of(desk, inquiry)


def test_the_list_shows_when_tasks_are_due_and_not_what_they_say(
    desk: Client, coordinator: User
) -> None:
    task = make_task(by=coordinator, text="Call the lab.")
    make_referral(task.inquiry, coordinator)
    answer = desk.get(f"{QUEUE}tasks/")
    assert answer.text.count(task.inquiry.reference) == 2
    assert "Ask whether a referral arrived" in answer.text
    assert "Call the lab." not in answer.text
    assert "Overdue in the team" not in answer.text, "that is for leads"


def test_a_long_list_is_capped_and_says_so(
    desk: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inquiries.triage.due_tasks.CAP", 1)
    make_task(make_task(by=coordinator).inquiry, coordinator)
    assert "There are more" in desk.get(f"{QUEUE}tasks/").text


# --- Referrals ------------------------------------------------------------------------------------


def test_a_referral_is_logged_and_answered_on_the_page(desk: Client, coordinator: User) -> None:
    entry = make_directoryentry(notes="Ask for Dr. Okafor.")
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    day = timezone.localdate() + timedelta(days=5)
    sent = post(desk, inquiry, "refer", to=entry.pk, text="Faxed the records.", ask_on=day)
    assert sent.status_code == 302
    page = page_of(desk, inquiry)
    for said in ("Faxed the records.", "Ask for Dr. Okafor.", "Not heard yet"):
        assert said in page
    referral = inquiry.referrals.get()
    fields = {"referral": referral.pk, "answer": "appointment", "ask_on": ""}
    assert post(desk, inquiry, "ask_referral", **fields).status_code == 302
    assert "An appointment was made" in page_of(desk, inquiry)


def test_asking_again_needs_a_day(desk: Client, coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    fields = {"referral": referral.pk, "answer": "not_yet", "ask_on": ""}
    answer = post(desk, referral.inquiry, "ask_referral", **fields)
    assert answer.status_code == 422
    assert "Enter the day on which to ask again" in answer.text


def test_an_entry_that_is_no_longer_used_is_not_offered(desk: Client, coordinator: User) -> None:
    entry = make_directoryentry(name="The old clinic", is_retired=True)
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    assert "The old clinic" not in page_of(desk, inquiry)
    fields = {"to": entry.pk, "text": "Faxed.", "ask_on": "2026-12-31"}
    assert post(desk, inquiry, "refer", **fields).status_code == 422


# --- What leads keep ------------------------------------------------------------------------------


def test_a_lead_keeps_checklists_and_the_directory(client: Client, lead: User) -> None:
    client.force_login(lead)
    items = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0"}
    items |= {"items-0-text": "", "items-0-days": "0"}
    empty = client.post("/admin/inquiries/checklist/add/", {"title": "New patients", **items})
    assert "Enter at least one task" in empty.text
    items |= {"items-0-text": "Send the form", "items-0-days": "2"}
    client.post("/admin/inquiries/checklist/add/", {"title": "New patients", **items})
    entry = {"name": "Lupus clinic", "kind": "clinic", "phone": "", "email": "", "languages": ""}
    client.post("/admin/inquiries/directoryentry/add/", {**entry, "notes": ""})
    with zeal_ignore():
        trail = client.get("/admin/inquiries/checklist/").text
    assert "New patients" in trail
    assert "Lupus clinic" in client.get("/admin/inquiries/directoryentry/").text
