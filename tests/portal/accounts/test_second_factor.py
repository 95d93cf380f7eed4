"""The second factor: nobody works without one, and nobody gets around hers."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.accounts import second_factor
from portal.models import Role, User
from tests.factories import PASSWORD, make_inquiry, make_staff
from tests.portal.accounts import devices
from tests.portal.accounts.devices import App, Passkey, enter, enter_code, sign_in, with_app

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
YOURS = "/accounts/mfa/"
AUTHENTICATE = "/accounts/mfa/authenticate/"
ADD_PASSKEY = "/accounts/mfa/webauthn/add/"
BY_PASSKEY = "/accounts/mfa/webauthn/login/"
Kind = AuditEntry.Kind


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


@pytest.fixture
def app(coordinator: User) -> App:
    return with_app(coordinator)


def add_passkey(client: Client) -> Passkey:
    passkey = Passkey()
    credential = passkey.register(devices.options_on(client.get(ADD_PASSKEY)))
    answer = client.post(ADD_PASSKEY, {"name": "Blue key", "credential": credential})
    assert answer.status_code == 302, answer.context["form"].errors
    return passkey


def set_up_app(client: Client) -> App:
    page = client.get("/accounts/mfa/totp/activate/")
    found = re.search(r'<code class="totp-secret">([A-Z2-7 ]+)</code>', page.text)
    assert found
    app = App(found[1].replace(" ", ""))
    assert client.post("/accounts/mfa/totp/activate/", {"code": app.code()}).status_code == 302
    return app


# --- Enforced -------------------------------------------------------------------------------------


def test_without_a_second_factor_every_staff_page_leads_to_setting_one_up(
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


def test_once_set_up_she_goes_on_to_where_she_wanted(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    client.get(f"{QUEUE}?view=mine")
    set_up_app(client)
    codes = client.get("/accounts/mfa/recovery-codes/")
    assert f'href="{QUEUE}?view=mine"' in codes.text
    assert client.get(f"{QUEUE}?view=mine").status_code == 200


def test_a_passkey_does_as_well(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    add_passkey(client)
    assert client.get(QUEUE).status_code == 200


def test_a_form_sent_without_a_second_factor_keeps_what_was_typed(
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


def test_the_password_alone_opens_no_session_where_there_is_a_factor(
    client: Client, coordinator: User, app: App
) -> None:
    assert enter(client, coordinator)["Location"] == AUTHENTICATE
    assert "/accounts/login/" in client.get(QUEUE)["Location"]
    assert enter_code(client, "000000").status_code == 200
    assert "/accounts/login/" in client.get(QUEUE)["Location"]
    assert enter_code(client, app.code())["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_a_session_older_than_her_factor_must_show_it_and_may_not_add_another(
    client: Client, coordinator: User
) -> None:
    """Else a stolen password, used before she set hers up, would add the thief's own."""
    enter(client, coordinator)
    app = with_app(coordinator)
    for address in (QUEUE, YOURS, ADD_PASSKEY, "/accounts/mfa/recovery-codes/"):
        assert client.get(address)["Location"].startswith("/accounts/mfa/reauthenticate/?next=")
    assert client.get("/accounts/reauthenticate/")["Location"].startswith(
        "/accounts/mfa/reauthenticate/"
    ), "her password again is no second factor"
    assert client.post(ADD_PASSKEY, {"name": "Thief’s", "credential": "{}"}).status_code == 401
    answer = client.post("/accounts/mfa/reauthenticate/", {"code": app.code(), "next": QUEUE})
    assert answer["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_where_it_is_optional_such_a_session_may_not_add_another_either(
    client: Client, coordinator: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    enter(client, coordinator)
    with_app(coordinator)
    assert client.get(QUEUE).status_code == 200
    assert client.get(ADD_PASSKEY)["Location"].startswith("/accounts/mfa/reauthenticate/")


def test_where_it_is_optional_a_password_is_enough_for_who_has_none(
    client: Client, coordinator: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    enter(client, coordinator)
    assert client.get(QUEUE).status_code == 200


# --- Codes ----------------------------------------------------------------------------------------


def test_a_code_counts_once_even_when_the_cache_forgets(
    client: Client, coordinator: User, app: App
) -> None:
    from django.core.cache import cache

    code = app.code()
    enter(client, coordinator)
    enter_code(client, code)
    cache.clear()
    again = Client()
    enter(again, coordinator)
    answer = enter_code(again, code)
    assert answer.status_code == 200
    assert "used before" in answer.text
    assert "/accounts/login/" in again.get(QUEUE)["Location"]


@pytest.mark.parametrize(
    ("seconds", "counts"), [(-30, True), (30, True), (-60, False), (60, False)]
)
def test_a_clock_may_be_half_a_minute_off(
    client: Client, coordinator: User, app: App, seconds: int, counts: bool
) -> None:
    with time_machine.travel("2026-11-02T12:00:15Z", tick=False):
        enter(client, coordinator)
        enter_code(client, app.code(seconds=seconds))
        assert (client.get(QUEUE).status_code == 200) is counts


def test_after_a_late_code_the_earlier_ones_no_longer_count(
    client: Client, coordinator: User, app: App
) -> None:
    with time_machine.travel("2026-11-02T12:00:15Z", tick=False):
        earlier, later = app.code(seconds=-30), app.code(seconds=30)
        enter(client, coordinator)
        assert enter_code(client, later)["Location"] == QUEUE
        again = Client()
        enter(again, coordinator)
        assert enter_code(again, earlier).status_code == 200


def test_codes_are_not_guessed(client: Client, coordinator: User, app: App) -> None:
    enter(client, coordinator)
    answers = [enter_code(client, f"{guess:06}").text for guess in range(6)]
    assert "Too many" in answers[-1]
    assert "Too many" in enter_code(client, app.code()).text


def test_a_recovery_code_counts_once(client: Client, coordinator: User, app: App) -> None:
    code, other = devices.recovery_codes(coordinator)[:2]
    enter(client, coordinator)
    assert enter_code(client, code)["Location"] == QUEUE
    again = Client()
    enter(again, coordinator)
    assert enter_code(again, code).status_code == 200
    assert enter_code(again, other)["Location"] == QUEUE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_a_code_that_comes_twice_at_once_counts_once(coordinator: User, kind: str) -> None:
    app = with_app(coordinator)
    code = app.code() if kind == "totp" else devices.recovery_codes(coordinator)[0]
    kept = Authenticator.objects.get(user=coordinator, type=kind)
    together = threading.Barrier(4)

    def use() -> bool:
        together.wait()
        try:
            own = Authenticator.objects.get(pk=kept.pk)
            if kind == "totp":
                return second_factor.use_code(own, code)
            return bool(own.wrap().validate_code(code))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        counted = [each.result() for each in [threads.submit(use) for _ in range(4)]]
    assert sorted(counted) == [False, False, False, True]


def test_recovery_codes_are_shown_once(client: Client, coordinator: User) -> None:
    enter(client, coordinator)
    set_up_app(client)
    codes = devices.recovery_codes(coordinator)
    first, second = (client.get("/accounts/mfa/recovery-codes/") for _ in range(2))
    assert len(codes) == 10
    for code in codes:
        assert code in first.text
        assert code not in second.text
    assert client.get("/accounts/mfa/recovery-codes/download/").status_code == 404


def test_new_recovery_codes_replace_the_old(client: Client, coordinator: User, app: App) -> None:
    sign_in(client, coordinator, app)
    old = devices.recovery_codes(coordinator)
    assert client.post("/accounts/mfa/recovery-codes/generate/").status_code == 302
    assert not set(old) & set(devices.recovery_codes(coordinator))


def test_secrets_are_sealed_wherever_they_are_kept(client: Client, coordinator: User) -> None:
    from django.contrib.sessions.models import Session

    enter(client, coordinator)
    page = client.get("/accounts/mfa/totp/activate/")
    secret = page.context["form"].secret
    assert all(secret not in str(row.get_decoded()) for row in Session.objects.all())
    client.post("/accounts/mfa/totp/activate/", {"code": App(secret).code()})
    assert all("secret" not in str(row.get_decoded()) for row in Session.objects.all())
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert re.fullmatch(r"[A-Za-z0-9+/=]{60,}", kept["totp"]["secret"])
    assert re.fullmatch(r"[A-Za-z0-9+/=]{100,}", kept["recovery_codes"]["seed"])


# --- Passkeys -------------------------------------------------------------------------------------


@pytest.fixture
def passkey(coordinator: User, app: App) -> Passkey:
    client = Client()
    sign_in(client, coordinator, app)
    passkey = add_passkey(client)
    client.post("/accounts/logout/")
    return passkey


def by_passkey(client: Client, passkey: Passkey, **typed: str) -> Any:
    options = devices.options_on(client.get(BY_PASSKEY))
    return client.post(BY_PASSKEY, {"credential": passkey.sign(options), **typed})


def test_a_passkey_signs_in_by_itself(client: Client, passkey: Passkey) -> None:
    assert by_passkey(client, passkey, next=QUEUE)["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    assert AuditEntry.objects.filter(kind=Kind.SIGNED_IN, detail__method="webauthn").exists()


def test_a_passkey_is_a_second_step_too(
    client: Client, coordinator: User, passkey: Passkey
) -> None:
    enter(client, coordinator)
    options = devices.options_on(client.get(AUTHENTICATE))
    answer = client.post(AUTHENTICATE, {"credential": passkey.sign(options)})
    assert answer["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_an_answer_of_a_passkey_counts_once(client: Client, passkey: Passkey) -> None:
    options = devices.options_on(client.get(BY_PASSKEY))
    answer = {"credential": passkey.sign(options)}
    assert client.post(BY_PASSKEY, answer).status_code == 302
    client.post("/accounts/logout/")
    again = client.post(BY_PASSKEY, answer)
    assert again.status_code == 200
    assert "does not open an account" in again.text


@pytest.mark.parametrize("credential", ["", "{}", "[]", "1", '"x"', "null", '{"id": 1}', "{"])
def test_what_is_no_passkey_is_refused_and_no_fault(
    client: Client, credential: str, passkey: Passkey
) -> None:
    client.get(BY_PASSKEY)
    assert client.post(BY_PASSKEY, {"credential": credential}).status_code == 200


_WRONG: tuple[Any, ...] = (None, 1, "AAAA", {})


def spoilt(credential: str) -> Iterator[str]:
    """The same with one thing in it left out, or made something else."""
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
def test_a_passkey_that_somebody_made_up_is_refused_and_no_fault(
    client: Client, coordinator: User, passkey: Passkey, address: str, settings: Any
) -> None:
    settings.MFA_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS = False
    if address == ADD_PASSKEY:
        by_passkey(client, passkey)
    options = devices.options_on(client.get(address))
    made = Passkey().register(options) if address == ADD_PASSKEY else passkey.sign(options)
    for credential in spoilt(made):
        answer = client.post(address, {"name": "x", "credential": credential})
        if answer.status_code == 302:  # What was spoilt is not needed: a good one, then.
            client.post("/accounts/logout/")
            by_passkey(client, passkey)
            client.get(address)
        else:
            assert answer.status_code == 200


def test_a_passkey_of_a_disabled_account_gets_the_answer_of_an_unknown_one(
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


# --- Adding and removing --------------------------------------------------------------------------


def test_nobody_removes_her_last_factor(client: Client, coordinator: User, app: App) -> None:
    sign_in(client, coordinator, app)
    refused = client.post("/accounts/mfa/totp/deactivate/")
    assert "only second factor" in refused.text
    add_passkey(client)
    assert client.post("/accounts/mfa/totp/deactivate/")["Location"] == YOURS
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    remove = f"/accounts/mfa/webauthn/keys/{key.pk}/remove/"
    assert "only second factor" in client.get(remove).text
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


def test_nobody_touches_the_passkey_of_somebody_else(
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
def test_factors_and_codes_take_a_recent_sign_in(
    client: Client, coordinator: User, app: App, address: str
) -> None:
    sign_in(client, coordinator, app)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.get(address)
        assert answer["Location"] == f"/accounts/reauthenticate/?next={address.replace('/', '%2F')}"
        assert client.post(address, {"name": "x"}).status_code == 403
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.get(address).status_code == 200


# --- When a device is lost ------------------------------------------------------------------------


def test_an_operator_resets_a_lost_factor_and_it_is_kept_on_record(
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
    assert client.get(QUEUE)["Location"] == YOURS, "she sets up a new one"


def test_nobody_is_reset_by_a_name_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="no account named 'ana'"):
        call_command("reset_second_factor", "ana")


# --- What the pages are made of -------------------------------------------------------------------


@pytest.mark.once
def test_every_page_of_hers_is_valid(
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
    assert "Nothing was saved yet" in found["held"]
    validate_html(found)


# --- On record ------------------------------------------------------------------------------------


def test_every_change_of_a_factor_is_kept_on_record(
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


def test_a_wrong_code_is_kept_on_record_and_the_code_is_not(
    client: Client, coordinator: User, app: App
) -> None:
    enter(client, coordinator)
    enter_code(client, "123123")
    entry = AuditEntry.objects.get(kind=Kind.SIGN_IN_FAILED)
    assert (entry.by, entry.about) == (None, coordinator)
    assert entry.detail == {"method": "totp", "address": "127.0.0.1"}
