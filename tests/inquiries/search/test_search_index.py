"""What a search stores and what its index reveals: nothing."""

import hashlib
import json
import logging
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from inquiries import encryption, keyring, privacy
from inquiries.models import AuditEntry, IndexEntry, PurposeKey
from inquiries.search import lookup
from inquiries.states import ErasureReason
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.search.searches import FIND, QUEUE, found, references

pytestmark = pytest.mark.django_db

CANARY = "Xanthippe-Quicksilver"


def test_a_name_in_the_url_searches_nothing(at_work: Client) -> None:
    make_inquiry(full_name=CANARY)
    for address in (f"{QUEUE}?q={CANARY}", f"{FIND}?q={CANARY}", f"{QUEUE}?q=2025550100"):
        response = at_work.get(address)
        assert response.status_code == 302 or references(response) == []


@pytest.mark.parametrize(
    "typed", [CANARY, f"{CANARY}@example.org", "+1 202 555 0188", f"{CANARY} K7QM"]
)
def test_search_terms_are_stored_nowhere(
    at_work: Client, coordinator: User, caplog: pytest.LogCaptureFixture, typed: str
) -> None:
    caplog.set_level(logging.DEBUG)
    make_inquiry()
    page = at_work.post(FIND, {"q": typed}, follow=True)
    (address, _status), session = page.redirect_chain[0], Session.objects.get()
    assert re.fullmatch(rf"{QUEUE}\?found=[\w-]{{16}}", address)
    assert typed not in str(session.get_decoded()), "not even in the session, unless sealed"
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
    # Whole words only, because a log is full of numbers that contain some four digits.
    for word in re.findall(r"\w{4,}", typed):
        assert not re.search(rf"(?<![\d.]){word}\b", told)
        assert not any(word in link for link in links)
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert _everything_stored().count(b"Quicksilver") == 0


def _everything_stored() -> bytes:
    """Return every value of every table, as the database returns it."""
    stored: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are our own
            stored += [_as_bytes(value) for row in cursor.fetchall() for value in row]
    return b"\n".join(stored)


def _as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_index_entries_cannot_be_guessed_without_the_key() -> None:
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
    terms += ["xntp", "jntp", "ksksl", "spsmn", "spkmn", "0100"]
    kinds = ("", "name:", "whole name:", "email:", "phone:", "sound:", "last four:")
    guesses = [f"{kind}{term}" for term in terms for kind in kinds]
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


def test_erasing_a_request_deletes_all_of_its_index_rows_and_no_others(
    privacy_officer: User,
) -> None:
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
