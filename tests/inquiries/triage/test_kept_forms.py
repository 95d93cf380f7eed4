"""What a process keeps of a request page: nothing about a patient, and nobody else's token."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.templatetags import kept
from inquiries.ledger.events import record_reading
from inquiries.models import Event, Inquiry
from inquiries.states import State
from inquiries.triage import steps
from inquiries.views.staff import record
from portal.models import Role, User
from tests.factories import make_inquiry, make_referral, make_staff, make_task

pytestmark = pytest.mark.django_db

#: Words that only these patients and their tasks have.
SAID: dict[str, Any] = {
    "full_name": "Xiomara Quetzal",
    "pronouns": "xe",
    "message": "Zebrafish and quinoa.",
    "never_contact": "Never by pigeon.",
    "email": "xiomara@quetzal.example",
}
WRITTEN = ("Xiomara", "Quetzal", "Zebrafish", "pigeon", "quetzal", "Kumquat", "Durian")


def page(client: Client, inquiry: Inquiry) -> str:
    return client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_no_word_about_a_patient_is_kept(client: Client, role: Role) -> None:
    reader = make_staff(role)
    client.force_login(reader)
    owner = reader if role != Role.PRIVACY else make_staff(Role.COORDINATOR)
    for state in (State.QUARANTINED, State.NEW, State.CLAIMED, State.CONNECTED, State.WAITING):
        inquiry = make_inquiry(state, owner=owner, **SAID)
        if state not in {State.QUARANTINED, State.NEW}:
            make_task(inquiry, owner, text="Kumquat")
            make_referral(Inquiry.objects.get(pk=inquiry.pk), owner)
        inquiry = Inquiry.objects.get(pk=inquiry.pk)
        steps.add_note(inquiry, text="Durian", by=owner)
        assert "Xiomara" in page(client, inquiry)
    assert kept._drawn
    for key, drawn in kept._drawn.items():
        assert not [each for each in WRITTEN if each in drawn or each in repr(key)]


def test_a_kept_form_is_of_the_request_that_shows_it(client: Client, coordinator: User) -> None:
    for number in range(3):
        reader = make_staff(Role.COORDINATOR)
        client.force_login(reader)
        inquiry = make_inquiry(State.CLAIMED, owner=reader)
        Inquiry.objects.filter(pk=inquiry.pk).update(version=7 + number)
        found = BeautifulSoup(page(client, inquiry), "html.parser")
        forms = found.select("form.step")
        assert len(forms) > 5
        tokens = [
            str(each["value"]) for each in found.select("form.step [name=csrfmiddlewaretoken]")
        ]
        assert len(tokens) == len(forms)
        assert len({*tokens}) == 1
        assert len(tokens[0]) == 64
        assert all(str(inquiry.pk) in str(each["action"]) for each in forms)
        versions = {each["value"] for each in found.select('form.step [name$="-version"]')}
        assert versions == {str(7 + number)}


def test_no_mark_of_a_kept_form_reaches_a_page(client: Client, lead: User) -> None:
    client.force_login(lead)
    text = page(client, make_inquiry(State.CLAIMED))
    assert not set(text) & {"\ue000", "\ue001"}
    assert "00000000-0000-0000-0000-000000000000" not in text


def test_what_a_colleague_does_while_the_page_is_made_is_shown(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry, read = make_inquiry(), record_reading

    def read_after_a_note(of: Inquiry, *, by: User) -> Event:
        steps.add_note(Inquiry.objects.get(pk=of.pk), text="Call after five.", by=by)
        return read(of, by=by)

    monkeypatch.setattr(record, "record_reading", read_after_a_note)
    client.force_login(coordinator)
    shown = page(client, inquiry)
    assert "Call after five." in shown
    assert "changed outside the portal" not in shown
