"""Finding a request by what the database cannot read, and what finding it leaves behind."""

# ruff: noqa: RUF001 - people have names in letters that look like others

import hashlib
import json
import logging
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inquiries import encryption, keyring, privacy
from inquiries.models import AuditEntry, IndexEntry, Inquiry, PurposeKey
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.states import ErasureReason, State
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
FIND = f"{QUEUE}find/"

in_one_database = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def found(typed: str) -> list[Inquiry]:
    return lookup.find_inquiries(typed)[1]


def read_as(typed: str) -> str:
    return lookup.find_inquiries(typed)[0]


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def references(response: Any) -> list[str]:
    page = BeautifulSoup(response.text, "html.parser")
    return [str(row["data-reference"]) for row in page.select("tr[data-reference]")]


# --- Names ----------------------------------------------------------------------------------------

# Without the few that stand for several words, or for an accent over nothing.
LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Mn", "Mc"]).filter(
    lambda letter: " " not in unicodedata.normalize("NFKD", letter)
)
WORDS = st.text(LETTERS, min_size=3, max_size=40).filter(lambda word: _letters(word) >= 3)
NAMES = st.lists(WORDS, min_size=1, max_size=4)


def _taken_apart(word: str) -> str:
    return unicodedata.normalize("NFD", word)


CHANGES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title, _taken_apart]


def _letters(word: str) -> int:
    """How many are left of it where accents are left out."""
    plain = unicodedata.normalize("NFKD", word)
    return sum(not unicodedata.combining(each) for each in plain)


@in_one_database
@given(words=NAMES, between=st.sampled_from([" ", "-", "  ", ", ", " – "]), data=st.data())
def test_any_three_letters_or_more_that_begin_any_word_find_it(
    words: list[str], between: str, data: st.DataObject
) -> None:
    name = between.join(words)
    assume(len(name) <= 200)
    inquiry = make_inquiry(full_name=name)
    word = data.draw(st.sampled_from(words))
    beginning = word[: data.draw(st.integers(3, len(word)))]
    assume(_letters(beginning) >= 3)
    changed = data.draw(st.sampled_from(CHANGES))
    kind, rows = lookup.find_inquiries(changed(beginning))
    assert kind == "name"
    assert inquiry in rows


@in_one_database
@given(name=st.text(max_size=60))
def test_the_words_of_a_name_are_the_same_read_twice(name: str) -> None:
    words = normalized_words(name)
    assert normalized_words(" ".join(words)) == words


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (
            "José O’Neil-Smith",
            ["jose", "JOSÉ", "Jos", "oneil", "O'Neil", "o‘nei", "smi", "Oneil-Smith"],
        ),
        ("Keʻala Kahale", ["keala", "Ke'ala", "Ke‘ala", "Ke`ala"]),
        ("Anne-Marie Straße", ["Anne-Marie", "anne mar", "STRASSE", "stras", "Straß"]),
        ("İpek Yıldız", ["ipek", "İPEK", "Ipek", "yildiz", "YILDIZ", "yıldız"]),
        ("Marcel·lí Gal\u0140a", ["marcelli", "marcel·l", "galla", "Gal·l"]),
        ("Søren Łukasz Đặng", ["soren", "lukasz", "dang", "SØREN"]),
        ("Владимир Йолкин", ["влад", "ВЛАДИМИР", "йол"]),
        ("محمد الأحمدي", ["محمد", "مُحَمَّد", "الأح", "الاحمدي"]),
        ("王小明", ["王小明"]),
        ("王明", ["王明"]),
        ("김민준", ["김민준", "김민", "김"]),
        ("राकमलेश कुमार", ["राक", "राकमलेश", "कुमा"]),
        ("สิริกิต", ["สิริ", "สิริกิต"]),
        ("Li Wu", ["li", "Wu", "WU LI"]),
        ("ℌans Ｗｅｂｅｒ", ["hans", "weber"]),
        ("Wolfeschlegelsteinhausenbergerdorff", ["wol", "wolfeschlegelstein", "Wolfeschlegelst"]),
        ("Ana\u00a0María\u2009Example", ["maria", "Ana Maria", "María Ana"]),
    ],
)
def test_names_are_found_as_people_type_them(name: str, typed: list[str]) -> None:
    make_inquiry(full_name="Somebody Else")
    inquiry = make_inquiry(full_name=name)
    missed = [each for each in typed if found(each) != [inquiry]]
    assert not missed


@pytest.mark.parametrize("typed", ["An", "Exa Ben", "Examples", "mple", "Ana Sample", "nothing"])
def test_less_or_other_letters_find_nothing(typed: str) -> None:
    make_inquiry(full_name="Ana Example")
    assert found(typed) == []


def test_the_patients_name_finds_it_too() -> None:
    inquiry = make_inquiry(patient_name="Ben Specimen")
    assert found("speci") == [inquiry]


def test_every_word_that_is_typed_narrows_it_down() -> None:
    both = make_inquiry(full_name="Ana Example")
    make_inquiry(full_name="Ana Sample")
    assert len(found("ana")) == 2
    assert found("exam ana") == [both]


def test_what_was_corrected_is_found_by_the_old_and_by_the_new() -> None:
    key = "one-form-on-one-screen"
    make_inquiry(key=key, full_name="Ana Exmaple", email="ana@exmaple.org")
    inquiry = make_inquiry(
        key=key,
        full_name="Ana Example",
        email="ana@example.org",
        phone="(202) 555-0177",
        phone_e164="+12025550177",
    )
    for typed in (
        *("exmaple", "example", "ana@exmaple.org", "ana@example.org"),
        *("202 555 0100", "202 555 0177"),
    ):
        assert found(typed) == [inquiry]


# --- Phones, e-mails, references ------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("(202) 555-0100", "202-555-0100", "202.555.0100", "2025550100", " 202 555 0100 "),
        *("+1 202 555 0100", "1-202-555-0100", "+12025550100", "tel:+1-202-555-0100"),
        *("202-555-0100 x12", "202-555-0100 ext. 5", "2025550100x5", "２０２５５５０１００"),
        "\u200e202\u2011555\u20110100",
    ],
)
def test_a_phone_is_found_in_any_shape(typed: str) -> None:
    inquiry = make_inquiry()
    make_inquiry(phone="202-555-0101", phone_e164="+12025550101")
    assert (read_as(typed), found(typed)) == ("phone", [inquiry])


@pytest.mark.parametrize("typed", ["555-0100", "0100", "202555", "202-555-0199"])
def test_a_part_of_a_phone_finds_nothing(typed: str) -> None:
    make_inquiry()
    assert found(typed) == []


def test_an_email_is_found_whole_in_any_case_and_not_by_a_part() -> None:
    inquiry = make_inquiry(email="Ana.Example@Example.org")
    for typed in (
        "ana.example@example.org",
        " ANA.EXAMPLE@EXAMPLE.ORG\n",
        "Ana.Example@example.ORG",
    ):
        assert (read_as(typed), found(typed)) == ("email", [inquiry])
    for typed in ("ana.example@", "@example.org", "ana@example.org", "ana.example@example.or"):
        assert (read_as(typed), found(typed)) == ("email", [])


def test_the_longest_email_there_is_is_found(at_work: Client) -> None:
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.org"[:254]
    inquiry = make_inquiry(email=email)
    assert references(at_work.post(FIND, {"q": email})) == [inquiry.reference]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda right: right[:-1],
        lambda right: right[:-2],
        lambda right: f"{right[:-1]}{'2' if right[-1] != '2' else '3'}",
        lambda right: right.replace("-", ""),
        lambda right: right.replace("-", "\u2013"),
    ],
)
def test_a_mistyped_reference_is_named_as_such(at_work: Client, wrong: Any) -> None:
    """Made so that it cannot be right: the check character tells."""
    make_inquiry()
    typed = wrong("K7QM-3XRT-9WL5")
    page = at_work.post(FIND, {"q": typed})
    assert "is not one of our references" in page.text
    assert references(page) == []
    field = BeautifulSoup(page.text, "html.parser").select_one("#q")
    assert field
    assert field["value"] == typed, "to be mended, not typed again"
    assert field["aria-describedby"] == "found"


def test_a_name_that_looks_like_a_reference_is_still_found() -> None:
    inquiry = make_inquiry(full_name="Johnson R2D2 Example")
    assert (read_as("Johnson R2D2"), found("Johnson R2D2")) == ("name", [inquiry])


# --- What is found --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_requests_are_found_in_every_state_but_erased(state: State) -> None:
    inquiry = make_inquiry(state, email="ana@example.org")
    expected = [] if state == State.ERASED else [inquiry]
    for typed in ("example", "(202) 555-0100", "ana@example.org"):
        assert found(typed) == expected
    assert found(inquiry.reference) == [inquiry], "its reference stays"


def test_the_newest_come_first_and_a_limit_says_so(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MAX_RESULTS", 3)
    made = [make_inquiry().reference for _ in range(4)]
    page = at_work.post(FIND, {"q": "example"})
    assert references(page) == made[:0:-1]
    assert "The newest 3 found by name." in page.text
    fewer = at_work.post(FIND, {"q": made[0]})
    assert "1 found by reference." in fewer.text
    assert "The newest" not in fewer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("zzz", "read as part of a name"),
        ("202 555 0199", "read as a phone number"),
        ("no@example.org", "read as an email address"),
        ("?!", "Type a reference"),
    ],
)
def test_nothing_found_says_what_was_looked_for(at_work: Client, typed: str, said: str) -> None:
    page = at_work.post(FIND, {"q": typed})
    assert page.status_code == 200
    assert said in page.text


def test_nothing_typed_leads_back_to_the_queue(at_work: Client) -> None:
    for response in (at_work.post(FIND, {"q": "  "}), at_work.post(FIND), at_work.get(FIND)):
        assert response["Location"] == QUEUE
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.SEARCHED).exists()


@pytest.mark.parametrize("role", ["", Role.EDITOR, Role.REVIEWER])
def test_only_who_may_see_requests_may_search_them(client: Client, role: str) -> None:
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
def test_whatever_is_typed_is_only_looked_for(at_work: Client, typed: str) -> None:
    inquiry = make_inquiry()
    page = at_work.post(FIND, {"q": typed})
    assert page.status_code == 200
    assert references(page) in ([], [inquiry.reference])
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert len(page.content) < 40_000, "not all of it is given back"
    assert Inquiry.objects.count() == 1


def test_half_a_character_is_looked_for_like_any_other(at_work: Client) -> None:
    form = "application/x-www-form-urlencoded"
    for sent in (b"q=%ED%A0%80ana@example.org", b"q=%FF%FE", b"q=Ana%80"):
        assert at_work.post(FIND, sent, content_type=form).status_code == 200


# --- What a search leaves behind ------------------------------------------------------------------

CANARY = "Xanthippe-Quicksilver"


def test_a_name_in_an_address_searches_nothing(at_work: Client) -> None:
    make_inquiry(full_name=CANARY)
    for address in (f"{QUEUE}?q={CANARY}", f"{FIND}?q={CANARY}", f"{QUEUE}?q=2025550100"):
        response = at_work.get(address)
        assert response.status_code == 302 or references(response) == []


@pytest.mark.parametrize(
    "typed", [CANARY, f"{CANARY}@example.org", "+1 202 555 0188", f"{CANARY} K7QM"]
)
def test_what_was_searched_for_stays_nowhere(
    at_work: Client, coordinator: User, caplog: pytest.LogCaptureFixture, typed: str
) -> None:
    caplog.set_level(logging.DEBUG)
    make_inquiry()
    page = at_work.post(FIND, {"q": typed})
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.SEARCHED)
    assert entry.by == coordinator
    assert set(entry.detail) == {"by_what", "found"}
    assert entry.detail["by_what"] in {"name", "email", "phone"}
    assert entry.detail["found"] == 0
    told = json.dumps([entry.detail, [vars(record) for record in caplog.records]], default=str)
    in_the_page = BeautifulSoup(page.text, "html.parser")
    links = [
        str(each[name])
        for name in ("href", "action", "src")
        for each in in_the_page.select(f"[{name}]")
    ]
    assert links
    # Whole, because a log is full of numbers, and four digits stand in many of them.
    for word in re.findall(r"\w{4,}", typed):
        assert not re.search(rf"(?<![\d.]){word}\b", told)
        assert not any(word in link for link in links)
    assert "Location" not in page.headers, "the page itself answers: nothing is handed on"
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert _everything_stored().count(b"Quicksilver") == 0


def _everything_stored() -> bytes:
    """Every value of every table, as the database gives it."""
    stored: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are our own
            stored += [_as_bytes(value) for row in cursor.fetchall() for value in row]
    return b"\n".join(stored)


def _as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_the_index_holds_nothing_that_somebody_without_the_key_could_try_out() -> None:
    inquiry = make_inquiry(
        full_name=CANARY, patient_name="Ben Specimen", email="ana@example.org", message=CANARY
    )
    terms = [
        *(
            prefix
            for word in ("xanthippe", "quicksilver", "specimen")
            for prefix in _beginnings(word)
        ),
        *("ben", "ana@example.org", "+12025550100", "12025550100", CANARY),
    ]
    guesses = [
        f"{kind}{term}"
        for term in terms
        for kind in ("", "name:", "whole name:", "email:", "phone:")
    ]
    stored = _everything_stored()
    digests = {bytes(digest) for digest in IndexEntry.objects.values_list("digest", flat=True)}
    assert len(digests) == len(lookup.index_digests(inquiry))
    for guess in guesses:
        for plain in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.blake2b):
            digest = plain(guess.encode()).digest()
            assert digest[:16] not in digests
            assert digest.hex()[:32].encode() not in stored
    for word in (b"quicksil", b"Quicksil", b"specimen", b"Specimen", b"ana@example", b"5550100"):
        assert word not in stored
    with _another_index_key():
        assert digests.isdisjoint(lookup.index_digests(inquiry)), "all of it hangs on the key"
        assert found("quicksilver") == []


def _beginnings(word: str) -> list[str]:
    return [word[:length] for length in range(3, len(word) + 1)]


class _another_index_key:  # noqa: N801 - read like a function
    def __enter__(self) -> None:
        keyring.purpose_key.cache_clear()
        self.row = PurposeKey.objects.get(purpose=PurposeKey.Purpose.INDEX)
        self.before = (bytes(self.row.wrapped), self.row.wrapped_by)
        self.row.wrap(encryption.new_key()).save()

    def __exit__(self, *error: object) -> None:
        self.row.wrapped, self.row.wrapped_by = self.before
        self.row.save()
        keyring.purpose_key.cache_clear()


def test_an_erasure_takes_all_of_its_index_rows_and_no_others(privacy_officer: User) -> None:
    key = "one-form-on-one-screen"
    make_inquiry(key=key, full_name="Ana Example")
    inquiry = make_inquiry(key=key, full_name="Ana Corrected")
    other = make_inquiry(full_name="Ana Example")
    kept = IndexEntry.objects.filter(inquiry=other).count()
    privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy_officer
    )
    assert IndexEntry.objects.count() == kept
    assert found("ana") == [other]


@pytest.fixture
def privacy_officer() -> User:
    return make_staff(Role.PRIVACY)


# --- What it costs --------------------------------------------------------------------------------


def test_a_search_costs_the_same_among_5_and_among_60(at_work: Client) -> None:
    made: list[list[int]] = []
    for size in (5, 55):
        for _ in range(size):
            make_inquiry(full_name="Ana Example")
        made.append([_queries(at_work, typed) for typed in ("ana", "ana exa", "2025550100", "zzz")])
    assert made[0] == made[1]
    assert max(made[0]) < 12


def _queries(client: Client, typed: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.post(FIND, {"q": typed}).status_code == 200
    counts = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
    assert all(sql.count("COUNT(") == sql.count("LIMIT 100") for sql in counts)
    return len(captured)
