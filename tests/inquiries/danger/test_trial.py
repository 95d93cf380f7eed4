"""Danger patterns are tried on sentences and on recent requests before they are saved."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.danger import phrases, trial
from inquiries.models import AuditEntry, DangerPhrase, DataKey, Event
from inquiries.private_page import correspondence
from inquiries.states import State
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/dangerphrase/"
ADD = f"{LIST}add/"
PIANO = "My piano is wooden."
CALM = "I would like to understand my test results."


@pytest.fixture
def leading(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def typed(**fields: str) -> dict[str, str]:
    return {
        "kind": "heart",
        "language": "en",
        "phrase": "piano is wooden",
        "sentences": "",
        **fields,
    }


def tried(client: Client, address: str = ADD, button: str = "_try", **fields: str) -> BeautifulSoup:
    answer = client.post(address, {**typed(**fields), button: "Try it"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def words(page: BeautifulSoup) -> str:
    part = page.select_one("#tried")
    return " ".join(part.get_text(" ").split()) if part else ""


def references(page: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in page.select("#tried .reference")]


def saved(phrase: str = "piano is wooden", **fields: str) -> DangerPhrase:
    return DangerPhrase.objects.create(
        **{"language": "en", "kind": "heart", **fields}, phrase=phrase
    )


def change(row: DangerPhrase) -> str:
    return f"{LIST}{row.pk}/change/"


# --- Sentences ------------------------------------------------------------------------------------


def test_each_sentence_is_shown_marked_or_clear_before_and_after_with_its_kinds(
    leading: Client,
) -> None:
    saved("lamp is green", kind="stroke")
    page = tried(leading, sentences=f"{PIANO}\n\nMy lamp is green, and {PIANO}\n{CALM}")
    rows = [
        [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        for row in page.select("#tried tbody tr")
    ]
    heart, stroke = (str(DangerPhrase.Kind(each).label) for each in ("heart", "stroke"))
    assert rows[0] == [PIANO, "clear", f"marked: {heart}"]
    assert rows[1][1] == f"marked: {stroke}"
    assert set(rows[1][2].removeprefix("marked: ").split(", ")) == {heart, stroke}
    assert rows[2] == [CALM, "clear", "clear"]


def test_a_trial_saves_nothing_and_keeps_what_was_typed(leading: Client) -> None:
    page = tried(leading, sentences=CALM)
    assert "Nothing was saved." in words(page)
    assert not DangerPhrase.objects.filter(phrase="piano is wooden").exists()
    row = saved("lamp is green")
    page = tried(leading, change(row), sentences=CALM)
    row.refresh_from_db()
    assert (row.phrase, row.kind) == ("lamp is green", "heart")
    for name, value in typed(sentences=CALM).items():
        field = page.select_one(f"[name={name}]")
        assert field
        chosen = field.select_one("option[selected]")
        assert (str(chosen["value"]) if chosen else field.get_text().strip()) == value


def test_the_other_button_saves_the_pattern_that_was_tried(leading: Client) -> None:
    answer = leading.post(ADD, typed(sentences=CALM))
    assert answer.status_code == 302
    assert DangerPhrase.objects.get(phrase="piano is wooden").kind == "heart"


@pytest.mark.parametrize("button", ["_try", "_save"])
@pytest.mark.parametrize("phrase", ["", "…?!", "x" * 5000])
def test_an_invalid_pattern_is_rejected_and_stays_as_typed(
    leading: Client, phrase: str, button: str
) -> None:
    page = tried(leading, button=button, phrase=phrase)
    (errors,) = page.select(".errorlist")
    assert errors.get_text().strip()
    field = page.select_one("[name=phrase]")
    assert field
    assert field.get_text().strip() == phrase
    assert not page.select("#tried")
    assert not DangerPhrase.objects.filter(phrase=phrase).exists()


# --- Requests of the last 90 days -----------------------------------------------------------------


def test_newly_marked_requests_are_listed_only_by_reference(leading: Client) -> None:
    first = make_inquiry(message=PIANO)
    written = correspondence.write_message(make_inquiry(message=CALM), text=PIANO)
    corrected = correct(make_inquiry(message=CALM), make_submission(message=PIANO))
    make_inquiry(message=CALM)
    make_inquiry(message="I have chest pain.")
    page = tried(leading)
    assert "We checked 5." in words(page)
    assert "Marked by the saved list: 1. Marked after this change: 4." in words(page)
    assert references(page) == [each.reference for each in (corrected, written, first)]
    links = [str(each["href"]) for each in page.select("#tried .reference")]
    assert links[2] == f"/admin/inquiries/inquiry/{first.pk}/change/"
    for said in ("Ana Example", "wooden", "results"):
        assert said not in words(page)


def test_a_trial_replaces_the_saved_pattern(leading: Client) -> None:
    row = saved("lamp is green")
    lamp, piano = make_inquiry(message="My lamp is green"), make_inquiry(message=PIANO)
    page = tried(leading, change(row))
    assert "Newly marked: 1" in words(page)
    assert "No longer marked: 1" in words(page)
    assert references(page) == [piano.reference, lamp.reference]


def test_removing_a_pattern_can_be_tried(leading: Client) -> None:
    row = saved()
    piano = make_inquiry(message=PIANO)
    make_inquiry(message=f"{PIANO} I have chest pain.")
    page = tried(leading, change(row), "_try_without", phrase="", sentences=PIANO)
    assert "Without this pattern" in words(page)
    assert "Marked by the saved list: 2. Marked after this change: 1." in words(page)
    assert references(page) == [piano.reference]
    assert DangerPhrase.objects.filter(pk=row.pk).exists()
    assert 'name="_try_without"' not in leading.get(ADD).text
    assert 'name="_try_without"' in leading.get(change(row)).text


def test_a_pattern_that_duplicates_another_changes_nothing(leading: Client) -> None:
    saved("wooden")
    make_inquiry(message=PIANO)
    assert "Newly marked: 0 No longer marked: 0" in words(tried(leading))


def test_old_and_erased_requests_are_left_out(leading: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=90, minutes=1)):
        make_inquiry(message=PIANO)
    with time_machine.travel(timezone.now() - timedelta(days=89)):
        within = make_inquiry(message=PIANO)
    make_inquiry(State.ERASED, message=PIANO)
    page = tried(leading)
    assert "We checked 1." in words(page)
    assert references(page) == [within.reference]


def test_an_unreadable_request_is_counted_and_does_not_hide_others(leading: Client) -> None:
    broken, whole = make_inquiry(message=PIANO), make_inquiry(message=PIANO)
    keyless = make_inquiry(message=PIANO)
    changed = correspondence.write_message(make_inquiry(message=PIANO), text=CALM)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inquiries_inquiry SET message = %s WHERE reference = %s",
            [b"\x01" * 60, broken.reference],
        )
        event = Event.objects.get(inquiry=changed, kind=Event.Kind.WROTE)
        cursor.execute(
            "UPDATE inquiries_message SET text = %s WHERE event_id = %s", [b"\x01" * 60, event.pk]
        )
    keyless.data_key.delete()
    foreign = make_inquiry(message=PIANO)
    DataKey.objects.filter(inquiry=foreign).update(wrapped_by="00000000")
    page = tried(leading)
    assert "We checked 1." in words(page)
    assert "Could not be opened, and left out: 4." in words(page)
    assert references(page) == [whole.reference]


def test_only_the_newest_requests_are_checked_and_the_page_says_so(
    leading: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MAX_REQUESTS", 3)
    for _ in range(3):
        newest = make_inquiry(message=PIANO)
    assert "There are more" not in words(tried(leading))
    newest = make_inquiry(message=PIANO)
    page = tried(leading)
    assert "We checked the newest 3. There are more." in words(page)
    assert references(page)[0] == newest.reference


def test_a_trial_stops_at_its_time_limit(leading: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MAX_SECONDS", -1)
    make_inquiry(message=PIANO)
    assert "We checked the newest 0. There are more." in words(tried(leading))


def test_at_most_twenty_references_are_listed_newest_first(leading: Client) -> None:
    made = [make_inquiry(message=PIANO) for _ in range(22)]
    page = tried(leading)
    assert "Newly marked: 22 The newest 20:" in words(page)
    assert references(page) == [each.reference for each in reversed(made)][:20]


# --- What it costs, and who may -------------------------------------------------------------------


def test_more_requests_add_no_queries_to_a_trial(leading: Client) -> None:
    costs = []
    for _ in range(2):
        for _ in range(5):
            inquiry = make_inquiry(message=CALM)
            inquiry = correspondence.write_message(inquiry, text=PIANO)
            correct(inquiry, make_submission(message="And my knee."))
        with CaptureQueriesContext(connection) as made:
            tried(leading, sentences=PIANO)
        costs.append(len(made))
    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_a_trial_does_not_block_writes_while_it_reads(leading: Client) -> None:
    make_inquiry(message=PIANO)
    within: list[bool] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if '"message"' in sql and "SELECT" in sql:
            within.append(connection.in_atomic_block)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        tried(leading)
    assert within
    assert not any(within)


def test_a_trial_is_recorded_as_a_search_not_as_a_reading(leading: Client, lead: User) -> None:
    make_inquiry(message=PIANO)
    make_inquiry(message=CALM)
    leading.get(ADD)
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.SEARCHED).exists()
    tried(leading)
    entry = AuditEntry.objects.get(kind=AuditEntry.Kind.SEARCHED)
    assert entry.by == lead
    assert entry.detail == {"by_what": "danger_patterns", "found": 1, "looked_through": 2}
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.PHRASES_CHANGED).exists()
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()


@pytest.mark.parametrize("role", ["coordinator", "privacy", "editor"])
def test_only_staff_who_manage_the_list_can_run_a_trial(
    client: Client, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    inquiry = make_inquiry(message=PIANO)
    for address in (ADD, change(saved("lamp is green"))):
        answer = client.post(address, {**typed(), "_try": "Try it"})
        assert answer.status_code in {403, 404}
        assert inquiry.reference not in answer.text


def test_trial_results_are_not_cached(leading: Client) -> None:
    answer = leading.post(ADD, {**typed(), "_try": "Try it"})
    assert "no-store" in answer["Cache-Control"]


def test_the_list_can_be_filtered_by_kind_and_language(leading: Client) -> None:
    saved()
    page = BeautifulSoup(
        leading.get(f"{LIST}?kind__exact=heart&language__exact=en").text, "html.parser"
    )
    assert "piano is wooden" in page.select_one("#result_list").get_text()  # type: ignore[union-attr]
    other = leading.get(f"{LIST}?kind__exact=stroke&language__exact=en").text
    assert "piano is wooden" not in other


def test_each_example_of_pattern_syntax_is_valid(leading: Client) -> None:
    page = BeautifulSoup(leading.get(ADD).text, "html.parser")
    examples = [each.get_text() for each in page.select(".pattern-language code")]
    assert len(examples) > 5
    assert [phrases.pattern_problem(each) for each in examples] == [""] * len(examples)
