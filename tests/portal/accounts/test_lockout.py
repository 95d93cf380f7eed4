"""The database counts guesses, so no stranger, no cache and no cache failure opens the door."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

import portal.http.cache
from inquiries.models import AuditEntry
from portal.accounts import lockout
from portal.http import attempts
from portal.http.limits import LIMITS, SIGN_IN_LIMITS, Limit
from portal.models import AttemptCount, User
from tests.factories import PASSWORD
from tests.portal.accounts import devices
from tests.portal.accounts.devices import App, Passkey, enter, enter_code, options_on
from tests.portal.accounts.sessions import minutes_later

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
AUTHENTICATE = "/accounts/mfa/authenticate/"
Kind = AuditEntry.Kind


def guess_from_many_networks(user: User, times: int) -> list[Any]:
    return [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(
            LOGIN, {"login": user.username, "password": f"guess {number}"}
        )
        for number in range(times)
    ]


def files_of(alias: str) -> list[Path]:
    return list(Path(settings.CACHES[alias]["LOCATION"]).glob("*.djcache"))


def is_locked(user: User) -> bool:
    """Return whether the right password is refused, from an address where nobody has guessed."""
    return "Too many" in enter(Client(REMOTE_ADDR="203.0.113.77"), user).text


def test_sign_in_limits_are_the_agreed_ones() -> None:
    assert (lockout.AT_ACCOUNT, lockout.FROM_NETWORK) == ((5, 300), (10, 60))
    door = Limit(30, 60, "address", is_certain=True)
    assert SIGN_IN_LIMITS["account_login"] == SIGN_IN_LIMITS["oidc_login"] == door
    assert LIMITS["mfa_login_webauthn"] == Limit(60, 60, "address")
    assert all(limit.is_certain for limit in SIGN_IN_LIMITS.values())


def test_security_5_counters_for_3000_networks_evict_no_lockout_from_the_file_cache(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A smaller version: 300 networks, and caches with room for 30 entries."""
    for alias in ("default", "counters", "pages"):
        monkeypatch.setattr(caches[alias], "_max_entries", 30)
    guess_from_many_networks(coordinator, 5)
    assert is_locked(coordinator)
    for number in range(300):
        stranger = Client(REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}")
        assert stranger.get("/search/").status_code == 200
    assert len(files_of("counters")) <= 30
    assert is_locked(coordinator)
    for alias in ("default", "counters", "pages"):
        caches[alias].clear()
    assert is_locked(coordinator)
    with minutes_later(5.1):
        assert not is_locked(coordinator)


def test_security_5_a_tripped_cache_breaker_does_not_affect_sign_in(
    coordinator: User, app: App
) -> None:
    portal.http.cache.BREAKER.trip()
    guess_from_many_networks(coordinator, 5)
    assert is_locked(coordinator)


def test_security_5_counters_for_strangers_have_their_own_cache(
    client: Client,
) -> None:
    client.get("/search/?q=kidney")
    assert len({each["LOCATION"] for each in settings.CACHES.values()}) == 3
    assert files_of("counters")
    assert not files_of("default")


def test_security_5_sign_in_keeps_no_counts_in_a_cache(coordinator: User, app: App) -> None:
    with patch.object(FileBasedCache, "add") as added, patch.object(FileBasedCache, "set") as kept:
        enter(Client(), coordinator, "not the password")
        client = Client()
        enter(client, coordinator)
        enter_code(client, "000000")
    assert not added.called
    assert not kept.called


@pytest.mark.parametrize("page", ["door", "code", "confirmation", "passkey", "provider"])
def test_security_5_attempts_that_cannot_be_counted_are_refused_with_a_retry_time(
    page: str, coordinator: User, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC_SERVER_URL", "https://login.example.org")
    client = Client()
    addresses = {
        "door": (LOGIN, {"login": coordinator.username, "password": PASSWORD}),
        "code": (AUTHENTICATE, {"code": app.code()}),
        "confirmation": ("/accounts/reauthenticate/", {"password": PASSWORD}),
        "passkey": ("/accounts/mfa/webauthn/login/", {"credential": "{}"}),
        "provider": ("/accounts/oidc/login/", {}),
    }
    if page == "code":
        enter(client, coordinator)
    if page == "confirmation":
        devices.sign_in(client, coordinator, app)
    before = client.cookies.get("sessionid")

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("no such table: portal_attemptcount")

    monkeypatch.setattr(attempts, "_count", fail)
    answer = client.post(*addresses[page])
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "No one can sign in right now" in answer.text
    assert "Please wait 30 seconds and try again" in answer.text
    assert client.cookies.get("sessionid") == before
    if page != "confirmation":
        assert client.get("/admin/").status_code == 302


def test_a_database_that_is_down_also_gets_a_page(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("portal.accounts.failures.record_failure", fail)
    answer = enter(client, coordinator, "not the password")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


@pytest.mark.parametrize("kind", ["app", "recovery", "passkey"])
def test_security_5_codes_of_every_kind_are_counted_per_account(
    coordinator: User, app: App, passkey: Passkey, kind: str
) -> None:
    """The guesses come from several networks, and the rest of the cache is cleared each time."""
    client, answer = Client(), None
    for number in range(6):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        enter(client, coordinator)
        if kind == "passkey":
            stranger = Passkey()
            stranger.user_handle = passkey.user_handle
            typed = {"credential": stranger.sign(options_on(client.get(AUTHENTICATE)))}
        else:
            typed = {"code": "000000" if kind == "app" else "00000000"}
        answer = client.post(AUTHENTICATE, typed)
        caches["default"].clear()
    assert answer
    assert "Too many" in answer.text
    assert "Too many" in enter_code(client, app.code()).text, "the right one too"
    assert "Too many" in enter_code(client, devices.recovery_codes(coordinator)[0]).text
    assert not is_locked(coordinator), "the password is counted apart"


def test_a_correct_code_resets_the_count_of_wrong_ones(coordinator: User, app: App) -> None:
    client = Client()
    enter(client, coordinator)
    for _ in range(4):
        enter_code(client, "000000")
    assert enter_code(client, app.code()).status_code == 302
    again = Client(REMOTE_ADDR="198.51.100.1")
    enter(again, coordinator)
    assert "Too many" not in [enter_code(again, "000000").text for _ in range(5)][-1]


def test_one_network_may_fail_ten_times_a_minute_across_all_accounts(client: Client) -> None:
    for number in range(10):
        answer = client.post(LOGIN, {"login": f"nobody-{number}", "password": "x"})
        assert "Too many" not in answer.text
    assert "Too many" in client.post(LOGIN, {"login": "nobody-11", "password": "x"}).text
    with minutes_later(1.1):
        assert "Too many" not in client.post(LOGIN, {"login": "a", "password": "x"}).text


def test_typed_names_are_not_stored_in_the_table(client: Client) -> None:
    client.post(LOGIN, {"login": "my-password-by-mistake", "password": "x"})
    assert AttemptCount.objects.count() == 3, "the form, the network, the name"
    assert all(
        len(row.key) == 64 and "mistake" not in row.key for row in AttemptCount.objects.all()
    )


@pytest.mark.django_db(transaction=True)
def test_concurrent_guesses_are_all_counted() -> None:
    together = threading.Barrier(8)

    def guess(_: int) -> bool:
        together.wait()
        try:
            return attempts.count_attempt("password of ana", most=5, seconds=300) == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(guess, range(8)))
    assert sum(allowed) == 5


def test_expired_counts_are_deleted_with_the_sessions() -> None:
    with time_machine.travel("2026-11-02T12:00:00Z", tick=False):
        attempts.count_attempt("ended", most=5, seconds=60)
    attempts.count_attempt("runs", most=5, seconds=60)
    call_command("clearsessions")
    assert AttemptCount.objects.count() == 1


def test_a_guess_timed_before_the_count_began_is_counted() -> None:
    at = timezone.now()

    def guess(milliseconds: int) -> bool:
        with time_machine.travel(at + timedelta(milliseconds=milliseconds), tick=False):
            return attempts.count_attempt("ana", most=5, seconds=300) == 0

    with patch.object(attempts, "_count", return_value=False):
        guess(2)  # it creates the row, and the others run before it counts
    assert [guess(each) for each in (0, 1, 2, 3, 4, 5)] == [True] * 5 + [False]
