"""The page of search results, and what it costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.models import AuditEntry, Inquiry
from inquiries.search import lookup
from inquiries.states import State
from portal.models import Role
from tests.factories import make_inquiry, make_staff
from tests.inquiries.search.searches import FIND, QUEUE, found, references

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State)
def test_requests_are_found_in_every_state_but_erased(state: State) -> None:
    inquiry = make_inquiry(state, email="ana@example.org")
    expected = [] if state == State.ERASED else [inquiry]
    for typed in ("example", "(202) 555-0100", "ana@example.org"):
        assert found(typed) == expected
    assert found(inquiry.reference) == [inquiry], "its reference stays"


def test_the_newest_results_come_first_and_the_page_states_the_limit(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MAX_RESULTS", 3)
    made = [make_inquiry().reference for _ in range(4)]
    page = at_work.post(FIND, {"q": "example"}, follow=True)
    assert references(page) == made[:0:-1]
    assert "the newest 3 matches by name." in page.text
    fewer = at_work.post(FIND, {"q": made[0]}, follow=True)
    assert "1 match by reference number." in fewer.text
    assert "the newest" not in fewer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("zzz", "searched by name"),
        ("202 555 0199", "searched by phone number"),
        ("no@example.org", "searched by email address"),
        ("?!", "Type a reference"),
    ],
)
def test_an_empty_result_says_what_was_searched_for(at_work: Client, typed: str, said: str) -> None:
    page = at_work.post(FIND, {"q": typed}, follow=True)
    assert page.status_code == 200
    assert said in page.text


def test_an_empty_search_leads_back_to_the_queue(at_work: Client) -> None:
    for response in (at_work.post(FIND, {"q": "  "}), at_work.post(FIND), at_work.get(FIND)):
        assert response["Location"] == QUEUE
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.SEARCHED).exists()


@pytest.mark.parametrize("role", ["", Role.EDITOR, Role.REVIEWER])
def test_only_people_who_may_see_requests_may_search_them(client: Client, role: str) -> None:
    client.force_login(make_staff(role))
    assert client.post(FIND, {"q": "example"}).status_code == 403
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.SEARCHED).exists()


@pytest.mark.parametrize(
    "typed",
    [
        *("\x00", "Ana\x00Example", "x" * 200_000, "a b " * 50_000, "@" * 200_000, "9" * 200_000),
        *("- " * 100_000, "a1-" * 70_000, "'; DROP TABLE inquiries_inquiry; --", "%", "_", "%' --"),
        *("<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "\ufffd\u202e\U0010ffff"),
        *("\u0301" * 300, "K7QM-3XRT-9WL4" * 1000, "\r\nSet-Cookie: a=b"),
    ],
    ids=lambda typed: ascii(typed[:12]),
)
def test_input_is_only_ever_searched_for(at_work: Client, typed: str) -> None:
    inquiry = make_inquiry()
    page = at_work.post(FIND, {"q": typed}, follow=True)
    assert page.status_code == 200
    assert references(page) in ([], [inquiry.reference])
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert len(page.content) < 40_000, "not all of it is given back"
    assert Inquiry.objects.count() == 1


def test_malformed_characters_are_searched_for_like_any_others(at_work: Client) -> None:
    form = "application/x-www-form-urlencoded"
    for sent in (b"q=%ED%A0%80ana@example.org", b"q=%FF%FE", b"q=Ana%80"):
        assert at_work.post(FIND, sent, content_type=form, follow=True).status_code == 200


def test_a_search_takes_the_same_number_of_queries_among_5_and_60(at_work: Client) -> None:
    made: list[list[int]] = []
    _queries(at_work, "ana")  # reads the lists of topics and colleagues
    for size in (5, 55):
        for _ in range(size):
            make_inquiry(full_name="Ana Example")
        made.append([_queries(at_work, typed) for typed in ("ana", "ana exa", "2025550100", "zzz")])
    # Among few, names that sound alike are looked for as well.
    assert all(many <= few for few, many in zip(*made, strict=True))
    assert max(made[0]) < 50, "with five readings on record"


def _queries(client: Client, typed: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.post(FIND, {"q": typed}, follow=True).status_code == 200
    counts = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
    assert all(sql.count("COUNT(") == sql.count("LIMIT 100") for sql in counts)
    return len(captured)
