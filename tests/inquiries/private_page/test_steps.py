"""The private page of one request: what she can do there, and that no word of hers gets lost."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from inquiries import privacy, private_links, submission_history
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.ledger import events
from inquiries.models import Event, Inquiry, Message
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, SpamSignal, State
from inquiries.triage import steps as triage
from inquiries.views.private_page import quick_exit
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import (
    DETAIL,
    HERS,
    STEPS,
    WORDS,
    Browser,
    address,
    kinds,
    later,
    latest,
    opens,
    prove,
    refuse,
    reply,
    typed_into,
    with_link_of,
    words_of,
)

pytestmark = pytest.mark.django_db


# --- What she can do ------------------------------------------------------------------------------


def test_a_message_arrives_once_however_often_it_is_sent(ana: Client, inquiry: Inquiry) -> None:
    for _ in range(3):
        answer = ana.post(address("write"), {"text": WORDS})
        assert (answer.status_code, answer["Location"]) == (302, f"{HERS}?done=written")
    ana.post(address("write"), {"text": "Something else."})
    ana.post(address("write"), {"text": WORDS})
    assert [each.text for each in Message.objects.order_by("pk")] == [WORDS, "Something else."]
    assert "We have your message" in ana.get(f"{HERS}?done=written").text
    with later(minutes=11):
        ana.post(address("write"), {"text": WORDS})
    assert kinds(inquiry).count("wrote") == 3


def test_the_same_word_after_our_answer_is_another(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    ana.post(address("write"), {"text": "Yes"})
    reply(inquiry, coordinator, "And may we call at noon?")
    ana.post(address("write"), {"text": "Yes"})
    assert kinds(inquiry).count("wrote") == 2
    ana.post(address("withdraw"))
    ana.post(address("write"), {"text": "Yes"})
    assert kinds(inquiry).count("wrote") == 3, "and so it is after she had withdrawn"
    assert latest(inquiry).state == State.NEW


@pytest.mark.parametrize("text", ["", "   \n", "x" * 5001])
def test_a_message_that_is_no_message_comes_back_as_it_was(ana: Client, text: str) -> None:
    answer = ana.post(address("write"), {"text": text})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert typed_into(answer, "text") == text
    assert not Message.objects.exists()


def test_how_she_is_reached_can_be_changed(ana: Client, inquiry: Inquiry) -> None:
    opened = BeautifulSoup(ana.get(address("reach")).text, "html.parser")
    assert opened.select_one('[name="phone"]')["value"] == "(202) 555-0100"  # type: ignore[index]
    fields = {
        "contact_method": "text",
        "phone": "202-555-0188",
        "email": "new@example.org",
        "shared_phone": "on",
        "shared_email": "on",
        "never_contact": "Never after six.",
        "voicemail": "may_identify",
        "best_time": ["morning", "evening"],
        "time_zone": "Europe/Madrid",
        "language": "es",
        "interpreter": "on",
    }
    for _ in range(2):  # twice is once
        answer = ana.post(address("reach"), fields)
        assert (answer.status_code, answer["Location"]) == (302, f"{HERS}?done=saved")
    now = submission_history.current_submission(latest(inquiry))
    for name, value in fields.items():
        expected = {"best_time": "morning,evening"}.get(name, True if value == "on" else value)
        assert getattr(now, name) == expected, name
    assert now.phone_e164 == "+12025550188"
    assert (now.message, now.full_name) == (inquiry.message, "Ana Example"), "all else stays"
    assert kinds(inquiry).count("added") == 1
    page = words_of(ana.get(HERS))
    assert "202-555-0188 (others use it too)" in page
    assert "You changed what you had told us." in page


def test_who_came_by_a_mailed_link_stays_when_she_changes_her_address(
    client: Client, inquiry: Inquiry
) -> None:
    client.get(address(private_links.create_link(inquiry, mailed=True)))
    prove(client)
    assert client.post(address("reach"), STEPS["reach"]).status_code == 302
    assert opens(client)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"contact_method": "email", "email": ""}, "Enter your email address"),
        ({"contact_method": "phone", "phone": ""}, "Enter your phone number"),
        ({"contact_method": "phone", "phone": "12"}, "Enter a phone number with its area code"),
        ({"email": "ana@"}, "Enter an email address in the form"),
        ({"never_contact": "x" * 501}, "500 characters or fewer"),
        ({"language": "xx"}, "Choose one of the answers listed"),
    ],
)
def test_what_cannot_be_so_comes_back_with_all_that_was_typed(
    ana: Client, inquiry: Inquiry, fields: dict[str, str], fault: str
) -> None:
    typed = {"contact_method": "phone", "phone": "202-555-0144", "email": "x@example.org"} | fields
    answer = ana.post(address("reach"), {"never_contact": "At night."} | typed)
    assert answer.status_code == 422
    assert fault in words_of(answer)
    assert typed_into(answer, "never_contact") == typed.get("never_contact", "At night.")
    assert f'value="{typed["phone"]}"' in answer.text or not typed["phone"]
    assert "added" not in kinds(inquiry)


def test_she_can_withdraw_and_come_back(ana: Client, inquiry: Inquiry) -> None:
    assert "Withdraw your request?" in words_of(ana.get(address("withdraw")))
    for _ in range(2):
        assert ana.post(address("withdraw"))["Location"] == f"{HERS}?done=withdrawn"
    assert latest(inquiry).outcome == Outcome.WITHDRAWN
    assert kinds(inquiry).count("closed") == 1
    page = words_of(ana.get(HERS))
    assert "You withdrew your request" in page
    assert "Did we answer you?" not in page, "she has not asked to be"


def test_erasing_takes_two_steps_and_leaves_nothing_of_hers(
    ana: Client, inquiry: Inquiry, token: str
) -> None:
    assert "What stays" in words_of(ana.get(address("erase")))
    assert ana.post(address("erase")).status_code == 422
    assert latest(inquiry).state == State.NEW
    answer = ana.post(address("erase"), {"sure": "on"})
    assert answer["Location"] == address("erased")
    assert not ana.cookies["request"].value, "the cookie is gone"
    assert latest(inquiry).state == State.ERASED
    assert "It is done" in words_of(ana.get(address("erased")))
    assert ana.get(HERS).status_code == 404
    assert ana.get(address(token)).status_code == 404


def test_erased_by_us_while_she_writes_her_words_are_hers_again(
    ana: Client, inquiry: Inquiry, privacy: User
) -> None:
    def erase_first(*args: Any, **kwargs: Any) -> Any:
        now = latest(inquiry)
        erase(now, reason=ErasureReason.ASKED, version=now.version, by=privacy)
        return write(*args, **kwargs)

    write = correspondence.write_message
    with patch.object(correspondence, "write_message", erase_first):
        answer = ana.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert "This request was erased" in words_of(answer)
    assert WORDS in answer.text


erase = privacy.erase_inquiry


@pytest.mark.parametrize(("word", "answered"), [("yes", True), ("no", False)])
def test_she_says_whether_we_answered_her(
    ana: Client, inquiry: Inquiry, coordinator: User, word: str, answered: bool
) -> None:
    assert "Did we answer you?" not in ana.get(HERS).text, "nobody has yet"
    reply(inquiry, coordinator, "Here is the answer.")
    now = latest(inquiry)
    triage.close(now, outcome=Outcome.ANSWERED, version=now.version, by=coordinator)
    assert "Did we answer you?" in ana.get(HERS).text
    for _ in range(2):
        assert ana.post(address("answered"), {"answered": word}).status_code == 302
    now = latest(inquiry)
    assert now.said_answered is answered
    assert now.state == (State.CLOSED if answered else State.NEW)
    assert kinds(inquiry).count("judged") == 1
    assert ana.post(address("answered"), {"answered": "maybe"}).status_code == 422


def test_she_can_take_it_all_away(ana: Client, inquiry: Inquiry, coordinator: User) -> None:
    ana.post(address("write"), {"text": WORDS})
    ana.post(address("reach"), STEPS["reach"])
    events.record_reading(latest(inquiry), by=coordinator)
    answer = ana.get(address("download"))
    assert answer["Content-Disposition"] == 'attachment; filename="my-request.json"'
    copy = json.loads(answer.content)
    assert copy["reference"] == inquiry.reference
    assert copy["you_sent"]["full_name"] == "Ana Example"
    assert copy["you_changed"][0]["email"] == "new@example.org"
    assert [each["text"] for each in copy["messages"]] == [inquiry.message, WORDS]
    assert {"Read", "Message", "Received"} <= {each["what"] for each in copy["what_happened"]}
    assert len(copy["private_links"]) == 1
    assert len(copy["emails_to_you"]) == 3


def test_a_new_link_is_shown_once_and_opens_the_page(ana: Client, inquiry: Inquiry) -> None:
    assert ana.get(address("link")).status_code == 200
    assert inquiry.links.count() == 1
    answer = ana.post(address("link"))
    page = BeautifulSoup(answer.text, "html.parser")
    link = page.select_one("#address").get_text().strip()  # type: ignore[union-attr]
    assert link.startswith(f"http://testserver{HERS}")
    other = Browser()
    other.get(link)
    prove(other)
    assert opens(other)
    assert link not in ana.get(address("link")).text


def test_links_are_taken_back_after_a_word_and_the_page_ends(
    ana: Client, inquiry: Inquiry, token: str
) -> None:
    assert "This page closes too" in words_of(ana.get(address("revoke")))
    assert opens(ana)
    answer = ana.post(address("revoke"))
    assert answer["Location"] == address("revoked")
    assert not ana.cookies["request"].value
    assert "No link opens your page any more" in words_of(ana.get(address("revoked")))
    assert ana.get(address(token)).status_code == 404
    assert latest(inquiry).state == State.NEW, "the request goes on"


def test_leaving_is_one_press_and_closes_the_page(ana: Client) -> None:
    page = BeautifulSoup(ana.get(HERS).text, "html.parser")
    link = page.select_one(".quick-exit a")
    assert link
    assert "noreferrer" in link["rel"]
    answer = ana.get(str(link["href"]))
    assert (answer.status_code, answer["Location"]) == (302, quick_exit.EXIT_URL)
    assert ana.get(HERS).status_code == 404


# --- Nothing is lost ------------------------------------------------------------------------------


def test_a_message_written_too_long_goes_with_her_through_the_door(ana: Client) -> None:
    text = f"{WORDS}\n\n" * 40
    with later(minutes=45):
        answer = ana.post(address("write"), {"text": text})
        assert answer.status_code == 422
        assert "Nothing is lost" in words_of(answer)
        assert typed_into(answer, "text") == text
        wrong = ana.post(address("prove"), {"detail": "9999", "text": text})
        assert typed_into(wrong, "text") == text
        opened = ana.post(address("prove"), {"detail": DETAIL, "text": text})
        assert opened.status_code == 200
        assert "data-reference" in opened.text
        assert "It is not sent yet" in words_of(opened)
        assert typed_into(opened, "text").strip() == text.strip()
        assert not Message.objects.exists()
        ana.post(address("write"), {"text": text})
        assert Message.objects.get().text == text.strip()


def test_without_any_cookie_her_words_come_back_too(client: Client) -> None:
    answer = client.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert WORDS in answer.text
    answer = client.post(address("reach"), {"phone": "202-555-0111", "never_contact": "At night"})
    assert "202-555-0111" in answer.text
    assert "At night" in answer.text


def test_without_a_database_she_has_a_phone_number_and_her_words(ana: Client) -> None:
    with connection.execute_wrapper(refuse):
        answers = [
            ana.post(address("write"), {"text": WORDS}),
            ana.get(HERS),
            ana.get(address("download")),
        ]
        assert ana.get(address("leave")).status_code == 302, "leaving asks nobody"
    for answer in answers:
        assert answer.status_code == 503
        assert "We cannot open your page right now" in words_of(answer)
    assert WORDS in answers[0].text
    assert "server closed" not in answers[0].text


def test_a_quarantined_request_is_looked_at_and_a_message_frees_it(client: Client) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    client.get(address(private_links.create_link(inquiry)))
    prove(client)
    page = words_of(client.get(HERS))
    assert "A person of our clinic will look at it by" in page
    assert "quarantine" not in page.lower()
    client.post(address("write"), {"text": WORDS})
    assert latest(inquiry).state == State.NEW
    assert Event.Kind.CLEARED in kinds(inquiry)


def test_nobody_can_bury_a_request_under_messages(
    ana: Client, inquiry: Inquiry, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correspondence, "MAX_UNREAD", 3)
    events.record_reading(inquiry, by=coordinator)
    for number in range(3):
        assert ana.post(address("write"), {"text": f"{WORDS} {number}"}).status_code == 302
    before = latest(inquiry).version
    for step in ("write", "answered", "reach", "link"):
        answer = ana.post(address(step), STEPS[step])
        assert answer.status_code == 422, step
        assert "nobody has read it yet" in words_of(answer), step
    assert typed_into(ana.post(address("write"), {"text": WORDS}), "text") == WORDS
    assert latest(inquiry).version == before
    assert ana.get(address("reach")).status_code == 200, "and looking is free"
    events.record_reading(inquiry, by=coordinator)
    assert ana.post(address("write"), {"text": WORDS}).status_code == 302


def test_with_limits_turned_off_no_request_is_full(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(correspondence, "MAX_UNREAD", 1)
    correspondence.write_message(inquiry, text=WORDS)
    assert correspondence.is_inbox_full(inquiry)
    settings.RATE_LIMITS_ENABLED = False
    assert not correspondence.is_inbox_full(inquiry)


@pytest.mark.parametrize("step", ["withdraw", "erase", "revoke"])
def test_however_much_she_wrote_she_can_end_it(
    ana: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(correspondence, "MAX_UNREAD", 0)
    assert ana.post(address("write"), {"text": WORDS}).status_code == 422
    assert ana.post(address(step), STEPS[step]).status_code == 302


# --- Two requests, one browser --------------------------------------------------------------------


@pytest.fixture
def mothers() -> Inquiry:
    return make_inquiry(phone="202-555-0177", phone_e164="+12025550177")


def other_tab(ana: Client, mothers: Inquiry, *, is_proven: bool) -> dict[str, str]:
    """She opens her mother's request; what the forms of her own page, still open, hide."""
    page = BeautifulSoup(ana.get(HERS).text, "html.parser")
    ana.get(address(private_links.create_link(mothers)))
    if is_proven:
        prove(ana, "0177")
        assert opens(ana)
    return {"of": str(page.select_one('[name="of"]')["value"])}  # type: ignore[index]


@pytest.mark.parametrize("is_proven", [True, False])
@pytest.mark.parametrize("step", [*STEPS, "prove"])
def test_what_is_meant_for_one_request_is_not_done_to_the_one_opened_last(
    ana: Client, inquiry: Inquiry, mothers: Inquiry, step: str, is_proven: bool
) -> None:
    of_hers = other_tab(ana, mothers, is_proven=is_proven)
    before = [kinds(inquiry), kinds(mothers)]
    fields = STEPS.get(step, {"detail": "0177", "text": WORDS})
    answer = ana.post(address(step), fields | of_hers)
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


def test_a_page_leads_to_no_step_of_another_request(ana: Client, mothers: Inquiry) -> None:
    page = BeautifulSoup(ana.get(HERS).text, "html.parser")
    other_tab(ana, mothers, is_proven=True)
    steps = {str(link["href"]) for link in page.select("main a") if "of=" in str(link["href"])}
    assert len(steps) == 6
    for step in steps:
        answer = ana.get(step)
        assert "Another request is open" in words_of(answer), step


def test_every_form_says_of_which_request_it_is(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    reply(inquiry, coordinator, "Here is the answer.")
    pages = [ana.get(address(step)) for step in ("", "reach", "withdraw", "erase", "link")]
    pages += [ana.get(address("revoke")), with_link_of(inquiry).get(HERS)]
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
def test_who_has_left_does_not_get_back_by_the_confirmation(
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
    assert cookie["path"] == ("/" if secure else "/care-coordinator/")


def test_whether_we_took_her_for_a_machine_is_staffs(client: Client, coordinator: User) -> None:
    submission = submission_history.current_submission(make_inquiry())
    signs = {SpamSignal.TRAP, SpamSignal.FLOOD}
    inquiry = reception.receive_inquiry(
        submission, Arrival(key="one-form-on-one-screen", signals=signs)
    )
    assert inquiry.state == State.QUARANTINED
    client.get(address(private_links.create_link(inquiry)))
    prove(client)
    copy = client.get(address("download")).json()
    assert copy["state"] == "New"
    assert copy["what_happened"][0]["details"] == {"channel": "web"}
    triage.clear_from_quarantine(latest(inquiry), version=latest(inquiry).version, by=coordinator)
    for step in ("", "download"):
        shown = client.get(address(step)).text.lower()
        for hidden in ("quarantin", "suspicion", SpamSignal.TRAP, "flood", "cleared"):
            assert hidden not in shown, (step, hidden)
