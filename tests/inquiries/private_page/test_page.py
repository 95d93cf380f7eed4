"""The private page of one request: what the sender sees there."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries import private_links
from inquiries.deadlines import service_levels
from inquiries.ledger import events
from inquiries.models import Inquiry, ServiceLevel
from inquiries.outcomes import CHOSEN_OUTCOMES, Outcome
from inquiries.private_page import correspondence
from inquiries.states import State
from inquiries.triage import duplicates, steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.private_page.browser import (
    DETAIL,
    PRIVATE,
    STEPS,
    WORDS,
    Browser,
    address,
    kinds,
    later,
    latest,
    prove,
    refuse,
    reply,
    typed_into,
    with_link_of,
    words_of,
)

pytestmark = pytest.mark.django_db


# --- What browsers are told -----------------------------------------------------------------------


def test_no_response_is_cached_indexed_or_leaked_to_other_sites(ana: Client, token: str) -> None:
    stranger = Browser()
    answers = [
        stranger.get(PRIVATE),
        stranger.get(address("unknown")),
        stranger.get(address(token)),
        stranger.get(PRIVATE),
        prove(stranger, "9999"),
        *(ana.get(address(step)) for step in ["", *STEPS, "download", "erased", "revoked"]),
        ana.post(address("write"), {"text": ""}),
        ana.get(address("leave")),
    ]
    for answer in answers:
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert "sessionid" not in answer.cookies


def test_viewing_changes_nothing(ana: Client, token: str, inquiry: Inquiry) -> None:
    inquiry.refresh_from_db()
    before = (inquiry.version, kinds(inquiry), inquiry.links.count())
    for look in (ana.get, ana.head):
        look(address(token))
        for step in ["", *STEPS, "prove", "download", "erased", "revoked"]:
            assert look(address(step)).status_code in {200, 302}
        look(address("leave"))
        look(address(token))
        prove(ana)
    inquiry.refresh_from_db()
    assert (inquiry.version, kinds(inquiry), inquiry.links.count()) == before


def test_no_step_is_taken_without_a_csrf_token(ana: Client, inquiry: Inquiry) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = ana.cookies
    inquiry.refresh_from_db()
    before = inquiry.version
    for step, fields in STEPS.items():
        answer = strict.post(address(step), fields)
        assert answer.status_code == 422, step
        assert "press the button again" in words_of(answer), step
        assert all(
            value in answer.text for name, value in fields.items() if name in {"text", "email"}
        )
    inquiry.refresh_from_db()
    assert inquiry.version == before
    assert typed_into(strict.post(address("write"), {"text": WORDS}), "text") == WORDS
    answer = strict.post(address("prove"), {"detail": DETAIL, "text": WORDS})
    assert answer.status_code == 422
    assert typed_into(answer, "text") == WORDS


# --- The page -------------------------------------------------------------------------------------


def test_the_page_says_who_acts_next_and_by_when(ana: Client, inquiry: Inquiry) -> None:
    page = words_of(ana.get(PRIVATE))
    assert "A Care Coordinator will contact you." in page
    assert "We’ll try to call you by 5 p.m. Eastern on" in page
    assert "We haven’t tried yet" in page
    with later(days=30):
        ana.get(address(private_links.create_link(inquiry)))
        prove(ana)
        assert "We’re late, and we’re sorry" in words_of(ana.get(PRIVATE))


def test_the_sender_can_write_again_after_our_answer(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    reply(inquiry, coordinator, "How are you today?")
    page = words_of(ana.get(PRIVATE))
    assert "We answered you on" in page
    assert "How are you today?" in page
    ana.post(address("write"), {"text": WORDS})
    assert "A Care Coordinator is working on your request." in words_of(ana.get(PRIVATE))


@pytest.mark.parametrize("outcome", CHOSEN_OUTCOMES)
def test_each_outcome_is_shown_with_how_to_reopen_the_request(
    ana: Client, inquiry: Inquiry, lead: User, outcome: Outcome
) -> None:
    # With this level, one attempt is enough to close a request as unreachable.
    ServiceLevel.objects.update(attempts=1, parts_of_day=0, channels=1)
    service_levels.clear_cache()
    inquiry = steps.claim(latest(inquiry), version=latest(inquiry).version, by=lead)
    inquiry = steps.log_attempt(
        inquiry, method="phone", reached="nobody", version=inquiry.version, by=lead
    )
    steps.close(inquiry, outcome=outcome, version=inquiry.version, by=lead)
    page = words_of(ana.get(PRIVATE))
    assert "closed" in page.lower()
    assert "we’ll reopen it" in page
    assert "kept_days" not in page, "no part prints the outcome’s declaration"
    ana.post(address("write"), {"text": WORDS})
    assert latest(inquiry).state == State.NEW


def test_the_sender_sees_attempts_readings_and_messages_but_no_notes(
    ana: Client, inquiry: Inquiry
) -> None:
    by = make_staff(Role.COORDINATOR, username="jdoe1970", first_name="Jo", last_name="Doe")
    nameless = make_staff(Role.LEAD, username="lead1970", first_name="", last_name="")
    events.record_reading(inquiry, by=by)
    events.record_reading(inquiry, by=by)
    events.record_reading(inquiry, by=nameless)
    reply(inquiry, by, "Dear Ana, I tried to call.")
    inquiry = latest(inquiry)
    inquiry = steps.log_attempt(
        inquiry, method="phone", reached="nobody", version=inquiry.version, by=by
    )
    steps.add_note(inquiry, text="They sounded worried.", version=inquiry.version, by=by)
    page = words_of(ana.get(PRIVATE))
    assert "Jo Doe (Care Coordinator) called you. No one answered." in page
    assert "Jo Doe (Care Coordinator), 2 times that day" in page
    assert "Lead coordinator" in page
    assert "Dear Ana, I tried to call." in page
    copy = ana.get(address("download")).text
    for hidden in ("They sounded worried", "jdoe1970", "lead1970", "noted", "Note"):
        assert hidden not in page, hidden
        assert hidden not in copy, hidden


def test_hostile_input_is_shown_as_plain_text(client: Client) -> None:
    bad = "<script>alert(1)</script>{{ 7|add:7 }}</textarea>\u202e"
    by = make_staff(Role.COORDINATOR, first_name="<b>Jo</b>", last_name="Doe")
    inquiry = make_inquiry(message=bad, full_name=bad, never_contact=bad)
    client.get(address(private_links.create_link(inquiry)))
    prove(client)
    events.record_reading(inquiry, by=by)
    correspondence.write_message(inquiry, text=f"again {bad}")
    pages = [client.get(PRIVATE), client.get(address("reach"))]
    pages += [client.post(address("write"), {"text": bad * 200}), prove(Browser(), bad)]
    visitor = Browser()
    visitor.get(address(private_links.create_link(inquiry)))
    pages += [visitor.post(address("write"), {"text": bad}), prove(visitor, bad)]
    for page in pages:
        assert "<script" not in page.text
        assert "<b>Jo" not in page.text
        assert "</textarea>{{" not in page.text
    assert "&lt;script&gt;alert(1)" in pages[0].text


def test_the_page_costs_the_same_no_matter_how_much_happened(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert ana.get(PRIVATE).status_code == 200
        return len(made)

    first = queries()
    for number in range(8):
        events.record_reading(latest(inquiry), by=make_staff(Role.LEAD))
        ana.post(address("write"), {"text": f"{WORDS} {number}"})
        reply(inquiry, coordinator, "Yes?")
        ana.post(address("reach"), STEPS["reach"] | {"never_contact": str(number)})
    # The request with its key, and its events.
    assert queries() == first == 2


@pytest.mark.once
def test_every_page_is_valid_html(
    ana: Client,
    inquiry: Inquiry,
    coordinator: User,
    validate_html: Callable[[Mapping[str, str]], None],
) -> None:
    reply(inquiry, coordinator, "One.\n\nTwo.")
    asked = {"closed": Browser().get(PRIVATE), "unknown link": Browser().get(address("unknown"))}
    asked |= {
        "door": with_link_of(inquiry).get(PRIVATE),
        "wrong": prove(with_link_of(inquiry), "1"),
    }
    asked |= {step: ana.get(address(step)) for step in ("", "reach", "withdraw", "erase", "link")}
    asked |= {step: ana.get(address(step)) for step in ("revoke", "erased", "revoked")}
    asked["late"] = with_link_of(inquiry).post(address("write"), {"text": "</textarea>"})
    asked["lost"] = Browser().post(address("write"), {"text": "</textarea>"})
    asked["nothing written"] = ana.post(address("write"), {"text": ""})
    asked["no answer"] = ana.post(address("answered"), {"answered": "maybe"})
    asked["not reached"] = ana.post(address("reach"), {"phone": "x", "language": "xx"})
    asked["not sure"] = ana.post(address("erase"))
    asked["link made"] = ana.post(address("link"))
    asked["another"] = ana.post(address("write"), {"text": "</textarea>", "of": "another"})
    asked["urgent, done"] = ana.post(address("write"), {"text": "chest pain"}, follow=True)
    with connection.execute_wrapper(refuse):
        asked["no database"] = ana.post(address("write"), {"text": WORDS})
    validate_html({name: answer.text for name, answer in asked.items()})


def test_possible_danger_words_put_help_first(ana: Client) -> None:
    ana.post(address("write"), {"text": "I have chest pain"})
    page = words_of(ana.get(PRIVATE))
    assert page.index("Are you safe right now?") < page.index("A Care Coordinator will contact you")


def test_the_sender_reads_what_we_did_in_plain_words(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    inquiry = steps.claim(latest(inquiry), version=latest(inquiry).version, by=coordinator)
    how = {"method": "phone", "identity": "reference"}
    inquiry = steps.log_conversation(inquiry, **how, version=inquiry.version, by=coordinator)
    until = timezone.now() + timedelta(days=2)
    why = "papers"
    inquiry = steps.set_aside(
        inquiry, until=until, why=why, version=inquiry.version, by=coordinator
    )
    page = words_of(ana.get(PRIVATE))
    assert "Your request is on hold until" in page
    assert "spoke with you on the phone." in page
    assert "because you wanted to find or send something first." in page
    inquiry = steps.wake(inquiry, version=inquiry.version, by=coordinator)
    inquiry = steps.reassign(
        inquiry, to=make_staff(Role.LEAD), version=inquiry.version, by=coordinator
    )
    by = make_staff(Role.LEAD)
    duplicates.link_duplicate(inquiry, of=make_inquiry(), version=inquiry.version, by=by)
    page = words_of(ana.get(PRIVATE))
    for words in ("picked it up again.", "passed it to a colleague."):
        assert words in page
    assert "duplicate" not in page.lower()


def test_the_sender_does_not_see_that_a_coordinator_is_away(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    inquiry = steps.claim(latest(inquiry), version=latest(inquiry).version, by=coordinator)
    steps.release_for_absence(inquiry, why="absent")
    page = words_of(ana.get(PRIVATE))
    assert "It went back to our team for someone else to take." in page
    assert "away" not in page
