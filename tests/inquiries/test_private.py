"""The private page of one request: who gets in, what she sees there, what she can do."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.core import signing
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries import correspondence, intake, ledger, links, privacy, triage
from inquiries.models import Event, Inquiry, Message
from inquiries.states import ErasureReason, Outcome, Sign, State
from inquiries.views import private, visits
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db

HERS = "/care-coordinator/request/"
DETAIL = "0100"
WORDS = "I waited all day, and nobody called."
NOON = "2026-11-23T12:00:05Z"
#: Each that changes something, with what a good form of it says.
STEPS: dict[str, dict[str, Any]] = {
    "write": {"text": WORDS},
    "answered": {"answered": "no"},
    "reach": {
        "contact_method": "email",
        "email": "new@example.org",
        "voicemail": "none",
        "language": "es",
    },
    "withdraw": {},
    "erase": {"sure": "on"},
    "link": {},
    "revoke": {},
}


class Browser(Client):
    """Sends along what the forms of a page hide: of which request it is."""

    def post(self, path: str, data: Any = None, *args: Any, **more: Any) -> Any:  # type: ignore[override]
        return super().post(path, self.hidden() | (data or {}), *args, **more)

    def hidden(self) -> dict[str, str]:
        held = self.cookies.get("request") or self.cookies.get("__Host-request")
        request = RequestFactory().get("/")
        request.COOKIES["request"] = held.value if held else ""
        return {"of": visits.page_mark(request)}


@pytest.fixture
def client() -> Client:
    return Browser()


@pytest.fixture
def inquiry() -> Inquiry:
    return make_inquiry(email="ana@example.org")


@pytest.fixture
def token(inquiry: Inquiry) -> str:
    return links.make(inquiry)


@pytest.fixture
def at_the_door(client: Client, token: str) -> Client:
    """Her link is open; nobody has asked her for a detail yet."""
    client.get(address(token))
    return client


@pytest.fixture
def ana(at_the_door: Client) -> Client:
    prove(at_the_door)
    return at_the_door


def prove(client: Client, detail: str = DETAIL, **more: Any) -> Any:
    return client.post(address("prove"), {"detail": detail}, **more)


def with_link_of(inquiry: Inquiry, **client: Any) -> Client:
    """A browser of its own, at the door."""
    visitor = Browser(**client)
    visitor.get(address(links.make(inquiry)))
    return visitor


def address(step: str) -> str:
    return f"{HERS}{step}/" if step else HERS


def opens(client: Client) -> bool:
    return "data-reference" in client.get(HERS).text


def words_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").get_text(" ").split())


def typed_into(response: Any, name: str) -> str:
    page = BeautifulSoup(response.text, "html.parser")
    return page.select_one(f'textarea[name="{name}"]').get_text().removeprefix("\n")  # type: ignore[union-attr]


def kinds(inquiry: Inquiry) -> list[str]:
    return [event.kind for event in inquiry.events.order_by("number")]


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(**by), tick=False):
        yield


# --- Getting in -----------------------------------------------------------------------------------


def test_the_link_and_a_detail_open_the_page(client: Client, inquiry: Inquiry, token: str) -> None:
    first = client.get(address(token))
    assert (first.status_code, first["Location"]) == (302, HERS)
    assert "last four digits" in client.get(HERS).text
    answer = prove(client)
    assert (answer.status_code, answer["Location"]) == (302, HERS)
    page = client.get(HERS)
    assert page.status_code == 200
    assert f'data-reference="{inquiry.reference}"' in page.text


@pytest.mark.parametrize(
    "detail",
    [
        *("0100", " 0100 ", "555-0100", "(202) 555-0100", "+1 202 555 0100"),
        *("\uff10\uff11\uff10\uff10", "\u0660\u0661\u0660\u0660"),
        *("ana@example.org", " ANA@Example.org "),
    ],
)
def test_a_detail_may_be_typed_in_many_ways(at_the_door: Client, detail: str) -> None:
    prove(at_the_door, detail)
    assert opens(at_the_door)


@pytest.mark.parametrize(
    "detail",
    ["9999", "100", "00", "", "   ", "01", "@", "ana", "ana@example.com", "a@b", "@" * 999],
)
def test_a_wrong_detail_opens_nothing_and_says_nothing(
    at_the_door: Client, inquiry: Inquiry, detail: str
) -> None:
    answer = prove(at_the_door, detail)
    assert answer.status_code == 422
    assert not opens(at_the_door)
    assert inquiry.reference not in answer.text
    assert "Ana" not in answer.text


def test_wrong_details_get_the_same_answer_whatever_is_known(client: Client) -> None:
    answers = set()
    for fields in (
        {"email": "ana@example.org"},
        {"contact_method": "email", "email": "ana@example.org", "phone": "", "phone_e164": ""},
        {"email": ""},
    ):
        client.get(address(links.make(make_inquiry(**fields))))  # type: ignore[arg-type]
        answers |= {words_of(prove(client, "9999")), words_of(prove(client, "9@example.org"))}
    assert len(answers) == 1


def test_without_a_phone_no_digits_open_it(client: Client) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org", phone="", phone_e164="")
    client.get(address(links.make(inquiry)))
    for detail in ("", "0", "0000"):
        prove(client, detail)
        assert not opens(client)


def test_a_corrected_number_opens_it_and_the_one_before_no_longer(
    at_the_door: Client, inquiry: Inquiry
) -> None:
    before = intake.submission_of(inquiry)
    new = {"phone": "202-555-0199", "phone_e164": "+12025550199", "email": "new@example.org"}
    intake.correct(inquiry, type(before)(**{**vars(before), **new}))
    for detail in ("0100", "ana@example.org"):
        prove(at_the_door, detail)
        assert not opens(at_the_door), detail
    prove(at_the_door, "0199")
    assert opens(at_the_door)


def test_a_link_that_was_mailed_asks_for_the_phone_where_there_is_one(client: Client) -> None:
    written = {"contact_method": "email", "email": "ana@example.org"}
    for phone, opening, not_opening in (
        ({}, "0100", "ana@example.org"),
        ({"phone": "", "phone_e164": ""}, "ana@example.org", "0100"),
    ):
        inquiry = make_inquiry(**written, **phone)  # type: ignore[arg-type]
        client.get(address(links.make(inquiry, mailed=True)))
        answer = prove(client, not_opening)
        assert answer.status_code == 422
        assert "or, if you gave none, your email address" in words_of(answer)
        prove(client, opening)
        assert opens(client)


def test_straight_from_the_confirmation_nobody_is_asked(client: Client) -> None:
    client.post(
        "/care-coordinator/ask/",
        {
            "full_name": "Ana Example",
            "phone": "202-555-0100",
            "message": "May I talk to someone?",
            "consent": "on",
            "idempotency_key": "one-form-on-one-screen",
        },
    )
    client.post("/care-coordinator/sent/open/")
    assert opens(client)


# --- Staying out ----------------------------------------------------------------------------------


def test_without_a_cookie_there_is_a_friendly_page(client: Client) -> None:
    answer = client.get(HERS)
    assert answer.status_code == 404
    assert "Open your private link again" in words_of(answer)
    for step in STEPS:
        assert client.get(address(step)).status_code == 404, step


def _revoked(inquiry: Inquiry) -> None:
    links.revoke_all(inquiry)


def _expired(inquiry: Inquiry) -> None:
    inquiry.links.update(ends_at=timezone.now())


def _erased(inquiry: Inquiry) -> None:
    correspondence.erase(inquiry)


ENDINGS = pytest.mark.parametrize("end", [_revoked, _expired, _erased])


@ENDINGS
def test_a_link_that_has_ended_looks_like_one_that_never_was(
    client: Client, inquiry: Inquiry, token: str, end: Callable[[Inquiry], None]
) -> None:
    never = client.get(f"{HERS}{'A' * 43}/")
    end(inquiry)
    answer = client.get(address(token))
    assert answer.status_code == never.status_code == 404
    assert words_of(answer) == words_of(never)
    assert "Call us" in words_of(answer) or "Send us" in words_of(answer)
    assert not client.cookies


@ENDINGS
def test_a_page_that_stands_open_ends_with_its_link(
    ana: Client, inquiry: Inquiry, end: Callable[[Inquiry], None]
) -> None:
    assert opens(ana)
    end(inquiry)
    assert ana.get(HERS).status_code == 404
    answer = ana.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert WORDS in answer.text
    assert not Message.objects.exists()


def test_at_the_door_an_ended_link_is_not_asked_about(
    at_the_door: Client, inquiry: Inquiry
) -> None:
    links.revoke_all(inquiry)
    assert prove(at_the_door).status_code == 404


def test_who_came_from_the_confirmation_is_out_too_when_links_are_taken_back(
    inquiry: Inquiry, client: Client, rf: Any
) -> None:
    links.revoke_all(inquiry)  # before she came in: that was about others
    let_in(client, rf, inquiry)
    assert opens(client)
    links.revoke_all(inquiry)
    assert not opens(client)


def test_a_confirmation_from_before_links_were_taken_back_opens_nothing(
    inquiry: Inquiry, client: Client, rf: Any
) -> None:
    began = timezone.now()
    let_in(client, rf, inquiry, began=began)
    assert opens(client)
    links.revoke_all(inquiry)
    let_in(client, rf, inquiry, began=began)
    assert not opens(client)


def let_in(client: Client, rf: Any, inquiry: Inquiry, **more: Any) -> None:
    response = HttpResponse()
    private.admit(rf.get("/"), response, inquiry, **more)
    client.cookies.update(response.cookies)


def test_after_half_an_hour_without_her_it_asks_again(ana: Client) -> None:
    with later(minutes=29):
        assert opens(ana)
    with later(minutes=58):  # each visit makes it last
        assert opens(ana)
    with later(minutes=89):
        assert not opens(ana)
        assert "last four digits" in ana.get(HERS).text, "her link is still known"
        prove(ana)
        assert opens(ana)


def test_after_two_hours_it_asks_again_in_any_case(ana: Client) -> None:
    for minutes in range(20, 120, 20):
        with later(minutes=minutes):
            assert opens(ana), minutes
    with later(minutes=121):
        assert not opens(ana)
        assert ana.get(HERS).status_code == 200


def test_after_a_night_the_link_is_needed(ana: Client) -> None:
    with later(hours=9):
        assert ana.get(HERS).status_code == 404


def test_a_cookie_that_was_tampered_with_is_none(ana: Client, at_the_door: Client) -> None:
    theirs = make_inquiry()
    good = ana.cookies["request"].value
    payload, _, signature = good.partition(":")
    visit = visits.Visit(str(theirs.pk), None, 0.0, 9e9, is_proven=True)
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        f"{payload[:-2]}xx:{signature}",
        signing.dumps(list(vars(visit).values()), salt="inquiries.sent"),
        signing.dumps(list(vars(visit).values()), key="x", salt="inquiries.visit"),
        signing.dumps(["two", "words"], salt="inquiries.visit"),
        signing.dumps({"reference": theirs.reference}, salt="inquiries.visit"),
        "",
        "\u00e9",
    ]
    for cookie in forged:
        ana.cookies["request"] = cookie
        assert ana.get(HERS).status_code == 404, cookie


def test_ones_own_cookie_opens_only_ones_own_request(ana: Client, inquiry: Inquiry) -> None:
    other = make_inquiry(full_name="Berta Other", phone="202-555-0177", phone_e164="+12025550177")
    ana.get(address(links.make(other)))
    assert not opens(ana), "another link: another door"
    assert prove(ana).status_code == 422, "and Ana's detail does not open it"
    prove(ana, "0177")
    assert other.reference in ana.get(HERS).text
    assert inquiry.reference not in ana.get(HERS).text


def test_her_own_link_again_does_not_ask_again(ana: Client, token: str, inquiry: Inquiry) -> None:
    for again in (token, links.make(inquiry)):
        ana.get(address(again))
        assert opens(ana)


def test_the_cookie_is_for_this_page_alone_and_for_no_script(client: Client, token: str) -> None:
    client.get(address(token))
    cookie = client.cookies["request"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Lax", HERS, "")
    assert token not in cookie.value
    secure = Browser()
    secure.get(address(token), secure=True)
    cookie = secure.cookies["__Host-request"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Lax", "/", True)
    secure.post(address("prove"), {"detail": DETAIL}, secure=True)
    assert "data-reference" in secure.get(HERS, secure=True).text


def test_the_token_stands_nowhere_in_the_database(ana: Client, token: str) -> None:
    ana.post(address("write"), {"text": WORDS})
    held = "\n".join(
        str(row) for model in apps.get_models() for row in model._default_manager.values_list()
    )
    assert str(Inquiry.objects.get().reference) in held, "it was looked for where it would be"
    assert token not in held


# --- Guesses --------------------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_the_sixth_guess_at_one_link_waits(inquiry: Inquiry) -> None:
    visitor, other = with_link_of(inquiry), with_link_of(inquiry)
    for _ in range(5):
        assert prove(visitor, "9999").status_code == 422
    answer = prove(visitor)
    assert answer.status_code == 429, "even a right one"
    assert answer["Retry-After"] == "900"
    assert "try again in 15 minutes" in words_of(answer)
    assert not opens(visitor)
    prove(other)
    assert opens(other), "another link of hers goes on"
    with later(minutes=15):
        prove(visitor)
        assert opens(visitor)


@time_machine.travel(NOON, tick=False)
def test_in_one_day_twenty_guesses_at_one_link_are_all(inquiry: Inquiry) -> None:
    token, tried = links.make(inquiry), []
    for quarter in range(6):
        with later(minutes=16 * quarter):
            visitor = Browser()
            visitor.get(address(token))
            tried += [prove(visitor, "9999").status_code for _ in range(4)]
    assert tried == [422] * 20 + [429] * 4
    with later(minutes=16 * 6):
        visitor = Browser()
        visitor.get(address(token))
        answer = prove(visitor)
        assert answer.status_code == 429
        assert "hours" in words_of(answer)


def test_a_right_detail_makes_up_for_slips(at_the_door: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            prove(at_the_door, "9999")
        assert prove(at_the_door).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_of_one_network_the_twenty_first_try_waits() -> None:
    for _ in range(20):
        assert prove(with_link_of(make_inquiry()), "9999").status_code == 422
    answer = prove(with_link_of(make_inquiry()))
    assert answer.status_code == 429
    assert answer["Retry-After"] == "895"
    elsewhere = with_link_of(make_inquiry(), REMOTE_ADDR="198.51.100.7")
    prove(elsewhere)
    assert opens(elsewhere)


@pytest.mark.parametrize("broken", ["add", "incr", "touch"])
def test_a_cache_that_is_down_locks_nobody_out(
    client: Client, inquiry: Inquiry, rf: Any, broken: str
) -> None:
    let_in(client, rf, inquiry)
    with (
        later(minutes=31),
        patch.object(FileBasedCache, broken, side_effect=OSError),
    ):
        for _ in range(7):
            assert prove(client, "9999").status_code == 422
        assert prove(client).status_code == 302


def test_without_a_link_guesses_are_counted_too(client: Client, inquiry: Inquiry, rf: Any) -> None:
    let_in(client, rf, inquiry)
    with later(minutes=31):
        tried = [prove(client, "9999").status_code for _ in range(6)]
    assert tried == [422] * 5 + [429]


def test_guesses_at_a_link_are_counted_whatever_becomes_of_the_cache(at_the_door: Client) -> None:
    tried = []
    for _ in range(6):
        tried.append(prove(at_the_door, "9999").status_code)
        cache.clear()
    assert tried == [422] * 5 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_eight_guesses_at_once_five_are_heard(inquiry: Inquiry) -> None:
    token = links.make(inquiry)

    def guess(_: int) -> int:
        visitor = Browser()
        visitor.get(address(token))
        return int(prove(visitor, "9999").status_code)

    assert sorted(together(8, guess)) == [422] * 5 + [429] * 3


@time_machine.travel(NOON, tick=False)
def test_limits_can_be_switched_off_to_measure(inquiry: Inquiry) -> None:
    visitor = with_link_of(inquiry)
    with override_settings(RATE_LIMITS=False):
        assert {prove(visitor, "9999").status_code for _ in range(25)} == {422}


# --- What browsers are told -----------------------------------------------------------------------


def test_every_answer_is_kept_nowhere_found_by_nobody_and_told_to_nobody(
    ana: Client, token: str
) -> None:
    stranger = Browser()
    answers = [
        stranger.get(HERS),
        stranger.get(address("unknown")),
        stranger.get(address(token)),
        stranger.get(HERS),
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


def test_looking_changes_nothing(ana: Client, token: str, inquiry: Inquiry) -> None:
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


def test_no_step_is_taken_without_the_proof_that_it_is_ours(ana: Client, inquiry: Inquiry) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = ana.cookies
    inquiry.refresh_from_db()
    before = inquiry.version
    for step, fields in STEPS.items():
        answer = strict.post(address(step), fields)
        assert answer.status_code == 422, step
        assert "press the button once more" in words_of(answer), step
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


def test_it_says_whose_turn_it_is_and_by_when(ana: Client, inquiry: Inquiry) -> None:
    page = words_of(ana.get(HERS))
    assert "It is our turn" in page
    assert "We will try to call you by 5 p.m. on" in page
    assert "We have not tried yet" in page
    with later(days=30):
        ana.get(address(links.make(inquiry)))
        prove(ana)
        assert "We are late, and we are sorry" in words_of(ana.get(HERS))


def test_after_our_answer_it_is_her_turn(ana: Client, inquiry: Inquiry, coordinator: User) -> None:
    reply(inquiry, coordinator, "How are you today?")
    page = words_of(ana.get(HERS))
    assert "It is your turn" in page
    assert "How are you today?" in page
    ana.post(address("write"), {"text": WORDS})
    assert "It is our turn" in words_of(ana.get(HERS))


@pytest.mark.parametrize("outcome", Outcome)
def test_each_end_is_told_with_how_to_open_it_again(
    ana: Client, inquiry: Inquiry, coordinator: User, outcome: Outcome
) -> None:
    inquiry = triage.claim(latest(inquiry), version=latest(inquiry).version, by=coordinator)
    triage.close(inquiry, outcome=outcome, version=inquiry.version, by=coordinator)
    page = words_of(ana.get(HERS))
    assert "closed" in page.lower()
    assert "opens it again" in page or "opens your request again" in page
    ana.post(address("write"), {"text": WORDS})
    assert latest(inquiry).state == State.NEW


def latest(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def reply(inquiry: Inquiry, by: User, text: str) -> None:
    inquiry = latest(inquiry)
    if inquiry.state == State.NEW:
        inquiry = triage.claim(inquiry, version=inquiry.version, by=by)
    triage.reply(inquiry, text=text, version=inquiry.version, by=by)


def test_she_sees_who_tried_who_read_and_what_was_said_but_no_note(
    ana: Client, inquiry: Inquiry
) -> None:
    by = make_staff(Role.COORDINATOR, username="jdoe1970", first_name="Jo", last_name="Doe")
    nameless = make_staff(Role.LEAD, username="lead1970", first_name="", last_name="")
    ledger.read(inquiry, by=by)
    ledger.read(inquiry, by=by)
    ledger.read(inquiry, by=nameless)
    reply(inquiry, by, "Dear Ana, I tried to call.")
    inquiry = latest(inquiry)
    inquiry = triage.attempt(
        inquiry, method="phone", reached="nobody", version=inquiry.version, by=by
    )
    triage.note(inquiry, text="She sounded worried.", version=inquiry.version, by=by)
    page = words_of(ana.get(HERS))
    assert "Jo Doe (Care Coordinator) called you. Nobody answered." in page
    assert "Jo Doe (Care Coordinator), 2 times that day" in page
    assert "Lead coordinator" in page
    assert "Dear Ana, I tried to call." in page
    copy = ana.get(address("download")).text
    for hidden in ("She sounded worried", "jdoe1970", "lead1970", "noted", "Note"):
        assert hidden not in page, hidden
        assert hidden not in copy, hidden


def test_hostile_words_stay_words(client: Client) -> None:
    bad = "<script>alert(1)</script>{{ 7|add:7 }}</textarea>\u202e"
    by = make_staff(Role.COORDINATOR, first_name="<b>Jo</b>", last_name="Doe")
    inquiry = make_inquiry(message=bad, full_name=bad, never_contact=bad)
    client.get(address(links.make(inquiry)))
    prove(client)
    ledger.read(inquiry, by=by)
    correspondence.write(inquiry, text=f"again {bad}")
    pages = [client.get(HERS), client.get(address("reach"))]
    pages += [client.post(address("write"), {"text": bad * 200}), prove(Browser(), bad)]
    visitor = Browser()
    visitor.get(address(links.make(inquiry)))
    pages += [visitor.post(address("write"), {"text": bad}), prove(visitor, bad)]
    for page in pages:
        assert "<script" not in page.text
        assert "<b>Jo" not in page.text
        assert "</textarea>{{" not in page.text
    assert "&lt;script&gt;alert(1)" in pages[0].text


def test_the_page_costs_the_same_however_much_happened(
    ana: Client, inquiry: Inquiry, coordinator: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert ana.get(HERS).status_code == 200
        return len(made)

    first = queries()
    for number in range(8):
        ledger.read(latest(inquiry), by=make_staff(Role.LEAD))
        ana.post(address("write"), {"text": f"{WORDS} {number}"})
        reply(inquiry, coordinator, "Yes?")
        ana.post(address("reach"), STEPS["reach"] | {"never_contact": str(number)})
    # The request with its key, and all that happened to it.
    assert queries() == first == 2


def test_every_page_is_valid_html(
    ana: Client,
    inquiry: Inquiry,
    coordinator: User,
    validate_html: Callable[[Mapping[str, str]], None],
) -> None:
    reply(inquiry, coordinator, "One.\n\nTwo.")
    asked = {"closed": Browser().get(HERS), "unknown link": Browser().get(address("unknown"))}
    asked |= {"door": with_link_of(inquiry).get(HERS), "wrong": prove(with_link_of(inquiry), "1")}
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


def refuse(*args: Any) -> Any:
    raise OperationalError("the server closed the connection")


def test_words_that_may_mean_danger_put_help_first(ana: Client) -> None:
    ana.post(address("write"), {"text": "I have chest pain"})
    page = words_of(ana.get(HERS))
    assert page.index("Are you safe right now?") < page.index("Your request waits")


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
    now = intake.submission_of(latest(inquiry))
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
    client.get(address(links.make(inquiry, mailed=True)))
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

    write = correspondence.write
    with patch.object(correspondence, "write", erase_first):
        answer = ana.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert "This request was erased" in words_of(answer)
    assert WORDS in answer.text


erase = privacy.erase


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
    ledger.read(latest(inquiry), by=coordinator)
    answer = ana.get(address("download"))
    assert answer["Content-Disposition"] == 'attachment; filename="my-request.json"'
    copy = json.loads(answer.content)
    assert copy["reference"] == inquiry.reference
    assert copy["you_sent"]["full_name"] == "Ana Example"
    assert copy["you_changed"][0]["email"] == "new@example.org"
    assert [each["text"] for each in copy["messages"]] == [inquiry.message, WORDS]
    assert {"Read", "Message", "Received"} <= {each["what"] for each in copy["what_happened"]}
    assert len(copy["private_links"]) == 1
    assert len(copy["emails_to_you"]) == 2


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
    link = page.select_one(".leave a")
    assert link
    assert "noreferrer" in link["rel"]
    answer = ana.get(str(link["href"]))
    assert (answer.status_code, answer["Location"]) == (302, private.LEAVE_TO)
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
    client.get(address(links.make(inquiry)))
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
    monkeypatch.setattr(correspondence, "MOST_UNSEEN", 3)
    ledger.read(inquiry, by=coordinator)
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
    ledger.read(inquiry, by=coordinator)
    assert ana.post(address("write"), {"text": WORDS}).status_code == 302


@pytest.mark.parametrize("step", ["withdraw", "erase", "revoke"])
def test_however_much_she_wrote_she_can_end_it(
    ana: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(correspondence, "MOST_UNSEEN", 0)
    assert ana.post(address("write"), {"text": WORDS}).status_code == 422
    assert ana.post(address(step), STEPS[step]).status_code == 302


# --- Two requests, one browser --------------------------------------------------------------------


@pytest.fixture
def mothers() -> Inquiry:
    return make_inquiry(phone="202-555-0177", phone_e164="+12025550177")


def other_tab(ana: Client, mothers: Inquiry, *, is_proven: bool) -> dict[str, str]:
    """She opens her mother's request; what the forms of her own page, still open, hide."""
    page = BeautifulSoup(ana.get(HERS).text, "html.parser")
    ana.get(address(links.make(mothers)))
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
    assert cookie["path"] == ("/" if secure else "/care-coordinator/sent/")


def test_whether_we_took_her_for_a_machine_is_staffs(client: Client, coordinator: User) -> None:
    submission = intake.submission_of(make_inquiry())
    signs = {Sign.TRAP, Sign.FLOOD}
    inquiry = intake.receive(submission, key="one-form-on-one-screen", signs=signs)
    assert inquiry.state == State.QUARANTINED
    client.get(address(links.make(inquiry)))
    prove(client)
    copy = client.get(address("download")).json()
    assert copy["state"] == "New"
    assert copy["what_happened"][0]["details"] == {"channel": "web"}
    triage.clear(latest(inquiry), version=latest(inquiry).version, by=coordinator)
    for step in ("", "download"):
        shown = client.get(address(step)).text.lower()
        for hidden in ("quarantin", "suspicion", Sign.TRAP, "flood", "cleared"):
            assert hidden not in shown, (step, hidden)
