"""Confirming one's identity again before the most harmful actions."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.accounts.session_store import key_digest
from portal.models import Role, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
STAFF = "/admin/portal/user/"
NEW_PASSWORD = "a quite different battery staple"
Kind = AuditEntry.Kind


@pytest.mark.parametrize("page", ["add/", "{}/change/", "{}/password/"])
def test_accounts_and_roles_require_a_recent_sign_in(
    client: Client, boss: User, coordinator: User, page: str
) -> None:
    address = STAFF + page.format(coordinator.pk)
    assert client.get(address).status_code == 200, "they have just signed in"
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.get(address)
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2Fportal")
        assert "Confirm it’s you" in client.get(answer["Location"]).text
        wrong = client.post(answer["Location"], {"password": "not the password"})
        assert wrong.status_code == 200
        assert client.get(address).status_code == 302
        right = client.post(answer["Location"], {"password": PASSWORD})
        assert right["Location"] == address
        assert client.get(address).status_code == 200
        assert client.get(QUEUE).status_code == 200
    assert AuditEntry.objects.filter(kind=Kind.REAUTHENTICATED, by=boss).count() == 1


def test_late_input_is_shown_and_not_lost_but_passwords_are_not_stored(
    client: Client, boss: User, coordinator: User
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.get(QUEUE)
        answer = client.post(
            f"{STAFF}{coordinator.pk}/change/",
            {"first_name": "Ana", "role": "lead", "password1": NEW_PASSWORD, "_save": "Save"},
        )
    assert answer.status_code == 403
    assert "Not saved yet" in answer.text
    assert "Ana" in answer.text
    assert "lead" in answer.text
    assert NEW_PASSWORD not in answer.text
    assert "Save<" not in answer.text
    assert all(NEW_PASSWORD not in str(row.get_decoded()) for row in Session.objects.all())
    coordinator.refresh_from_db()
    assert coordinator.role == Role.COORDINATOR


def test_confirming_gives_the_session_a_new_key(client: Client, boss: User) -> None:
    before = client.cookies["sessionid"].value
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    after = client.cookies["sessionid"].value
    assert before != after
    assert not Session.objects.filter(session_key=key_digest(before)).exists()


def test_exports_also_require_a_recent_sign_in() -> None:
    from portal.accounts.reauthentication import REAUTHENTICATION_VIEWS

    exports = ("audit", "access", "report")
    assert {f"admin:inquiries_{what}_export" for what in exports} < REAUTHENTICATION_VIEWS
