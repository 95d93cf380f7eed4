"""A request that a coordinator enters for a caller or a visitor at the desk."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inquiries.intake.consent import CURRENT_CONSENT_VERSION
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry, IntakeChannel, Receipt
from inquiries.states import State
from portal.models import Role, User
from tests.factories import make_article, make_category, make_staff

pytestmark = pytest.mark.django_db

ENTER = "/admin/inquiries/inquiry/enter/"
QUEUE = "/admin/inquiries/inquiry/"


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def form(client: Client, **fields: Any) -> dict[str, Any]:
    page = BeautifulSoup(client.get(ENTER).text, "html.parser")
    key = page.select_one('[name="idempotency_key"]')
    assert key
    return {
        "idempotency_key": key["value"],
        "channel": "phone",
        "language": "en",
        "full_name": "Ana Example",
        "phone": "(202) 555-0100",
        "message": "They have questions about a study.",
        "consent": CURRENT_CONSENT_VERSION,
        **fields,
    }


def test_front_desk_intake_also_records_consent_receipt_and_deadline(
    at_work: Client, coordinator: User
) -> None:
    topic = make_category()
    make_article(categories=[topic])
    answer = at_work.post(ENTER, form(at_work, topic=topic.slug, never_contact="Never at work."))
    inquiry = Inquiry.objects.get()
    assert answer["Location"] == f"{QUEUE}{inquiry.pk}/change/"
    assert (inquiry.channel, inquiry.state, inquiry.topic) == (
        IntakeChannel.PHONE,
        State.NEW,
        topic,
    )
    assert (inquiry.consent_version, inquiry.language) == (CURRENT_CONSENT_VERSION, "en")
    assert inquiry.due_at > inquiry.received_at
    assert inquiry.never_contact == "Never at work."
    assert Receipt.objects.get().inquiry_id == inquiry.pk
    event = inquiry.events.get(kind=Event.Kind.RECEIVED)
    assert (event.by, event.detail["channel"]) == (coordinator, "phone")
    assert verify_ledger().faults == []
    page = at_work.get(answer["Location"])
    assert "Give the caller this reference number" in page.text
    assert f"by {coordinator}" in page.text


def test_a_caller_who_speaks_spanish_hears_the_reference_in_spanish(at_work: Client) -> None:
    page = at_work.get(at_work.post(ENTER, form(at_work, language="es"))["Location"])
    reference = Inquiry.objects.get().reference
    said = f"Ya tenemos su solicitud. Su número de referencia es {reference}."
    assert f'In Spanish, you can say: <span lang="es">“{said}”</span>' in page.text


def test_a_form_entered_twice_is_one_request(at_work: Client) -> None:
    filled = form(at_work)
    assert at_work.post(ENTER, filled)["Location"] == at_work.post(ENTER, filled)["Location"]
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"channel": ""}, "Choose how they contacted us"),
        ({"language": ""}, "Choose the language they want to speak"),
        ({"consent": ""}, "Read the consent to them. If they agree, choose the language"),
        ({"consent": "on"}, "Choose which consent you read to them"),
        ({"phone": ""}, "Choose how we should contact them"),
        ({"phone": "12"}, "with its area code"),
    ],
)
def test_missing_fields_are_named_and_typed_text_is_kept(
    at_work: Client, fields: dict[str, str], message: str
) -> None:
    answer = at_work.post(ENTER, form(at_work, **fields))
    assert answer.status_code == 422
    assert message in answer.text
    assert "They have questions about a study." in answer.text
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("role", [Role.PRIVACY, Role.EDITOR, Role.REVIEWER, ""])
def test_other_users_cannot_enter_requests(client: Client, role: str) -> None:
    client.force_login(make_staff(role))
    assert client.get(ENTER).status_code == 403
    assert client.post(ENTER, {}).status_code == 403
    if role == Role.PRIVACY:
        assert ENTER not in client.get(QUEUE).text


def test_fast_entry_by_staff_is_not_taken_for_a_bot(at_work: Client) -> None:
    for number in range(3):
        at_work.post(ENTER, form(at_work, message=f"Number {number}"))
    assert Inquiry.objects.filter(state=State.NEW).count() == 3
