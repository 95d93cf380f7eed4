"""Several requests claimed or handed over at once."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from zeal import zeal_ignore

from inquiries.models import Inquiry
from inquiries.states import State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_absence, make_inquiry, make_staff
from tests.inquiries.triage.queue_pages import QUEUE

pytestmark = pytest.mark.django_db


def marked(*inquiries: Inquiry, **fields: Any) -> dict[str, Any]:
    return {"picked": [f"{each.pk}:{each.version}" for each in inquiries], **fields}


def said(client: Client, fields: dict[str, Any]) -> str:
    with zeal_ignore():  # the steps run one by one, each in a transaction of its own
        answer = client.post(f"{QUEUE}bulk/", fields, follow=True)
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def test_several_are_claimed_and_latecomers_are_told_who_was_first(
    client: Client, coordinator: User
) -> None:
    mine, gone = make_inquiry(), make_inquiry()
    fields = marked(mine, gone, step="claim")
    other = make_staff(Role.COORDINATOR)
    steps.claim(gone, version=gone.version, by=other)
    client.force_login(coordinator)
    page = said(client, fields)
    assert "You claimed 1 request." in page
    assert f"{gone.reference}: Nothing was saved" in page
    assert str(other) in page
    mine.refresh_from_db()
    gone.refresh_from_db()
    assert (mine.owner, gone.owner) == (coordinator, other)


def test_a_lead_hands_several_requests_to_an_available_colleague(
    client: Client, lead: User
) -> None:
    colleague, absent = make_staff(Role.COORDINATOR), make_absence().user
    pair = [make_inquiry(), make_inquiry(State.CLAIMED)]
    client.force_login(lead)
    assert "Choose a colleague first" in said(client, marked(*pair, step="reassign"))
    page = said(client, marked(*pair, step="reassign", to=str(absent.pk)))
    assert "Choose a colleague who is available" in page
    assert "2 requests handed over." in said(
        client, marked(*pair, step="reassign", to=colleague.pk)
    )
    assert set(Inquiry.objects.values_list("owner", flat=True)) == {colleague.pk}


def test_a_request_is_never_offered_to_its_current_owner(client: Client, lead: User) -> None:
    colleague = make_staff(Role.COORDINATOR)
    inquiry = make_inquiry(State.CLAIMED)
    client.force_login(lead)
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").content, "html.parser")
    offered = [option["value"] for option in page.select("[name=reassign-to] option")]
    assert str(colleague.pk) in offered
    assert str(inquiry.owner_id) not in offered


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"step": "claim"},
        {"step": "erase", "picked": ["x"]},
        {"step": "claim", "picked": ["x", "\x00:1", ":", "1:1"]},
        {"step": "claim", "picked": ["00000000-0000-0000-0000-000000000000:99999999999999999999"]},
        {
            "step": "reassign",
            "to": "x" * 9000,
            "picked": ["00000000-0000-0000-0000-000000000000:1"],
        },
        {"step": "claim", "view": "no such\r\nSet-Cookie: x"},
    ],
)
def test_clumsy_or_hostile_input_changes_nothing(
    client: Client, coordinator: User, fields: dict[str, Any]
) -> None:
    make_inquiry()
    client.force_login(coordinator)
    said(client, fields)
    assert Inquiry.objects.get().version == 1


def test_people_outside_triage_cannot_claim(client: Client, privacy: User) -> None:
    inquiry = make_inquiry()
    client.force_login(privacy)
    assert "Your role does not include this step" in said(client, marked(inquiry, step="claim"))
    assert "queue-bulk" not in client.get(QUEUE).text


# --- Undo -----------------------------------------------------------------------------------------


def undo(client: Client) -> str:
    with zeal_ignore():
        answer = client.post(f"{QUEUE}undo/", {"view": "open"}, follow=True)
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def states() -> set[tuple[str, Any]]:
    return set(Inquiry.objects.values_list("state", "owner"))


def test_a_bulk_claim_can_be_undone_once(client: Client, coordinator: User) -> None:
    pair = [make_inquiry(), make_inquiry()]
    client.force_login(coordinator)
    assert "You claimed 2 requests. Undo" in said(client, marked(*pair, step="claim"))
    assert "2 requests put back." in undo(client)
    assert states() == {("new", None)}
    assert "There is nothing to undo anymore" in undo(client)
    assert "Undo" not in client.get(QUEUE).text


def test_undoing_a_hand_over_gives_each_back_to_whoever_had_it(client: Client, lead: User) -> None:
    colleague, former = make_staff(Role.COORDINATOR), make_staff(Role.COORDINATOR)
    pair = [make_inquiry(), make_inquiry(State.CLAIMED, owner=former)]
    client.force_login(lead)
    said(client, marked(*pair, step="reassign", to=colleague.pk))
    assert states() == {("claimed", colleague.pk)}
    undo(client)
    assert states() == {("new", None), ("claimed", former.pk)}


def test_spam_closed_by_mistake_comes_back(client: Client, coordinator: User) -> None:
    pair = [make_inquiry(State.QUARANTINED) for _ in range(2)]
    client.force_login(coordinator)
    said(client, marked(*pair, step="discard"))
    assert {state for state, _ in states()} == {"closed"}
    assert "2 requests put back." in undo(client)
    assert states() == {("new", None)}


def test_what_a_colleague_has_gone_on_with_stays(client: Client, coordinator: User) -> None:
    inquiry = make_inquiry()
    client.force_login(coordinator)
    said(client, marked(inquiry, step="claim"))
    inquiry.refresh_from_db()
    other = make_staff(Role.COORDINATOR)
    steps.take_over(inquiry, version=inquiry.version, by=other)
    assert f"{inquiry.reference}: Nothing was saved" in undo(client)
    assert states() == {("claimed", other.pk)}


def test_undo_is_offered_for_ten_minutes_and_not_for_not_spam(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    assert "Undo" not in said(client, marked(make_inquiry(State.QUARANTINED), step="clear"))
    said(client, marked(make_inquiry(), step="claim"))
    session = client.session
    session["undo"] = {**session["undo"], "at": session["undo"]["at"] - 601}
    session.save()
    assert "Undo" not in client.get(QUEUE).text
    assert "There is nothing to undo anymore" in undo(client)


@pytest.mark.parametrize(
    ("role", "mine", "buttons"),
    [
        (Role.COORDINATOR, False, []),
        (Role.COORDINATOR, True, ["reassign"]),
        (Role.LEAD, False, ["reassign"]),
    ],
)
def test_nothing_is_offered_that_would_always_be_refused(
    client: Client, role: str, mine: bool, buttons: list[str]
) -> None:
    user = make_staff(role)
    make_inquiry(State.CLAIMED, owner=user if mine else None)
    client.force_login(user)
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    assert [each["value"] for each in page.select(".queue-bulk [name=step]")] == buttons
    assert bool(page.select("[name=picked]")) is bool(buttons)
