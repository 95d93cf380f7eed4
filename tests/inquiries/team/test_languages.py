"""Who speaks which language, who may say so, and who is suggested first for a request."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, Inquiry, Notice, SpokenLanguages
from inquiries.states import State
from inquiries.team import languages
from inquiries.triage import sweep
from inquiries.triage.spoken_languages import set_spoken_languages
from portal.models import Role, User
from tests.factories import make_absence, make_inquiry, make_spokenlanguages, make_staff
from tests.inquiries.triage.queue_pages import QUEUE

pytestmark = pytest.mark.django_db

PAGE = "/admin/inquiries/languages/"


def colleague(name: str, codes: str = "") -> User:
    user = make_staff(Role.COORDINATOR, first_name=name, last_name="Lee")
    if codes:
        make_spokenlanguages(user, codes)
    return user


def page_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def words_of(page: BeautifulSoup, selector: str) -> str:
    (found,) = page.select(selector)
    return " ".join(found.get_text().split())


# --- What colleagues speak ------------------------------------------------------------------------


def test_people_who_chose_no_language_speak_english(coordinator: User) -> None:
    assert languages.languages_of(coordinator) == ("en",)
    spoken = (
        languages.languages_of(colleague("Luz", "es en")),
        languages.languages_of(colleague("Eva", "es")),
    )
    assert spoken == (("en", "es"), ("es",))


@pytest.mark.parametrize(
    ("by", "of", "may"),
    [
        ("coordinator", "themselves", True),
        ("coordinator", "a colleague", False),
        ("lead", "themselves", True),
        ("lead", "a colleague", True),
        ("lead", "an editor", False),
        ("privacy", "themselves", False),
        ("editor", "themselves", False),
    ],
)
def test_colleagues_set_their_own_languages_and_leads_set_everyones(
    client: Client, by: str, of: str, may: bool
) -> None:
    user = make_staff(Role(by))
    others = {
        "themselves": user,
        "a colleague": make_staff(Role.COORDINATOR),
        "an editor": make_staff(Role.EDITOR),
    }
    client.force_login(user)
    address = f"{PAGE}{others[of].pk}/"
    assert client.get(address).status_code == (200 if may else 404)
    answer = client.post(address, {"languages": ["es", "en"]})
    assert answer.status_code == (302 if may else 404)
    assert SpokenLanguages.objects.exists() == may
    if not may:
        with pytest.raises(PermissionDenied):
            set_spoken_languages(others[of], spoken=["es"], by=user)


def test_each_change_is_recorded_once(client: Client, lead: User, coordinator: User) -> None:
    client.force_login(lead)
    for spoken in (["en"], ["es", "en"], ["en", "es"], ["es"]):
        client.post(f"{PAGE}{coordinator.pk}/", {"languages": spoken})
    entries = AuditEntry.objects.filter(kind=AuditEntry.Kind.LANGUAGES_CHANGED).order_by("number")
    assert [entry.detail for entry in entries] == [
        {"languages": ["en", "en es"]},
        {"languages": ["en es", "es"]},
    ]
    assert {(entry.by, entry.about) for entry in entries} == {(lead, coordinator)}
    assert verify_ledger().faults == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([], "Choose at least one language"),
        (["xx"], "Choose from the languages in the list"),
        (["es", "<b>"], "Choose from the languages in the list"),
    ],
)
def test_bad_input_is_reported_and_changes_nothing(
    client: Client, coordinator: User, typed: list[str], said: str
) -> None:
    client.force_login(coordinator)
    answer = client.post(PAGE, {"languages": typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert not SpokenLanguages.objects.exists()


def test_the_page_shows_which_languages_each_of_us_speaks(
    client: Client, coordinator: User
) -> None:
    colleague("Luz", "en es")
    client.force_login(coordinator)
    page = page_of(client, PAGE)
    assert "Luz Lee English, Spanish" in words_of(page, "[aria-labelledby=team]")
    assert not page.select("[aria-labelledby=team] a")
    assert [box["value"] for box in page.select("input[checked]")] == ["en"]
    assert page_of(client, QUEUE).select(f'.staff-account a[href="{PAGE}"]')


# --- Handing over ---------------------------------------------------------------------------------


def offered(client: Client, inquiry: Inquiry) -> list[str]:
    page = page_of(client, f"{QUEUE}{inquiry.pk}/change/")
    return [option.get_text() for option in page.select('select[name="reassign-to"] option')][1:]


def test_people_who_speak_the_senders_language_are_offered_first(
    client: Client, coordinator: User
) -> None:
    for name, codes in (("Amy", ""), ("Luz", "en es"), ("Ben", "en"), ("Eva", "es")):
        colleague(name, codes)
    make_absence(colleague("Ida", "es"))
    client.force_login(coordinator)
    spanish = make_inquiry(State.CLAIMED, owner=coordinator, language="es")
    assert offered(client, spanish) == [
        "Eva Lee (speaks Spanish, 0 open)",
        "Luz Lee (speaks Spanish, 0 open)",
        "Amy Lee (0 open)",
        "Ben Lee (0 open)",
    ]
    english = make_inquiry(State.CLAIMED, owner=coordinator, language="en")
    names = ("Amy Lee", "Ben Lee", "Luz Lee", "Eva Lee")
    assert offered(client, english) == [f"{name} (0 open)" for name in names]


def test_the_queue_shows_languages_when_handing_over_several_requests(
    client: Client, coordinator: User
) -> None:
    colleague("Luz", "en es")
    make_inquiry(State.CLAIMED, owner=coordinator)
    client.force_login(coordinator)
    options = page_of(client, QUEUE).select('#bulk select[name="to"] option')
    assert "Luz Lee (speaks Spanish)" in [option.get_text() for option in options]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"language": "es"}, "No one available today speaks Spanish. Use an interpreter."),
        (
            {"language": "en", "interpreter": True, "interpreter_language": "Mixtec"},
            "The sender asked for an interpreter: Mixtec.",
        ),
        (
            {"language": "es", "interpreter": True},
            (
                "No one available today speaks Spanish. Use an interpreter. The sender asked for "
                "an interpreter. Ask them for which language."
            ),
        ),
        ({"language": "en"}, ""),
        ({"language": ""}, ""),
    ],
)
def test_the_hand_over_says_when_an_interpreter_is_needed(
    client: Client, coordinator: User, fields: dict[str, Any], said: str
) -> None:
    make_absence(colleague("Luz", "es"))
    client.force_login(coordinator)
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **fields)
    page = page_of(client, f"{QUEUE}{inquiry.pk}/change/")
    assert " ".join(each.get_text() for each in page.select("#id_reassign-to_helptext")) == said


def test_the_hand_over_says_when_only_the_owner_speaks_the_language(
    client: Client, coordinator: User
) -> None:
    make_spokenlanguages(coordinator, "en es")
    client.force_login(coordinator)
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, language="es")
    page = page_of(client, f"{QUEUE}{inquiry.pk}/change/")
    told = words_of(page, "#id_reassign-to_helptext")
    assert told == "No one else available today speaks Spanish."


@pytest.mark.parametrize(
    ("here", "reader", "said"),
    [
        (False, "", "No one available today speaks Spanish. Use an interpreter."),
        (False, "en es", "The sender asked for Spanish. You speak it."),
        (True, "", "Available today and speaking it: Luz Lee. If they cannot take it"),
    ],
)
def test_before_a_claim_the_page_says_who_speaks_the_language(
    client: Client, coordinator: User, here: bool, reader: str, said: str
) -> None:
    luz = colleague("Luz", "es")
    if not here:
        make_absence(luz)
    if reader:
        make_spokenlanguages(coordinator, reader)
    client.force_login(coordinator)
    page = page_of(client, f"{QUEUE}{make_inquiry(language='es').pk}/change/")
    assert said in words_of(page, ".request-language")
    page = page_of(client, f"{QUEUE}{make_inquiry(language='en').pk}/change/")
    assert not page.select(".request-language")


def test_languages_affect_no_ones_requests_and_no_notices(coordinator: User) -> None:
    """Reminders and escalation stay the same: the owner is reminded, whoever speaks what."""
    colleague("Luz", "es")
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, language="es")
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=timezone.now() - timedelta(days=2))
    sweep.warn_of_deadlines()
    sweep.release_orphaned()
    inquiry.refresh_from_db()
    assert inquiry.owner == coordinator
    told = Notice.objects.filter(inquiry=inquiry).values_list("user", flat=True)
    assert set(told) <= {coordinator.pk, *User.objects.filter(role=Role.LEAD).values_list("pk")}


def test_pages_take_no_more_queries_for_a_large_team(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, language="es")

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    pages = [QUEUE, f"{QUEUE}{inquiry.pk}/change/", PAGE]
    small = [queries(page) for page in pages]
    for number in range(12):
        colleague(f"C{number}", "en es" if number % 2 else "")
    assert [queries(page) for page in pages] == small
