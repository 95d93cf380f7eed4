"""The secrets of a second factor open only for the account that they were sealed for."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from inquiries import encryption
from inquiries.encryption import SealBroken
from inquiries.keyring import Purpose, purpose_key
from portal.accounts import second_factor
from portal.models import User
from tests.portal.accounts import devices
from tests.portal.accounts.devices import App, enter, enter_code, sign_in, with_app

pytestmark = pytest.mark.django_db


def kept(user: User, kind: str, name: str) -> str:
    """Return the sealed value as the table holds it."""
    data = Authenticator.objects.filter(user=user, type=kind).values_list("data", flat=True)
    sealed: str = data.get()[name]
    return sealed


def keep_as_the_first_release_did(user: User) -> None:
    key = purpose_key(Purpose.SECOND_FACTOR)
    for row in Authenticator.objects.filter(user=user):
        for name in {"secret", "seed"} & row.data.keys():
            secret = second_factor.unseal_secret(row.data[name])
            sealed = encryption.seal(secret, key=key, context="staff second factor")
            row.data[name] = base64.b64encode(sealed).decode()
        Authenticator.objects.filter(pk=row.pk).update(data=row.data)


def swap(mine: User, theirs: User, kind: str) -> None:
    """Copy a row, as somebody who can write to the database but has no key could."""
    row = Authenticator.objects.filter(user=mine, type=kind).values_list("data", flat=True).get()
    Authenticator.objects.filter(user=theirs, type=kind).update(data=row)


@pytest.mark.parametrize("renames", [False, True], ids=["copied", "copied and renamed"])
def test_security_9_an_app_secret_copied_to_another_account_does_not_work(
    coordinator: User, lead: User, renames: bool
) -> None:
    mine = with_app(coordinator)
    with_app(lead)
    swap(coordinator, lead, "totp")
    if renames:
        row = Authenticator.objects.filter(user=lead, type="totp")
        data = row.values_list("data", flat=True).get()
        data["secret"] = f"{lead.pk}:{data['secret'].partition(':')[2]}"
        row.update(data=data)
    client = Client()
    enter(client, lead)
    answer = enter_code(client, mine.code())
    assert answer.status_code == 200
    assert "That code is wrong" in answer.text
    assert "/accounts/login/" in client.get("/admin/")["Location"]


def test_security_9_a_recovery_code_seed_copied_to_another_account_does_not_work(
    coordinator: User, lead: User
) -> None:
    with_app(coordinator)
    with_app(lead)
    code = devices.recovery_codes(coordinator)[0]
    swap(coordinator, lead, "recovery_codes")
    client = Client()
    enter(client, lead)
    assert enter_code(client, code).status_code == 200
    with pytest.raises(SealBroken):
        devices.recovery_codes(lead)


def test_security_9_secrets_from_the_previous_release_work_and_are_reencrypted_on_use(
    coordinator: User,
) -> None:
    app = with_app(coordinator)
    code = devices.recovery_codes(coordinator)[0]
    keep_as_the_first_release_did(coordinator)
    assert ":" not in kept(coordinator, "totp", "secret")
    sign_in(Client(), coordinator, app)
    assert kept(coordinator, "totp", "secret").startswith(f"{coordinator.pk}:")
    client = Client()
    enter(client, coordinator)
    assert enter_code(client, code).status_code == 302
    assert kept(coordinator, "recovery_codes", "seed").startswith(f"{coordinator.pk}:")
    again = Client()
    enter(again, coordinator)
    assert enter_code(again, code).status_code == 200, "it counts once, as before"


def test_security_9_rotate_keys_reencrypts_all_factor_secrets(
    coordinator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    app: App = with_app(coordinator)
    keep_as_the_first_release_did(coordinator)
    call_command("rotate_keys")
    assert "2 secrets of second factors sealed for their accounts" in capsys.readouterr().out
    assert kept(coordinator, "totp", "secret").startswith(f"{coordinator.pk}:")
    assert kept(coordinator, "recovery_codes", "seed").startswith(f"{coordinator.pk}:")
    call_command("rotate_keys")
    assert "second factors" not in capsys.readouterr().out
    sign_in(Client(), coordinator, app)
