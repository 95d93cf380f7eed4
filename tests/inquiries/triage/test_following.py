"""Which request is next, a word with each hand-over, and asking a lead."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from inquiries.ledger.verification import verify_ledger
from inquiries.mail import staff_notices
from inquiries.models import Event, Inquiry, Note, Notice
from inquiries.states import State, Step
from inquiries.triage import following, leads, steps
from portal.models import Role, User
from tests.factories import make_article, make_inquiry, make_staff
from tests.inquiries.contact.attempts import NOBODY, at
from tests.inquiries.triage.queue_pages import QUEUE, step
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db


def due(inquiry: Inquiry, hours: int) -> Inquiry:
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    return inquiry


@time_machine.travel(at(23, 10), tick=False)
def test_next_is_my_own_whose_time_has_come_then_an_unclaimed_one(coordinator: User) -> None:
    unclaimed = [due(make_inquiry(), hours) for hours in (1, 2)]
    mine = [due(make_inquiry(State.CLAIMED, owner=coordinator), hours) for hours in (4, 3)]
    make_inquiry(State.CLAIMED)  # a colleague’s
    make_inquiry(State.WAITING, owner=coordinator)
    nothing = uuid4()
    assert following.find_next(coordinator, but=nothing) == mine[1]
    assert following.find_next(coordinator, but=mine[1].pk) == mine[0]
    for inquiry in mine:  # the plan says to try again in the afternoon
        steps.log_attempt(inquiry, **NOBODY, version=2, by=coordinator)
    assert following.find_next(coordinator, but=nothing) == unclaimed[0]
    assert following.find_next(coordinator, but=unclaimed[0].pk) == unclaimed[1]


@time_machine.travel(at(23, 10), tick=False)
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("close", {"outcome": "answered"}),
        ("release", {"text": ""}),
        ("wait", {"until_0": "2026-11-24", "until_1": "10:00", "why": "asked"}),
        ("call", {**NOBODY, "then": "again"}),
    ],
)
def test_what_ends_the_work_leads_on_to_the_next_request(
    client: Client, coordinator: User, name: str, fields: dict[str, str]
) -> None:
    client.force_login(coordinator)
    first, second = make_inquiry(State.CLAIMED, owner=coordinator), make_inquiry()
    step(client, first, name, **fields)
    page = BeautifulSoup(client.get(f"{QUEUE}{first.pk}/change/").text, "html.parser")
    (link,) = page.select(".messagelist a")
    assert link.get_text() == "Next request"
    assert client.get(str(link["href"]))["Location"] == f"{QUEUE}{second.pk}/change/"
    take(Step.CLOSE, steps.claim(second, version=1, by=coordinator), coordinator)
    answer = client.get(str(link["href"]), follow=True)
    assert "There is nothing to take next right now." in answer.text or name == "release"


def test_a_step_that_leaves_work_leads_nowhere_else(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry()
    step(client, inquiry, "call", **NOBODY, then="open")
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    (message,) = page.select(".messagelist")
    assert message.get_text(strip=True) == "Call logged."
    assert message.find_parent(attrs={"autofocus": True}), "the page lands where the message is"


@pytest.mark.parametrize("name", [Step.REASSIGN, Step.TAKE_OVER, Step.RELEASE])
def test_each_hand_over_takes_a_word_for_the_colleague(
    client: Client, lead: User, name: Step
) -> None:
    inquiry = make_inquiry(State.CLAIMED)
    colleague = make_staff(Role.COORDINATOR)
    client.force_login(lead)
    fields = {"to": str(colleague.pk)} if name is Step.REASSIGN else {}
    assert (
        step(client, inquiry, name.value, text="Only in the evening.", **fields).status_code == 302
    )
    note = Note.objects.get()
    assert (note.event.kind, note.text) == (name.effect.writes, "Only in the evening.")
    assert "Only in the evening." in client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert verify_ledger().faults == []


def test_a_question_marks_the_request_until_a_lead_answers(
    client: Client, coordinator: User
) -> None:
    lead = make_staff(Role.LEAD, email="lead@clinic.example")
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    assert step(client, inquiry, "ask_lead", text="May I call at night?").status_code == 302
    notice = Notice.objects.get(kind=Notice.Kind.LEAD_ASKED)
    assert notice.user == lead
    assert staff_notices.is_needed(notice)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert "Waits for a lead" in page
    assert "May I call at night?" in page
    inquiry = steps.add_note(inquiry, text="I’m waiting.", by=coordinator)
    assert inquiry.lead_asked_at, "one’s own note is no answer"
    inquiry = steps.add_note(inquiry, text="No, write to them.", by=lead)
    assert inquiry.lead_asked_at is None
    assert not staff_notices.is_needed(Notice.objects.get(kind=Notice.Kind.LEAD_ASKED))
    inquiry.refresh_from_db()
    assert inquiry.lead_asked_at is None
    client.force_login(lead)
    page = client.get(f"{QUEUE}{inquiry.pk}/change/").text
    assert "Waits for a lead" not in page
    assert f"{QUEUE}{inquiry.pk}/ask_lead/" not in page, "a lead has nobody to ask"
    assert verify_ledger().faults == []


def test_a_closed_request_waits_for_no_lead(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    inquiry = leads.ask_lead(inquiry, version=2, by=coordinator)
    assert take(Step.CLOSE, inquiry, coordinator).lead_asked_at is None
    assert not Event.objects.filter(kind="lead_asked", note__isnull=False).exists()


def test_an_article_is_put_into_a_message_by_its_address(client: Client, coordinator: User) -> None:
    article = make_article(title="Kidney tests")
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, contact_method="email", email="ana@example.org"
    )
    client.force_login(coordinator)
    typed = {
        "reply-version": inquiry.version,
        "reply-text": "Please read this:",
        "reply-article": str(article.pk),
        "insert-article": "Insert",
    }
    answer = client.post(f"{QUEUE}{inquiry.pk}/reply/fill/", typed)
    (field,) = BeautifulSoup(answer.text, "html.parser").select('[name="reply-text"]')
    assert " ".join(field.get_text().split()) == (
        f"Please read this: Kidney tests https://testserver/articles/{article.slug}/"
    )
    answer = client.post(f"{QUEUE}{inquiry.pk}/reply/fill/", typed | {"reply-article": ""})
    assert "Choose an article to insert" in answer.text
    assert "Please read this:" in answer.text
    assert not Event.objects.filter(kind=Event.Kind.REPLIED).exists()
