"""Finding a request by content that the database cannot read."""

# ruff: noqa: RUF001 - people have names in letters that look like others

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from tests.factories import make_inquiry
from tests.inquiries.search.searches import FIND, found, read_as, references

pytestmark = pytest.mark.django_db

in_one_database = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Without the few characters that stand for several words, or for an accent on its own.
LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Mn", "Mc"]).filter(
    lambda letter: " " not in unicodedata.normalize("NFKD", letter)
)
WORDS = st.text(LETTERS, min_size=3, max_size=40).filter(lambda word: _letters(word) >= 3)
NAMES = st.lists(WORDS, min_size=1, max_size=4)


def _taken_apart(word: str) -> str:
    return unicodedata.normalize("NFD", word)


CHANGES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title, _taken_apart]


def _letters(word: str) -> int:
    """Count the letters that are left without accents."""
    plain = unicodedata.normalize("NFKD", word)
    return sum(not unicodedata.combining(each) for each in plain)


@in_one_database
@given(words=NAMES, between=st.sampled_from([" ", "-", "  ", ", ", " – "]), data=st.data())
def test_the_first_three_or_more_letters_of_any_word_find_a_request(
    words: list[str], between: str, data: st.DataObject
) -> None:
    name = between.join(words)
    assume(len(name) <= 200)
    inquiry = make_inquiry(full_name=name)
    word = data.draw(st.sampled_from(words))
    beginning = word[: data.draw(st.integers(3, len(word)))]
    assume(_letters(beginning) >= 3)
    changed = data.draw(st.sampled_from(CHANGES))
    kind, rows, _ = lookup.find_inquiries(changed(beginning))
    assert kind == "name"
    assert inquiry in rows


@in_one_database
@given(name=st.text(max_size=60))
def test_normalizing_words_twice_changes_nothing(name: str) -> None:
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
def test_fewer_or_different_letters_find_nothing(typed: str) -> None:
    make_inquiry(full_name="Ana Example")
    assert found(typed) == []


def test_the_patients_name_also_finds_a_request() -> None:
    inquiry = make_inquiry(patient_name="Ben Specimen")
    assert found("speci") == [inquiry]


def test_every_word_narrows_the_search() -> None:
    both = make_inquiry(full_name="Ana Example")
    make_inquiry(full_name="Ana Sample")
    assert len(found("ana")) == 2
    assert found("exam ana") == [both]


def test_corrected_requests_are_found_by_old_and_new_details() -> None:
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


@pytest.mark.parametrize(
    "typed",
    [
        *("(202) 555-0100", "202-555-0100", "202.555.0100", "2025550100", " 202 555 0100 "),
        *("+1 202 555 0100", "1-202-555-0100", "+12025550100", "tel:+1-202-555-0100"),
        *("202-555-0100 x12", "202-555-0100 ext. 5", "2025550100x5", "２０２５５５０１００"),
        "\u200e202\u2011555\u20110100",
    ],
)
def test_phone_numbers_are_found_in_any_format(typed: str) -> None:
    inquiry = make_inquiry()
    make_inquiry(phone="202-555-0101", phone_e164="+12025550101")
    assert (read_as(typed), found(typed)) == ("phone", [inquiry])


@pytest.mark.parametrize("typed", ["555-0100", "100", "50100", "202555", "202-555-0199", "0199"])
def test_partial_phone_numbers_find_nothing(typed: str) -> None:
    make_inquiry()
    assert found(typed) == []


def test_emails_are_found_in_any_case_but_not_by_a_part() -> None:
    inquiry = make_inquiry(email="Ana.Example@Example.org")
    for typed in (
        "ana.example@example.org",
        " ANA.EXAMPLE@EXAMPLE.ORG\n",
        "Ana.Example@example.ORG",
    ):
        assert (read_as(typed), found(typed)) == ("email", [inquiry])
    for typed in ("ana.example@", "@example.org", "ana@example.org", "ana.example@example.or"):
        assert (read_as(typed), found(typed)) == ("email", [])


def test_the_longest_possible_email_is_found(at_work: Client) -> None:
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.org"[:254]
    inquiry = make_inquiry(email=email)
    assert references(at_work.post(FIND, {"q": email}, follow=True)) == [inquiry.reference]


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
def test_a_mistyped_reference_is_reported_as_invalid(at_work: Client, wrong: Any) -> None:
    """The check character shows that the reference cannot be right."""
    make_inquiry()
    typed = wrong("K7QM-3XRT-9WL5")
    page = at_work.post(FIND, {"q": typed}, follow=True)
    assert "is not a valid reference number" in page.text
    assert references(page) == []
    field = BeautifulSoup(page.text, "html.parser").select_one("#q")
    assert field
    assert field["value"] == typed, "to be mended, not typed again"
    assert field["aria-describedby"] == "found"


def test_a_name_that_looks_like_a_reference_is_still_found() -> None:
    inquiry = make_inquiry(full_name="Johnson R2D2 Example")
    assert (read_as("Johnson R2D2"), found("Johnson R2D2")) == ("name", [inquiry])
