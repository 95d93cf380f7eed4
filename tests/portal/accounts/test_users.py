"""Accounts and roles: every change is recorded."""

from typing import Any

import pytest
from django.test import Client

from inquiries.models import AuditEntry
from portal.models import User

pytestmark = pytest.mark.django_db

STAFF = "/admin/portal/user/"
NEW_PASSWORD = "a quite different battery staple"
Kind = AuditEntry.Kind


def form_of(client: Client, address: str) -> dict[str, Any]:
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if name != "password"}
    return {name: value for name, value in values.items() if value not in {None, False}}


def test_role_changes_and_disabled_accounts_are_recorded(
    client: Client, boss: User, coordinator: User
) -> None:
    address = f"{STAFF}{coordinator.pk}/change/"
    typed = form_of(client, address) | {"role": "lead", "email": "ana@example.org"}
    del typed["is_active"]
    assert client.post(address, typed).status_code == 302
    entry = AuditEntry.objects.filter(kind=Kind.ACCOUNT_CHANGED).latest("number")
    assert (entry.by, entry.about) == (boss, coordinator)
    assert entry.detail == {
        "role": ["coordinator", "lead"],
        "is_active": [True, False],
        "email": "changed",
    }
    before = AuditEntry.objects.count()
    client.post(address, typed)
    assert AuditEntry.objects.count() == before, "nothing changed"


def test_a_new_account_is_recorded(client: Client, boss: User) -> None:
    typed = {"username": "ana", "role": "editor", "is_staff": "on", "usable_password": "true"}
    twice = dict.fromkeys(["password1", "password2"], NEW_PASSWORD)
    assert client.post(f"{STAFF}add/", typed | twice).status_code == 302
    made = AuditEntry.objects.get(kind=Kind.ACCOUNT_CHANGED)
    assert (made.by, made.about) == (boss, User.objects.get(username="ana"))
    assert made.detail == {
        "change": "made",
        "role": "editor",
        "is_staff": True,
        "is_superuser": False,
    }
