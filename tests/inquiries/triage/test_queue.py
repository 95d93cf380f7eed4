"""The coordinators' queue."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from articles import capped_counts
from inquiries.mail import patient_mail
from inquiries.models import Inquiry, Job
from inquiries.states import State
from inquiries.triage import pagination
from inquiries.worker import schedule
from portal.models import User
from tests.factories import (
    make_category,
    make_inquiry,
)
from tests.inquiries.triage.queue_pages import QUEUE, references

pytestmark = pytest.mark.django_db


def test_requests_due_first_come_first(at_work: Client) -> None:
    first, second, third = (make_inquiry() for _ in range(3))
    Inquiry.objects.filter(pk=third.pk).update(due_at="2020-01-01T12:00Z")
    Inquiry.objects.filter(pk=first.pk).update(due_at="2020-01-02T12:00Z")
    assert references(at_work) == [third.reference, first.reference, second.reference]


def test_each_view_shows_its_own_requests(at_work: Client, coordinator: User) -> None:
    new = make_inquiry()
    mine = make_inquiry(State.CLAIMED, owner=coordinator)
    theirs = make_inquiry(State.CLAIMED)
    closed = make_inquiry(State.CLOSED)
    shown = {
        name: set(references(at_work, f"?view={name}"))
        for name in ("open", "unclaimed", "mine", "closed", "no-such")
    }
    everything_open = {new.reference, mine.reference, theirs.reference}
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


def test_overdue_requests_say_so(at_work: Client) -> None:
    inquiry = make_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at="2020-01-01T12:00Z")
    assert "overdue by" in at_work.get(QUEUE).text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        *(
            (0.5, "in less than 1 min"),
            (59.5, "in 59 min"),
            (179.5, "in 2 hr"),
            (3000, "in 2 days"),
        ),
        *((-5, "overdue by 5 min"), (-125, "overdue by 2 hr"), (-4400, "overdue by 3 days")),
    ],
)
def test_deadlines_show_the_time_left_and_the_clock_time(
    at_work: Client, minutes: float, said: str
) -> None:
    inquiry = make_inquiry()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        due_at = now + timedelta(minutes=minutes)
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=due_at)
        page = BeautifulSoup(at_work.get(QUEUE).text, "html.parser")
    (due,) = page.select("time:has(.visually-hidden)")
    on_the_clock = date_format(timezone.localtime(due_at), "DATETIME_FORMAT")
    assert due.get_text() == f"{said}, {on_the_clock}"
    assert due["title"] == on_the_clock


def test_closed_requests_are_not_due(at_work: Client) -> None:
    make_inquiry(State.CLOSED)
    page = BeautifulSoup(at_work.get(f"{QUEUE}?view=closed").text, "html.parser")
    assert not page.select("tr[data-reference] .visually-hidden")


def test_scripts_get_only_the_queue_without_the_page(at_work: Client) -> None:
    inquiry = make_inquiry()
    part = at_work.get(f"{QUEUE}?view=unclaimed", headers={"X-Asked-By": "script"}).text
    assert inquiry.reference in part
    assert "<html" not in part


def test_search_results_do_not_refresh(at_work: Client) -> None:
    inquiry = make_inquiry()
    assert "data-interval-seconds" in at_work.get(QUEUE).text
    assert "data-interval-seconds" not in at_work.get(f"{QUEUE}?q={inquiry.reference}").text


@pytest.mark.parametrize("state", State)
def test_references_are_found_in_any_state_and_spelling(at_work: Client, state: State) -> None:
    inquiry = make_inquiry(state)
    make_inquiry()
    for typed in (inquiry.reference, inquiry.reference.lower().replace("-", " ")):
        assert references(at_work, f"?q={typed}") == [inquiry.reference]


def test_invalid_references_are_distinguished_from_missing_ones(
    at_work: Client,
) -> None:
    gone = make_inquiry().reference
    Inquiry.objects.update(reference="other")
    assert "There is no request with the reference" in at_work.get(f"{QUEUE}?q={gone}").text
    wrong = gone[:-1] + ("2" if gone[-1] != "2" else "3")
    for typed in (wrong, "Ana Example", "<script>", "%01", "x" * 3000):
        assert "is not a valid reference number" in at_work.get(f"{QUEUE}?q={typed}").text


@pytest.mark.parametrize("view", ["open", "closed"])
def test_a_long_queue_is_paginated_without_gaps(
    at_work: Client, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    made = [
        make_inquiry(State.CLOSED if view == "closed" else State.NEW).reference for _ in range(7)
    ]
    # All have the same time, so only the primary key keeps their order stable.
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
def test_a_broken_pagination_cursor_shows_the_first_page(at_work: Client, after: str) -> None:
    inquiry = make_inquiry()
    assert references(at_work, f"?after={after}") == [inquiry.reference]


def test_totals_stop_at_a_cap(at_work: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capped_counts, "COUNT_CAP", 2)
    for _ in range(3):
        make_inquiry()
    assert "2+" in at_work.get(QUEUE).text


def test_suspected_spam_has_its_own_view(client: Client, coordinator: User) -> None:
    held, other = make_inquiry(State.QUARANTINED), make_inquiry()
    client.force_login(coordinator)
    assert references(client) == [other.reference]
    assert references(client, "?view=quarantine") == [held.reference]
    page = client.get(f"{QUEUE}{held.pk}/change/").text
    assert "a hidden field was filled in" in page
    assert "Not spam" in page
    assert "Claim" not in page
    step = {"clear-version": held.version}
    client.post(f"{QUEUE}{held.pk}/clear/", step)
    assert len(references(client)) == 2


def test_failed_mail_stays_on_the_to_do_list_until_someone_reaches_the_sender(
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
    assert "Confirmation that we have the request: could not be delivered" in " ".join(page.split())
    inquiry.refresh_from_db()
    client.post(
        f"{QUEUE}{inquiry.pk}/call/",
        {
            "call-version": inquiry.version,
            "call-method": "phone",
            "call-reached": "left_word",
            "call-then": "open",
        },
    )
    assert references(client, view) == []


def test_leads_see_the_status_of_worker_mail_and_spool(
    client: Client, coordinator: User, lead: User, settings: Any, tmp_path: Path
) -> None:
    settings.SPOOL_DIR = str(tmp_path)
    client.force_login(coordinator)
    assert "Worker, email, and spool" not in client.get(QUEUE).text
    client.force_login(lead)
    assert "never seen" in client.get(QUEUE).text
    now = timezone.now()
    Job.objects.create(name=schedule.HEARTBEAT, due_at=now, done_at=now)
    page = client.get(QUEUE).text
    assert "all OK" in page
    assert "last seen" in page


def test_time_based_views_follow_the_clock(client: Client, coordinator: User) -> None:
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


@time_machine.travel("2026-11-23T15:00:00Z", tick=False)  # during working hours
@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        (State.NEW, {}, "Claim it"),
        (State.CLAIMED, {}, "Call the sender"),
        (State.CLAIMED, {"contact_method": "text"}, "Text the sender"),
        (
            State.CLAIMED,
            {"contact_method": "email", "email": "ana@example.org"},
            "Write to the sender",
        ),
        (State.CONNECTED, {}, "Close it, or wait for the sender"),
        (State.WAITING, {}, "Nothing until it resumes"),
    ],
)
def test_the_next_step_is_shown(
    client: Client, coordinator: User, state: State, fields: dict[str, Any], words: str
) -> None:
    inquiry = make_inquiry(state, owner=coordinator, **fields)
    client.force_login(coordinator)
    by_name = words.replace("the sender", "Ana Example") if state == State.CLAIMED else words
    assert f"Next: {by_name}." in client.get(f"{QUEUE}{inquiry.pk}/change/").text
    if state != State.WAITING:
        assert words in client.get(QUEUE).text
