"""Finding someone by four digits, the beginning of a reference, or the sound of a name."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone

from inquiries import privacy
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, IndexEntry, Inquiry
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.search.sounds import sound_keys
from inquiries.states import ErasureReason, State
from inquiries.views.staff import searches
from inquiries.views.staff.searches import NAMES_SHOWN
from inquiries.worker import jobs
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.search.searches import FIND, QUEUE, found, read_as, references

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(("Fischer", "Fisher"), ("Fisher", "Fischer"), ("José", "Jose"), ("Jose", "José")),
        *(("Schmidt", "Schmitt"), ("Catherine", "Kathryn"), ("Stephen", "Steven")),
        *(("Jiménez", "Gimenez"), ("Ximena", "Jimena"), ("Hernández", "Ernandes")),
        *(("Vázquez", "Basques"), ("González", "Gonsales"), ("Llamas", "Yamas")),
        *(("Meyer", "Maier"), ("Wright", "Right"), ("Knight", "Night"), ("Smith", "Smyth")),
    ],
)
def test_names_are_found_as_they_sound(name: str, typed: str) -> None:
    make_inquiry(full_name="Somebody Else")
    inquiry = make_inquiry(full_name=f"Ana {name}")
    assert found(typed) == [inquiry]
    assert found(f"ana {typed}") == [inquiry], "together with a word that is spelled right"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana", "Ben"), ("Fischer", "Fletcher"), ("Garcia", "Guerra"), ("Li", "Lu"), ("王", "黄")],
)
def test_names_that_sound_different_are_not_mixed_up(one: str, other: str) -> None:
    first, second = (sound_keys(*normalized_words(each)) for each in (one, other))
    assert not first & second


def test_exact_names_come_first_and_the_others_are_marked(at_work: Client) -> None:
    alike = make_inquiry(full_name="Ana Fischer")
    exact = make_inquiry(full_name="Ben Fisher")
    page = at_work.post(FIND, {"q": "Fisher"}, follow=True)
    assert references(page) == [exact.reference, alike.reference]
    rows = BeautifulSoup(page.text, "html.parser").select("tr[data-reference]")
    assert ["sounds alike" in row.get_text() for row in rows] == [False, True]


def test_a_frequent_name_is_not_searched_by_its_sound() -> None:
    make_inquiry(full_name="Ana Fischer")
    exact = [make_inquiry(full_name="Ben Fisher") for _ in range(10)]
    assert found("Fisher") == exact[::-1]


def test_the_last_four_digits_of_a_phone_number_find_it() -> None:
    inquiry = make_inquiry()
    make_inquiry(phone="202-555-0101", phone_e164="+12025550101")
    for typed in ("0100", "\uff10\uff11\uff10\uff10", " 0100 "):
        assert (read_as(typed), found(typed)) == ("last_four", [inquiry])
    assert found("0199") == []


def test_the_beginning_of_a_reference_finds_it(at_work: Client) -> None:
    inquiry = make_inquiry()
    beginning = inquiry.reference[:7]
    for typed in (
        beginning,
        beginning.lower(),
        beginning.replace("-", " "),
        inquiry.reference[:13],
    ):
        assert (read_as(typed), found(typed)) == ("beginning", [inquiry])
    assert references(at_work.get(f"{QUEUE}?q={beginning}")) == [inquiry.reference]


def test_a_part_of_a_reference_opens_nothing_for_senders() -> None:
    inquiry = make_inquiry()
    assert lookup.find_by_reference(inquiry.reference[:13]) == ("mistyped", [])


def test_beginnings_are_read_from_an_index() -> None:
    with connection.cursor() as cursor:
        rows = Inquiry.objects.filter(reference__startswith="K7QM")
        if connection.vendor == "sqlite":
            rows = rows.filter(reference__gte="K7QM", reference__lt="K7QM~")
            sql, params = rows.query.sql_with_params()
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            assert "USING INDEX" in str(cursor.fetchall())
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'inquiries_inquiry'")
            assert any("reference varchar_pattern_ops" in row for (row,) in cursor.fetchall())


# --- Names among the results ----------------------------------------------------------------------


def test_the_first_results_show_names_and_that_is_a_reading(
    at_work: Client, coordinator: User
) -> None:
    made = [make_inquiry(full_name=f"Ana Example{'abcdefgh'[n]}") for n in range(NAMES_SHOWN + 2)]
    page = at_work.post(FIND, {"q": "ana"}, follow=True)
    named = re.findall(r"Ana Example[a-h]", page.text)
    assert named == [each.full_name for each in made[:1:-1]]
    assert page.text.count("AE\n") == 2, "the others keep their initials"
    readings = Event.objects.filter(kind=Event.Kind.READ, by=coordinator)
    assert {each.inquiry for each in readings} == set(made[2:])
    assert all(each.detail == {"state": "new", "result": True} for each in readings)
    at_work.get(page.redirect_chain[0][0])
    assert readings.count() == NAMES_SHOWN, "going back is not another reading"
    assert verify_ledger().faults == []


def test_seeing_a_name_in_a_list_is_not_reading_without_a_step(at_work: Client) -> None:
    make_inquiry(State.CLOSED, full_name="Ana Example")
    at_work.post(FIND, {"q": "example"})
    (by,) = {event.by for event in Event.objects.filter(kind=Event.Kind.READ)}
    assert by
    concerns = privacy.find_unusual_reading([by], timezone.now() - timedelta(days=1))
    assert [each.why for each in concerns] == []


# --- Back -----------------------------------------------------------------------------------------


def test_back_works_after_every_search(at_work: Client) -> None:
    inquiry = make_inquiry()
    addresses = []
    for typed in ("example", "0100", inquiry.reference, "zzz", "202 555 0100"):
        answer = at_work.post(FIND, {"q": typed})
        assert answer.status_code == 302
        addresses.append(answer["Location"])
    for address, typed in zip(addresses[:2], ("example", "0100"), strict=True):
        page = BeautifulSoup(at_work.get(address).text, "html.parser")
        (field,) = page.select("#q")
        assert field["value"] == typed
        assert page.select_one(f'tr[data-reference="{inquiry.reference}"]')


def test_an_old_or_strange_search_says_that_it_has_ended(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_inquiry()
    address = at_work.post(FIND, {"q": "example"})["Location"]
    with monkeypatch.context() as later:
        later.setattr(searches, "_SECONDS", 0)
        page = at_work.get(address)
    assert "This search has ended" in page.text
    assert references(page) == []
    for key in ("x", "\t", "é" * 300):
        assert "This search has ended" in at_work.get(QUEUE, {"found": key}).text
    other = Client()
    other.force_login(make_staff(Role.COORDINATOR))
    assert "This search has ended" in other.get(address).text


# --- Entries --------------------------------------------------------------------------------------


def _as_stored_before(inquiry: Inquiry) -> None:
    """Take away the entries that an earlier release did not make, as if its events had said so."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET index_version = NULL")


def test_the_worker_adds_missing_entries_once_and_the_ledger_stays_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as before:
        before.setattr(lookup, "sound_keys", lambda word: set())
        before.setattr(lookup, "_last_four_term", lambda digits: "phone:+12025550100")
        old = make_inquiry(full_name="Ana Fischer")
    _as_stored_before(old)
    assert found("fisher") == found("0100") == []
    jobs.JOBS["index"].do()
    assert found("fisher") == found("0100") == [old]
    assert verify_ledger().faults == []
    entries, events = IndexEntry.objects.count(), old.events.count()
    jobs.JOBS["index"].do()
    assert (IndexEntry.objects.count(), old.events.count()) == (entries, events)


def test_entries_are_not_added_to_a_request_that_was_tampered_with() -> None:
    inquiry = make_inquiry()
    _as_stored_before(inquiry)
    Inquiry.objects.update(language="es")
    jobs.JOBS["index"].do()
    assert Inquiry.objects.filter(index_version=None).exists()
    assert verify_ledger().faults


def test_erasure_deletes_every_kind_of_entry(privacy_officer: User) -> None:
    inquiry = make_inquiry(full_name="Ana Fischer")
    privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy_officer
    )
    assert not IndexEntry.objects.exists()
    assert found("fisher") == found("0100") == []


@pytest.fixture
def privacy_officer() -> User:
    return make_staff(Role.PRIVACY)
