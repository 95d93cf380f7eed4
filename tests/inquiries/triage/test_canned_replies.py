"""Canned replies, their preview, and who else is viewing a request."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from inquiries.ledger import events
from inquiries.models import AuditEntry, CannedReply, Delivery, Event, Inquiry, Message
from inquiries.states import State
from inquiries.team import viewers
from inquiries.triage import canned_replies, steps
from portal.models import User
from tests.factories import make_cannedreply, make_inquiry

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
REPLIES = "/admin/inquiries/cannedreply/"
BY_SCRIPT = {"X-Asked-By": "script"}


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def mine(coordinator: User) -> Inquiry:
    return make_inquiry(
        State.CLAIMED,
        owner=coordinator,
        contact_method="email",
        email="ana@example.org",
        language="es",
    )


def send(client: Client, inquiry: Inquiry, how: str = "", **fields: Any) -> Any:
    """Submit the form for writing to the sender, with one of its buttons."""
    typed = {"version": inquiry.version, "text": "", "begin": "", **fields}
    data = {f"reply-{name}": value for name, value in typed.items()}
    return client.post(f"{QUEUE}{inquiry.pk}/reply/{how}", data)


def written(answer: Any) -> str:
    """Return the text in the message field, with line ends as a browser reads them."""
    page = BeautifulSoup(answer.text, "html.parser")
    (field,) = page.select('textarea[name="reply-text"]')
    return field.get_text().removeprefix("\n")


# --- Filling in -----------------------------------------------------------------------------------


def test_every_placeholder_is_filled_in(coordinator: User, settings: Any) -> None:
    settings.CLINIC = replace(settings.CLINIC, name="Bay Clinic", phone="(202) 555-0111")
    inquiry = make_inquiry(full_name="Ana Example")
    text = "|".join(f"{{{name}}}" for name in canned_replies.PLACEHOLDERS)
    filled = canned_replies.fill_reply(CannedReply(text=text), inquiry, inquiry, coordinator)
    who = coordinator.get_full_name()
    assert filled == f"Ana Example|{inquiry.reference}|{who}|Bay Clinic|(202) 555-0111"


@pytest.mark.parametrize("name", ["{reference}", "{name}", "{0.__class__}", "%s", r"\g<0>", "{"])
def test_names_are_inserted_verbatim(coordinator: User, name: str) -> None:
    inquiry = make_inquiry(full_name=name)
    reply = CannedReply(text="Hello {name}. {reference}")
    filled = canned_replies.fill_reply(reply, inquiry, inquiry, coordinator)
    assert filled == f"Hello {name}. {inquiry.reference}"


def test_a_missing_clinic_phone_number_stays_unfilled_and_blocks_sending(
    at_work: Client, mine: Inquiry, settings: Any
) -> None:
    settings.CLINIC = replace(settings.CLINIC, phone="")
    reply = make_cannedreply(text="Call {phone}.")
    answer = send(at_work, mine, "fill/", begin=reply.pk)
    assert written(answer) == "Call {phone}."
    assert "{phone} was not filled in" in answer.text


def test_shipped_replies_can_be_filled_in() -> None:
    shipped = [reply.text for reply in CannedReply.objects.all()]
    assert shipped
    assert not any(map(canned_replies.reply_problem, shipped))


# --- On the page ----------------------------------------------------------------------------------


def test_a_reply_is_added_below_the_typed_text_and_nothing_is_saved(
    at_work: Client, mine: Inquiry, coordinator: User
) -> None:
    reply = make_cannedreply(text="Hola {name}:\n\n{coordinator}")
    answer = send(at_work, mine, "fill/", begin=reply.pk, text="First this.")
    assert answer.status_code == 200
    assert written(answer) == f"First this.\n\nHola Ana Example:\n\n{coordinator.get_full_name()}"
    assert_nothing_saved(mine)


def test_the_preview_shows_what_the_sender_will_read_and_saves_nothing(
    at_work: Client, mine: Inquiry, coordinator: User
) -> None:
    answer = send(at_work, mine, "preview/", text="One <b>line</b>.\n\nAnother.")
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    (letter,) = page.select(".message-text")
    assert [each.get_text() for each in letter.select("p")] == ["One <b>line</b>.", "Another."]
    (head,) = page.select(".message-head strong")
    assert head.get_text() == f"{coordinator.get_full_name()} (Coordinación de Atención)", (
        "as they will read it"
    )
    assert written(answer).endswith("Another.")
    assert_nothing_saved(mine)


def assert_nothing_saved(inquiry: Inquiry) -> None:
    version = inquiry.version
    inquiry.refresh_from_db()
    assert inquiry.version == version
    assert not Message.objects.exists()
    assert not Delivery.objects.filter(kind=Delivery.Kind.REPLY).exists()


def test_the_senders_language_comes_first(at_work: Client, mine: Inquiry) -> None:
    page = BeautifulSoup(at_work.get(f"{QUEUE}{mine.pk}/change/").text, "html.parser")
    groups = [each["label"] for each in page.select('[name="reply-begin"] optgroup')]
    assert groups == ["Spanish", "English"]
    buttons = [each["value"] for each in page.select(".step-reply [type=submit]")]
    assert buttons == ["Fill in", "Preview", "Write to the sender"], "the first sends nothing"


@pytest.mark.parametrize("how", ["fill/", "preview/"])
def test_a_stale_page_says_so_and_keeps_the_text(
    at_work: Client, mine: Inquiry, coordinator: User, how: str
) -> None:
    reply = make_cannedreply(text="Hello.")
    steps.add_note(mine, text="Busy.", version=mine.version, by=coordinator)
    answer = send(at_work, mine, how, begin=reply.pk, text="Kept words.")
    assert answer.status_code == 409
    assert "this request changed after you opened it: Note added by you" in answer.text
    assert written(answer).startswith("Kept words.")


@pytest.mark.parametrize("how", ["", "fill/", "preview/"])
def test_typed_text_is_kept_when_the_request_can_no_longer_be_answered(
    at_work: Client, mine: Inquiry, coordinator: User, how: str
) -> None:
    reply = make_cannedreply(text="Hello.")
    steps.close(mine, outcome="answered", version=mine.version, by=coordinator)
    answer = send(at_work, mine, how, begin=reply.pk, text="Kept words.")
    assert answer.status_code == 409
    (unsent,) = BeautifulSoup(answer.text, "html.parser").select("#unsent")
    assert "Kept words." in unsent.get_text()


@pytest.mark.parametrize("how", ["", "preview/"])
def test_a_reply_with_an_unfilled_placeholder_is_not_sent(
    at_work: Client, mine: Inquiry, how: str
) -> None:
    answer = send(at_work, mine, how, text="Hello {first name}, {:-)")
    assert answer.status_code == 422
    assert "{first name} was not filled in" in answer.text
    assert_nothing_saved(mine)


@pytest.mark.parametrize("begin", ["", "999999", "x"])
def test_choosing_no_reply_fills_in_nothing(at_work: Client, mine: Inquiry, begin: str) -> None:
    answer = send(at_work, mine, "fill/", begin=begin, text="Kept words.")
    assert answer.status_code == 422
    assert written(answer) == "Kept words."


# --- The list that leads keep ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {nme}.", "{nme} is not a known placeholder. You can use: {name}, {reference}"),
        ("Hello {}.", "{} is not a known placeholder"),
        ("Hello {name.", "There is a single brace"),
        ("Hello }name{.", "There is a single brace"),
        ("Hello {{name}}.", "There is a single brace"),
        ("Hello {name}.", ""),
    ],
)
def test_a_canned_reply_with_a_mistake_is_not_saved(
    client: Client, lead: User, text: str, said: str
) -> None:
    client.force_login(lead)
    typed = {"title": "Test", "language": "en", "text": text}
    answer = client.post(f"{REPLIES}add/", typed)
    assert CannedReply.objects.filter(title="Test").exists() != bool(said)
    changes = AuditEntry.objects.filter(kind=AuditEntry.Kind.REPLIES_CHANGED)
    assert [each.detail for each in changes] == ([] if said else [{"change": "added"}])
    if said:
        assert said in answer.context["adminform"].form.errors["text"][0]


# --- Who else looks -------------------------------------------------------------------------------


def pulse(client: Client, inquiry: Inquiry) -> Any:
    address = f"{QUEUE}{inquiry.pk}/pulse/?version={inquiry.version}"
    return client.get(address, headers=BY_SCRIPT)


def test_recent_readers_are_named_without_javascript(
    at_work: Client, mine: Inquiry, lead: User, coordinator: User
) -> None:
    for minutes, by in ((11, lead), (3, lead), (2, coordinator)):
        with time_machine.travel(timezone.now() - timedelta(minutes=minutes), tick=False):
            events.record_reading(mine, by=by)
    page = BeautifulSoup(at_work.get(f"{QUEUE}{mine.pk}/change/").text, "html.parser")
    (place,) = page.select(".viewers")
    assert place.get_text(" ", strip=True) == f"{lead} opened this 3\xa0minutes ago."
    with time_machine.travel(timezone.now() + timedelta(minutes=8)):
        assert viewers.other_viewers(mine, by=coordinator) == []


def test_viewers_are_named_until_a_minute_after_they_leave(
    client: Client, mine: Inquiry, lead: User, coordinator: User
) -> None:
    client.force_login(lead)
    assert str(lead) not in pulse(client, mine).text
    client.force_login(coordinator)
    assert f"{lead} has this open now." in pulse(client, mine).text
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert str(lead) not in pulse(client, mine).text
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()


def test_the_cache_holds_only_ids_and_times(mine: Inquiry, lead: User) -> None:
    viewers.note_viewer(mine, by=lead)
    kept = cache.get(f"looking:{mine.pk}")
    assert list(kept) == [str(lead.pk)]
    assert all(isinstance(at, float) for at in kept.values())


def test_an_open_page_is_told_what_changed_and_by_whom(
    at_work: Client, mine: Inquiry, lead: User, coordinator: User
) -> None:
    assert "changed" not in pulse(at_work, mine).text
    steps.reassign(mine, to=lead, version=mine.version, by=coordinator)
    told = pulse(at_work, mine).text
    assert f"Handed over by you, in another window. {lead} has it." in told
    assert f'href="{QUEUE}{mine.pk}/change/"' in told
