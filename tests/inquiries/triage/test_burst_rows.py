"""A burst is one row of the queue, and no request in it is lost (security 2)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from zeal import zeal_ignore

from inquiries.ledger.transitions import StepRefused
from inquiries.models import Delivery, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import SpamSignal, State
from inquiries.triage import pagination, steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.triage.queue_pages import QUEUE, kinds, references, step

pytestmark = pytest.mark.django_db

DANGER = "I have chest pain."
NETWORK = "203.0.113.9"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        yield


@pytest.fixture
def members() -> list[Inquiry]:
    return [member() for _ in range(8)]


def member(**fields: Any) -> Inquiry:
    typed = {"contact_method": "email", "email": f"p{Inquiry.objects.count()}@example.org"}
    return make_inquiry(network=NETWORK, **{"message": DANGER, **typed, **fields})


def due(inquiry: Inquiry, minutes: int) -> None:
    at = timezone.now() + timedelta(minutes=minutes)
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=at)


def page_of(client: Client, query: str = "") -> BeautifulSoup:
    return BeautifulSoup(client.get(f"{QUEUE}{query}").text, "html.parser")


def burst_link(client: Client, query: str = "") -> str:
    (link,) = page_of(client, query).select("a.queue-burst")
    return str(link["href"])


def press(client: Client, page: BeautifulSoup, button: str) -> str:
    """Submit the checked rows as the page's form does without JavaScript."""
    form = page.select_one("form#bulk")
    assert form
    hidden = form.select("input[type=hidden]")
    fields: dict[str, Any] = {str(each["name"]): each["value"] for each in hidden}
    boxes = page.select("input[name=picked][form=bulk][checked]")
    (pressed,) = form.select(f"button[value={button}]")
    fields |= {"picked": [box["value"] for box in boxes], str(pressed["name"]): pressed["value"]}
    with zeal_ignore():  # the steps run one by one, each in a transaction of its own
        answer = client.post(str(form["action"]), fields, follow=True)
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def test_security_2_a_burst_is_one_row_with_the_earliest_deadline_of_its_members(
    at_work: Client, members: list[Inquiry]
) -> None:
    other = make_inquiry()
    due(other, 20)
    due(members[5], 7)
    assert references(at_work) == [members[5].reference, other.reference]
    row = page_of(at_work).select_one(f"tr[data-reference='{members[5].reference}']")
    assert row
    assert "first of 8 from one network" in " ".join(row.get_text(" ").split())
    assert "in 7 min" in row.get_text()
    due(members[2], 3)
    assert references(at_work) == [members[2].reference, other.reference]


def test_security_2_each_member_is_listed_and_can_be_opened(
    at_work: Client, members: list[Inquiry], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = references(at_work, burst_link(at_work))
    assert sorted(listed) == sorted(each.reference for each in members)
    for each in members:
        assert references(at_work, f"?q={each.reference}") == [each.reference]
        assert DANGER in at_work.get(f"{QUEUE}{each.pk}/change/").text
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    seen, query = [], burst_link(at_work)
    while query:
        page = page_of(at_work, query)
        seen += [str(row["data-reference"]) for row in page.select("tr[data-reference]")]
        following = page.select_one('a[rel="next"]')
        query = str(following["href"]) if following else ""
    assert sorted(seen) == sorted(listed)


@pytest.mark.parametrize("view", ["open", "unclaimed", "overdue", "soon"])
def test_security_2_in_each_view_one_row_represents_the_members_in_that_view(
    at_work: Client, members: list[Inquiry], view: str
) -> None:
    for number, each in enumerate(members):
        due(each, (number - 4) * 10)
    assert len(references(at_work, f"?view={view}")) == 1
    words = page_of(at_work, f"?view={view}").get_text(" ")
    held = {"open": 8, "unclaimed": 8, "overdue": 4, "soon": 4}[view]
    assert f"first of {held} from one network" in " ".join(words.split())


def test_security_2_a_single_member_in_a_view_is_an_ordinary_row(
    at_work: Client, members: list[Inquiry]
) -> None:
    trapped = member(signals={SpamSignal.TRAP})
    assert references(at_work, "?view=quarantine") == [trapped.reference]
    page = page_of(at_work, "?view=quarantine")
    assert not page.select("a.queue-burst")
    assert len(page.select("input[name=picked]")) == 1


def test_security_2_handling_a_member_takes_it_out_of_the_row(
    at_work: Client, coordinator: User, members: list[Inquiry]
) -> None:
    real = steps.claim(members[3], version=members[3].version, by=coordinator)
    assert set(references(at_work)) > {real.reference}
    assert len(references(at_work)) == 2
    steps.set_urgency(members[4], urgency="urgent", version=members[4].version, by=coordinator)
    assert len(references(at_work)) == 3
    steps.add_note(members[5], text="Odd.", version=members[5].version, by=coordinator)
    assert len(references(at_work)) == 3, "a note judges nothing"
    correspondence.withdraw_inquiry(members[6])
    steps.release(real, version=real.version, by=coordinator)
    assert len(references(at_work)) == 3, "given back, it is looked for by itself"


def test_security_2_a_real_emergency_in_a_burst_is_pointed_out(
    at_work: Client, members: list[Inquiry]
) -> None:
    words = "My father fell and has chest pain, he is grey and cannot speak, we are at 5 Elm Road"
    real = member(message=words, full_name="Ben Sample")
    page = page_of(at_work, burst_link(at_work))
    row = page.select_one(f"tr[data-reference='{real.reference}']")
    assert row
    assert "worded differently" in row.get_text()
    assert len(page.find_all(string="worded differently")) == 1
    (first,) = [link for link in page.select("a") if "Read it first" in link.get_text()]
    assert references(at_work, str(first["href"])) == [real.reference]


def test_security_2_a_whole_burst_can_be_discarded_by_keyboard_and_without_javascript(
    at_work: Client, coordinator: User, members: list[Inquiry]
) -> None:
    page = page_of(at_work, burst_link(at_work))
    assert not page.select("input[name=picked][checked]")
    (mark,) = [link for link in page.select("a") if "Select all" in link.get_text()]
    said = press(at_work, page_of(at_work, str(mark["href"])), "discard")
    assert "8 requests closed as spam." in said
    for each in members:
        each.refresh_from_db()
        assert (each.state, each.outcome) == (State.CLOSED, Outcome.NOT_A_REQUEST)
        assert kinds(each) == ["received", "closed"], "on record"
        assert each.events.get(kind="closed").by == coordinator
    steps.reopen(members[0], version=members[0].version, by=coordinator)
    assert references(at_work) == [members[0].reference], "and can be brought back"
    assert Delivery.objects.exclude(inquiry__in=members[:4]).count() == 0


def test_security_2_a_whole_burst_can_be_cleared_and_its_held_mail_is_queued(
    at_work: Client, members: list[Inquiry]
) -> None:
    page = page_of(at_work, f"{burst_link(at_work)}&marked=all")
    assert "8 requests marked as not spam." in press(at_work, page, "clear")
    assert sorted(references(at_work)) == sorted(each.reference for each in members)
    assert Delivery.objects.count() == 8


def test_security_2_several_requests_can_leave_quarantine_together(at_work: Client) -> None:
    held = [make_inquiry(State.QUARANTINED) for _ in range(3)]
    page = page_of(at_work, "?view=quarantine")
    assert [each["value"] for each in page.select("form#bulk button")] == ["clear", "discard"]
    for box in page.select("input[name=picked]")[:2]:
        box["checked"] = ""
    assert "2 requests closed as spam." in press(at_work, page, "discard")
    assert Inquiry.objects.quarantined().count() == 1
    assert {*Inquiry.objects.closed()} < {*held}


def test_security_2_requests_without_spam_signals_cannot_be_discarded(
    at_work: Client, coordinator: User
) -> None:
    plain, urgent = make_inquiry(), member()
    assert not page_of(at_work).select("form#bulk button[value=discard]")
    for inquiry in (plain, urgent):
        for verb in (steps.discard, steps.clear_from_quarantine):
            with pytest.raises(StepRefused, match="Nothing about this request looks like spam"):
                verb(inquiry, version=inquiry.version, by=coordinator)
        page = at_work.get(f"{QUEUE}{inquiry.pk}/change/").text
        assert "Close as spam" not in page
        assert (
            "Nothing about this request looks like spam" in step(at_work, inquiry, "discard").text
        )
    assert Inquiry.objects.open().count() == 2


def test_security_2_the_last_member_of_a_burst_can_be_discarded_like_the_first(
    members: list[Inquiry], coordinator: User
) -> None:
    for each in members:
        steps.discard(each, version=each.version, by=coordinator)
    assert Inquiry.objects.closed().count() == 8


def test_security_2_the_row_and_the_page_say_when_mail_is_held(
    at_work: Client,
) -> None:
    held = make_inquiry(signals={SpamSignal.FLOOD}, message=DANGER)
    assert "no email sent yet" in at_work.get(QUEUE).text
    page = at_work.get(f"{QUEUE}{held.pk}/change/").text
    assert "No email has been sent to the sender yet" in page
    assert "Not spam" in page


def test_security_2_people_outside_triage_cannot_discard(
    client: Client, privacy: User, members: list[Inquiry]
) -> None:
    client.force_login(privacy)
    picked = [f"{each.pk}:{each.version}" for each in members]
    with zeal_ignore():
        client.post(f"{QUEUE}bulk/", {"picked": picked, "step": "discard"})
    assert Inquiry.objects.open().count() == 8


@pytest.mark.parametrize("query", ["?burst=x", "?burst=", "?burst=%C3%A9", "?view=mine&own=1"])
def test_security_2_a_mistyped_burst_url_shows_the_queue(
    at_work: Client, members: list[Inquiry], query: str
) -> None:
    assert at_work.get(f"{QUEUE}{query}").status_code == 200
    gone = f"?burst={'0' * 32}&marked=1"
    assert "Nothing here." in page_of(at_work, gone).get_text()


def test_security_2_long_bursts_take_no_more_queue_queries(
    at_work: Client, coordinator: User
) -> None:
    make_staff(Role.COORDINATOR)
    costs = []
    at_work.get(QUEUE)  # reads the lists of topics and levels
    for _ in range(2):
        for _ in range(6):
            member()
            make_inquiry(network="198.51.100.7", message=DANGER)
        with CaptureQueriesContext(connection) as made:
            at_work.get(QUEUE)
        costs.append(len(made))
    assert costs[0] == costs[1] < 14
