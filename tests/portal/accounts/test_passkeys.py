"""Passkeys sign in on their own, and no forged one is accepted."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from inquiries.models import AuditEntry
from portal.models import User
from tests.portal.accounts import devices
from tests.portal.accounts.devices import Passkey, enter
from tests.portal.accounts.enrollment import ADD_PASSKEY

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
AUTHENTICATE = "/accounts/mfa/authenticate/"
BY_PASSKEY = "/accounts/mfa/webauthn/login/"
Kind = AuditEntry.Kind


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


def by_passkey(client: Client, passkey: Passkey, **typed: str) -> Any:
    options = devices.options_on(client.get(BY_PASSKEY))
    return client.post(BY_PASSKEY, {"credential": passkey.sign(options), **typed})


def test_a_passkey_alone_is_enough_to_sign_in(client: Client, passkey: Passkey) -> None:
    assert by_passkey(client, passkey, next=QUEUE)["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    assert AuditEntry.objects.filter(kind=Kind.SIGNED_IN, detail__method="webauthn").exists()


def test_a_passkey_also_works_as_a_second_step(
    client: Client, coordinator: User, passkey: Passkey
) -> None:
    enter(client, coordinator)
    options = devices.options_on(client.get(AUTHENTICATE))
    answer = client.post(AUTHENTICATE, {"credential": passkey.sign(options)})
    assert answer["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_a_passkey_response_works_only_once(client: Client, passkey: Passkey) -> None:
    options = devices.options_on(client.get(BY_PASSKEY))
    answer = {"credential": passkey.sign(options)}
    assert client.post(BY_PASSKEY, answer).status_code == 302
    client.post("/accounts/logout/")
    again = client.post(BY_PASSKEY, answer)
    assert again.status_code == 200
    assert "doesn’t match an account" in again.text


@pytest.mark.parametrize("credential", ["", "{}", "[]", "1", '"x"', "null", '{"id": 1}', "{"])
def test_input_that_is_no_passkey_is_refused_without_an_error(
    client: Client, credential: str, passkey: Passkey
) -> None:
    client.get(BY_PASSKEY)
    assert client.post(BY_PASSKEY, {"credential": credential}).status_code == 200


_WRONG: tuple[Any, ...] = (None, 1, "AAAA", {})


def spoilt(credential: str) -> Iterator[str]:
    """Yield the same credential with one part removed or replaced."""
    whole = json.loads(credential)
    for part in (whole, whole["response"]):
        for name, value in list(part.items()):
            for wrong in _WRONG:
                part[name] = wrong
                yield json.dumps(whole)
            del part[name]
            yield json.dumps(whole)
            part[name] = value


@pytest.mark.parametrize("address", [BY_PASSKEY, ADD_PASSKEY])
def test_a_made_up_passkey_is_refused_without_an_error(
    client: Client, coordinator: User, passkey: Passkey, address: str, settings: Any
) -> None:
    settings.RATE_LIMITS_ENABLED = False
    if address == ADD_PASSKEY:
        by_passkey(client, passkey)
    options = devices.options_on(client.get(address))
    made = Passkey().register(options) if address == ADD_PASSKEY else passkey.sign(options)
    for credential in spoilt(made):
        answer = client.post(address, {"name": "x", "credential": credential})
        if answer.status_code == 302:  # That part was not needed, so it was a good one.
            client.post("/accounts/logout/")
            by_passkey(client, passkey)
            client.get(address)
        else:
            assert answer.status_code == 200


def test_a_disabled_accounts_passkey_gets_the_same_response_as_an_unknown_one(
    coordinator: User, passkey: Passkey
) -> None:
    unknown = Passkey()
    unknown.user_handle = passkey.user_handle
    coordinator.is_active = False
    coordinator.save()
    pages = []
    for each in (passkey, unknown):
        answer = by_passkey(Client(), each)
        assert answer.status_code == 200
        pages.append(re.sub(r'value="[^"]*"|"challenge": "[^"]*"|nonce="[^"]*"', "", answer.text))
    assert pages[0] == pages[1]
