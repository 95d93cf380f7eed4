"""The second factor: no one works without one, and no one bypasses theirs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.models import Role, User
from tests.factories import PASSWORD, make_inquiry, make_staff
from tests.portal.accounts.devices import App, Passkey, enter, enter_code, sign_in, with_app
from tests.portal.accounts.enrollment import ADD_PASSKEY, add_passkey, set_up_app

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
YOURS = "/accounts/mfa/"
SET_UP_APP = "/accounts/mfa/totp/activate/"
AUTHENTICATE = "/accounts/mfa/authenticate/"
Kind = AuditEntry.Kind


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


def test_without_a_second_factor_every_staff_page_redirects_to_setup(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry()
    assert enter(client, coordinator).headers["Location"] == QUEUE
    for address in ("/admin/", QUEUE, f"{QUEUE}{inquiry.pk}/change/", "/admin/jsi18n/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, YOURS), address
    page = client.get(YOURS)
    assert "Set up an app" in page.text
    assert "Add a passkey" in page.text
    for address in ("/accounts/password/change/", "/accounts/sessions/"):
        assert client.get(address)["Location"] == YOURS


def test_setup_speaks_of_nothing_that_does_not_exist_yet(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    wrong = {"code": "000000"}
    for answer in (
        client.get(YOURS),
        client.get(SET_UP_APP),
        client.post(SET_UP_APP, wrong),
        client.get(ADD_PASSKEY),
    ):
        assert answer.status_code == 200
        text = answer.text.lower()
        assert "recovery code" not in text
        assert '<a href="/admin/">' not in text, "leads back here"
    assert "Enter the code your app shows now." in client.post(SET_UP_APP, wrong).text
    set_up_app(client)
    assert '<a href="/admin/">' in client.get(YOURS).text


def test_nobody_is_asked_for_a_recovery_code_they_never_got(
    client: Client, coordinator: User
) -> None:
    with_app(coordinator)
    Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    enter(client, coordinator)
    assert "recovery code" not in client.get(AUTHENTICATE).text


def test_after_setup_users_continue_to_the_page_they_wanted(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    client.get(f"{QUEUE}?view=mine")
    set_up_app(client)
    codes = client.get("/accounts/mfa/recovery-codes/")
    assert f'href="{QUEUE}?view=mine"' in codes.text
    assert client.get(f"{QUEUE}?view=mine").status_code == 200


def test_a_passkey_also_counts_as_a_second_factor(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    add_passkey(client)
    assert client.get(QUEUE).status_code == 200


def test_a_form_sent_without_a_second_factor_keeps_the_typed_text(
    client: Client, coordinator: User
) -> None:
    enter(client, coordinator)
    inquiry = make_inquiry()
    answer = client.post(
        f"{QUEUE}{inquiry.pk}/note/", {"note-text": "Call after five.", "note-version": "1"}
    )
    assert answer.status_code == 401
    assert "Call after five." in answer.text
    inquiry.refresh_from_db()
    assert inquiry.version == 1


def test_a_password_alone_does_not_sign_in_accounts_with_a_second_factor(
    client: Client, coordinator: User, app: App
) -> None:
    assert enter(client, coordinator)["Location"] == AUTHENTICATE
    assert "/accounts/login/" in client.get(QUEUE)["Location"]
    assert enter_code(client, "000000").status_code == 200
    assert "/accounts/login/" in client.get(QUEUE)["Location"]
    assert enter_code(client, app.code())["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_a_session_older_than_the_factor_must_prove_it_and_cannot_add_another(
    client: Client, coordinator: User
) -> None:
    """Otherwise a stolen password, used before the factor was set up, could add the thief's."""
    enter(client, coordinator)
    app = with_app(coordinator)
    for address in (QUEUE, YOURS, ADD_PASSKEY, "/accounts/mfa/recovery-codes/"):
        assert client.get(address)["Location"].startswith("/accounts/mfa/reauthenticate/?next=")
    assert client.get("/accounts/reauthenticate/")["Location"].startswith(
        "/accounts/mfa/reauthenticate/"
    ), "the password again is no second factor"
    assert client.post(ADD_PASSKEY, {"name": "Thief’s", "credential": "{}"}).status_code == 401
    answer = client.post("/accounts/mfa/reauthenticate/", {"code": app.code(), "next": QUEUE})
    assert answer["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_when_factors_are_optional_such_a_session_cannot_add_another_either(
    client: Client, coordinator: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    enter(client, coordinator)
    with_app(coordinator)
    assert client.get(QUEUE).status_code == 200
    assert client.get(ADD_PASSKEY)["Location"].startswith("/accounts/mfa/reauthenticate/")


def test_when_factors_are_optional_a_password_is_enough_without_one(
    client: Client, coordinator: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    enter(client, coordinator)
    assert client.get(QUEUE).status_code == 200


def test_no_one_can_remove_their_last_factor(client: Client, coordinator: User, app: App) -> None:
    sign_in(client, coordinator, app)
    refused = client.post("/accounts/mfa/totp/deactivate/")
    assert "your only second step" in refused.text
    add_passkey(client)
    assert client.post("/accounts/mfa/totp/deactivate/")["Location"] == YOURS
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    remove = f"/accounts/mfa/webauthn/keys/{key.pk}/remove/"
    assert "your only second step" in client.get(remove).text
    assert client.post(remove).status_code == 409
    assert Authenticator.objects.filter(pk=key.pk).exists()
    assert client.get(QUEUE).status_code == 200


def test_a_passkey_can_be_renamed_and_removed(client: Client, coordinator: User, app: App) -> None:
    sign_in(client, coordinator, app)
    add_passkey(client)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    client.post(f"/accounts/mfa/webauthn/keys/{key.pk}/edit/", {"name": "My phone"})
    assert "My phone" in client.get(YOURS).text
    client.post(f"/accounts/mfa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_no_one_can_change_someone_elses_passkey(
    client: Client, coordinator: User, app: App, passkey: Passkey
) -> None:
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    other = make_staff(Role.LEAD)
    sign_in(client, other, with_app(other))
    for change in ("remove", "edit"):
        answer = client.post(f"/accounts/mfa/webauthn/keys/{key.pk}/{change}/", {"name": "Mine"})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        ADD_PASSKEY,
        "/accounts/mfa/totp/deactivate/",
        "/accounts/mfa/recovery-codes/",
        "/accounts/mfa/recovery-codes/generate/",
    ],
)
def test_factors_and_codes_require_a_recent_sign_in(
    client: Client, coordinator: User, app: App, address: str
) -> None:
    sign_in(client, coordinator, app)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.get(address)
        assert answer["Location"] == f"/accounts/reauthenticate/?next={address.replace('/', '%2F')}"
        assert client.post(address, {"name": "x"}).status_code == 403
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.get(address).status_code == 200


def test_an_operator_can_reset_a_lost_factor_and_it_is_recorded(
    client: Client, coordinator: User, app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in(client, coordinator, app)
    call_command("reset_second_factor", coordinator.username)
    assert capsys.readouterr().out == f"{coordinator.username}: 2 removed, 1 sessions ended\n"
    assert "/accounts/login/" in client.get(QUEUE)["Location"]
    entry = AuditEntry.objects.filter(kind=Kind.FACTOR_CHANGED).latest("number")
    assert (entry.by, entry.about, entry.detail) == (
        *(None, coordinator),
        {"change": "reset", "count": 2, "unbound": False},
    )
    enter(client, coordinator)
    assert client.get(QUEUE)["Location"] == YOURS, "they set up a new one"


def test_an_unknown_name_resets_no_one() -> None:
    with pytest.raises(CommandError, match="no account named 'ana'"):
        call_command("reset_second_factor", "ana")


@pytest.mark.once
def test_every_sign_in_page_is_valid_html(
    client: Client,
    coordinator: User,
    app: App,
    validate_html: Callable[[Mapping[str, str]], None],
) -> None:
    enter(client, coordinator)
    found = {"second step": client.get(AUTHENTICATE).text}
    found["second step, refused"] = enter_code(client, "0").text
    enter_code(client, app.code())
    add_passkey(client)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    for address in (
        *(YOURS, ADD_PASSKEY, "/accounts/sessions/", "/accounts/password/change/"),
        *("/accounts/mfa/recovery-codes/", "/accounts/mfa/recovery-codes/generate/"),
        *("/accounts/reauthenticate/", "/accounts/mfa/reauthenticate/"),
        *("/accounts/mfa/webauthn/reauthenticate/", "/accounts/mfa/totp/deactivate/"),
        *(f"/accounts/mfa/webauthn/keys/{key}/{change}/" for change in ("edit", "remove")),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.text
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        found["held"] = client.post(YOURS + "webauthn/add/", {"name": "Blue key"}).text
    assert "Not saved yet" in found["held"]
    validate_html(found)


def test_every_factor_change_is_recorded(
    client: Client, coordinator: User, app: App, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, coordinator, app)
    with django_capture_on_commit_callbacks(execute=True):
        add_passkey(client)
        client.post("/accounts/mfa/totp/deactivate/")
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
        client.post("/accounts/mfa/recovery-codes/generate/")
    changes = AuditEntry.objects.filter(kind=Kind.FACTOR_CHANGED).order_by("number")
    assert [(each.by, each.detail["method"], each.detail["change"]) for each in changes] == [
        (coordinator, "webauthn", "added"),
        (coordinator, "totp", "removed"),
        (coordinator, "totp", "added"),
        (coordinator, "recovery_codes", "renewed"),
    ]


def test_a_wrong_code_is_recorded_without_the_code_itself(
    client: Client, coordinator: User, app: App
) -> None:
    enter(client, coordinator)
    enter_code(client, "123123")
    entry = AuditEntry.objects.get(kind=Kind.SIGN_IN_FAILED)
    assert (entry.by, entry.about) == (None, coordinator)
    assert entry.detail == {"method": "totp", "address": "127.0.0.1"}
