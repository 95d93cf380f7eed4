"""The queue says in words which language a sender wants to speak."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.models import Inquiry
from inquiries.models.stored_plan import LONG_AGO
from inquiries.states import State
from inquiries.submission_history import current_submission
from tests.factories import correct, make_inquiry
from tests.inquiries.triage.queue_pages import QUEUE

pytestmark = pytest.mark.django_db


def marks(client: Client, address: str = QUEUE) -> list[list[str]]:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    return [
        [" ".join(mark.get_text().split()) for mark in row.select(".tag-language")]
        for row in page.select("tr[data-reference]")
    ]


def speak(inquiry: Inquiry, language: str) -> None:
    """Change the language, as a sender does on the private page."""
    correct(inquiry, replace(current_submission(inquiry), language=language))


@pytest.mark.parametrize(
    ("fields", "in_the_queue", "on_the_page"),
    [
        ({"language": "en"}, [], []),
        ({"language": ""}, [], []),
        ({"language": "es"}, ["Spanish"], ["Spanish"]),
        (
            {"language": "es", "interpreter": True},
            ["Spanish", "interpreter"],
            ["Spanish", "interpreter"],
        ),
        (
            {"language": "en", "interpreter": True, "interpreter_language": "Mixtec"},
            ["interpreter"],
            ["interpreter: Mixtec"],
        ),
    ],
)
def test_languages_other_than_english_are_shown_in_words(
    at_work: Client, fields: dict[str, Any], in_the_queue: list[str], on_the_page: list[str]
) -> None:
    inquiry = make_inquiry(**fields)
    assert marks(at_work) == [in_the_queue]
    page = BeautifulSoup(at_work.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    found = page.select(".summary-tags .tag-language")
    assert [" ".join(each.get_text().split()) for each in found] == on_the_page


@pytest.mark.parametrize("state", [State.NEW, State.CLAIMED])
def test_the_corrected_language_counts(at_work: Client, state: State) -> None:
    inquiry = make_inquiry(state, language="en")
    speak(inquiry, "es")
    assert marks(at_work) == [["Spanish"]]
    speak(inquiry, "en")
    assert marks(at_work) == [[]]


def test_an_unreadable_correction_does_not_break_the_queue(at_work: Client) -> None:
    inquiry = make_inquiry(language="es")
    speak(inquiry, "en")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_addition SET written = %s", [b"broken"])
    Inquiry.objects.update(replan_at=LONG_AGO)
    assert marks(at_work) == [["Spanish"]]


def test_erased_requests_show_no_language(at_work: Client) -> None:
    inquiry = make_inquiry(State.ERASED, language="es")
    assert marks(at_work, f"{QUEUE}?q={inquiry.reference}") == [[]]


def test_the_queue_takes_no_more_queries_for_many_corrected_requests(at_work: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            at_work.get(QUEUE)
        return len(captured)

    speak(make_inquiry(), "es")
    queries()  # reads the lists of topics and levels
    once = queries()
    for _ in range(5):
        speak(make_inquiry(), "es")
    assert queries() == once
    assert marks(at_work) == [["Spanish"]] * 6
