"""The page of the team, moving requests in one step, and who is suggested for a request."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from zeal import zeal_ignore

from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, Event, Inquiry, KnownTopic
from inquiries.states import State, Urgency
from inquiries.team import suggestions
from inquiries.triage import steps
from inquiries.triage.spoken_languages import set_known_topics
from portal.models import Role, User
from tests.factories import (
    make_absence,
    make_category,
    make_inquiry,
    make_knowntopic,
    make_spokenlanguages,
    make_staff,
)

pytestmark = pytest.mark.django_db

TEAM = "/admin/inquiries/team/"


def colleague(name: str, **fields: Any) -> User:
    return make_staff(Role.COORDINATOR, first_name=name, last_name="Lee", **fields)


def held_by(owner: User, urgency: str = Urgency.ROUTINE, **fields: Any) -> Inquiry:
    inquiry = make_inquiry(State.CLAIMED, owner=owner, **fields)
    return steps.set_urgency(inquiry, urgency=urgency, version=inquiry.version, by=owner)


def rows_of(answer: Any) -> list[list[str]]:
    table = BeautifulSoup(answer.text, "html.parser").select("tbody tr")
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in table
    ]


def move(client: Client, owner: User, **said: Any) -> Any:
    with zeal_ignore():  # each request moves in a transaction of its own
        return client.post(f"{TEAM}{owner.pk}/move/", said)


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_skills_load_by_urgency_and_absences(
    client: Client, coordinator: User
) -> None:
    amy, ben = colleague("Amy"), colleague("Ben")
    make_spokenlanguages(amy, "en es")
    make_knowntopic(amy, make_category("Lupus"))
    held_by(amy, Urgency.URGENT)
    for _ in range(2):
        held_by(amy)
    make_absence(ben)
    client.force_login(coordinator)
    rows = {row[0]: row[1:] for row in rows_of(client.get(TEAM))}
    assert rows["Amy Lee"] == ["English, Spanish, Lupus", "3", "1", "0", "2", "No"]
    assert rows["Ben Lee"][-1].startswith("Away through")


def test_only_leads_get_links_to_others(client: Client, coordinator: User, lead: User) -> None:
    amy = colleague("Amy")
    held_by(amy)
    client.force_login(coordinator)
    assert str(amy.pk) not in client.get(TEAM).text
    client.force_login(lead)
    page = client.get(TEAM).text
    assert f"{TEAM}{amy.pk}/move/" in page
    assert f"{TEAM}away/{amy.pk}/" in page


def test_the_page_costs_the_same_for_a_large_team(client: Client, lead: User) -> None:
    client.force_login(lead)
    costs = []
    for _ in range(2):
        for number in range(5):
            user = colleague(f"C{number}")
            make_knowntopic(user)
            held_by(user)
        client.get(TEAM)
        with CaptureQueriesContext(connection) as captured:
            client.get(TEAM)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 10


def test_topics_are_kept_like_languages(client: Client, coordinator: User) -> None:
    lupus, fabry = make_category("Lupus"), make_category("Fabry disease")
    client.force_login(coordinator)
    address = "/admin/inquiries/languages/"
    for topics in ([lupus.pk, fabry.pk], [fabry.pk], [fabry.pk]):
        said = {"languages": ["en"], "topics": topics}
        assert client.post(address, said).status_code == 302
    assert [each.topic for each in KnownTopic.objects.all()] == [fabry]
    entries = AuditEntry.objects.filter(kind=AuditEntry.Kind.TOPICS_CHANGED).order_by("number")
    assert [entry.detail for entry in entries] == [{"topics": [0, 2]}, {"topics": [2, 1]}]
    answer = client.post(address, {"languages": ["en"], "topics": ["x"]})
    assert answer.status_code == 422
    assert "Choose from the topics in the list" in answer.text
    with pytest.raises(PermissionDenied):
        set_known_topics(make_staff(Role.COORDINATOR), topics=[lupus], by=coordinator)


# --- Moving ---------------------------------------------------------------------------------------


def test_a_lead_moves_one_urgency_after_seeing_what_will_happen(client: Client, lead: User) -> None:
    amy, ben = colleague("Amy"), colleague("Ben", email="ben@clinic.example")
    urgent, routine = held_by(amy, Urgency.URGENT), held_by(amy)
    client.force_login(lead)
    said = {"urgency": "urgent", "to": str(ben.pk)}
    seen = move(client, amy, **said)
    assert seen.status_code == 200
    assert "These go to Ben Lee" in " ".join(seen.text.split())
    assert urgent.reference in seen.text
    assert routine.reference not in seen.text
    assert Inquiry.objects.filter(owner=ben).count() == 0, "nothing has moved yet"
    boxes = BeautifulSoup(seen.text, "html.parser").select("input[name=picked]")
    answer = move(client, amy, **said, sure="on", picked=[each["value"] for each in boxes])
    assert answer["Location"] == TEAM
    urgent.refresh_from_db()
    routine.refresh_from_db()
    assert (urgent.owner, routine.owner) == (ben, amy)
    last = urgent.events.latest("number")
    assert (last.kind, last.by) == (Event.Kind.REASSIGNED, lead)
    assert verify_ledger().faults == []


def test_by_language_the_one_that_the_sender_asked_for_counts(client: Client, lead: User) -> None:
    amy = colleague("Amy")
    spanish, english = held_by(amy, language="es"), held_by(amy)
    client.force_login(lead)
    seen = move(client, amy, language="es", to="release").text
    assert spanish.reference in seen
    assert english.reference not in seen
    move(
        client,
        amy,
        language="es",
        to="release",
        sure="on",
        picked=[f"{spanish.pk}:{spanish.version}"],
    )
    spanish.refresh_from_db()
    assert (spanish.state, spanish.owner) == (State.NEW, None)


def test_what_changed_meanwhile_is_named_and_the_rest_moves(client: Client, lead: User) -> None:
    amy, ben = colleague("Amy"), colleague("Ben")
    first, second = held_by(amy), held_by(amy)
    picked = [f"{each.pk}:{each.version}" for each in (first, second)]
    steps.add_note(first, text="Called.", version=first.version, by=amy)
    client.force_login(lead)
    move(client, amy, to=str(ben.pk), sure="on", picked=picked)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owner, second.owner) == (amy, ben)
    page = " ".join(client.get(TEAM).text.split())
    assert f"{first.reference}: Nothing was saved" in page
    assert "1 request handed over to Ben Lee." in page


def test_coordinators_move_their_own_requests_and_no_others(
    client: Client, coordinator: User
) -> None:
    amy = colleague("Amy")
    own, of_amy = held_by(coordinator), held_by(amy)
    client.force_login(coordinator)
    assert move(client, amy, to="release").status_code == 404
    picked = [f"{each.pk}:{each.version}" for each in (own, of_amy)]
    move(client, coordinator, to="release", sure="on", picked=picked)
    own.refresh_from_db()
    of_amy.refresh_from_db()
    assert (own.owner, of_amy.owner) == (None, amy), "forged rows are refused by the verb"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "Choose a colleague, or the queue"),
        ({"to": "nobody"}, "Choose a colleague who is available"),
        ({"to": "release", "sure": "on"}, "Select requests first"),
        ({"to": "release", "sure": "on", "picked": "x"}, "The page did not load completely."),
    ],
)
def test_bad_input_moves_nothing(
    client: Client, lead: User, said: dict[str, str], fault: str
) -> None:
    amy = colleague("Amy")
    inquiry = held_by(amy)
    client.force_login(lead)
    answer = move(client, amy, **said)
    assert answer.status_code == 422
    assert fault in answer.text
    inquiry.refresh_from_db()
    assert inquiry.owner == amy


# --- Suggestions ----------------------------------------------------------------------------------


def test_language_comes_before_topic_and_topic_before_load(coordinator: User) -> None:
    lupus = make_category("Lupus")
    luz, amy, ben, eva = (colleague(name) for name in ("Luz", "Amy", "Ben", "Eva"))
    make_spokenlanguages(luz, "en es")
    for knowing in (luz, amy):
        make_knowntopic(knowing, lupus)
    for _ in range(2):
        held_by(amy)
    held_by(ben)
    inquiry = make_inquiry(topic=lupus, language="es")
    found = suggestions.suggest_colleagues(inquiry, [amy, ben, eva, luz], language="es")
    assert [each.user.first_name for each in found] == ["Luz", "Amy", "Eva", "Ben"]
    assert [each.load for each in found] == [0, 2, 0, 1]


def test_the_hand_over_says_why_someone_comes_first(client: Client, coordinator: User) -> None:
    lupus = make_category("Lupus")
    luz = colleague("Luz")
    make_spokenlanguages(luz, "en es")
    make_knowntopic(luz, lupus)
    inquiry = held_by(coordinator, topic=lupus, language="es")
    client.force_login(coordinator)
    page = BeautifulSoup(
        client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text, "html.parser"
    )
    options = [each.get_text() for each in page.select('select[name="reassign-to"] option')]
    assert options[1] == "Luz Lee (speaks Spanish, knows Lupus, 0 open)"


def test_before_a_claim_the_page_says_who_knows_the_topic(
    client: Client, coordinator: User
) -> None:
    lupus = make_category("Lupus")
    luz = colleague("Luz")
    make_knowntopic(luz, lupus)
    make_absence(make_knowntopic(topic=lupus).user)
    address = f"/admin/inquiries/inquiry/{make_inquiry(topic=lupus).pk}/change/"
    said = "Available today and knowing this topic well: Luz Lee. You can still claim it."
    client.force_login(coordinator)
    assert said in " ".join(client.get(address).text.split())
    client.force_login(luz)
    assert "request-experts" not in client.get(address).text
