"""App codes and recovery codes: each works once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from portal.accounts import second_factor
from portal.models import User
from tests.portal.accounts import devices
from tests.portal.accounts.devices import App, enter, enter_code, sign_in, with_app
from tests.portal.accounts.enrollment import set_up_app

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


def test_a_code_works_only_once_even_if_the_cache_is_cleared(
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
    assert "already used" in answer.text
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


def test_once_a_later_code_is_used_earlier_ones_no_longer_work(
    client: Client, coordinator: User, app: App
) -> None:
    with time_machine.travel("2026-11-02T12:00:15Z", tick=False):
        earlier, later = app.code(seconds=-30), app.code(seconds=30)
        enter(client, coordinator)
        assert enter_code(client, later)["Location"] == QUEUE
        again = Client()
        enter(again, coordinator)
        assert enter_code(again, earlier).status_code == 200


def test_codes_cannot_be_guessed(client: Client, coordinator: User, app: App) -> None:
    enter(client, coordinator)
    answers = [enter_code(client, f"{guess:06}").text for guess in range(6)]
    assert "Too many" in answers[-1]
    assert "Too many" in enter_code(client, app.code()).text


def test_a_recovery_code_works_only_once(client: Client, coordinator: User, app: App) -> None:
    code, other = devices.recovery_codes(coordinator)[:2]
    enter(client, coordinator)
    assert enter_code(client, code)["Location"] == QUEUE
    again = Client()
    enter(again, coordinator)
    assert enter_code(again, code).status_code == 200
    assert enter_code(again, other)["Location"] == QUEUE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_a_code_submitted_concurrently_works_only_once(coordinator: User, kind: str) -> None:
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


def test_secrets_are_encrypted_wherever_they_are_stored(client: Client, coordinator: User) -> None:
    from django.contrib.sessions.models import Session

    enter(client, coordinator)
    page = client.get("/accounts/mfa/totp/activate/")
    secret = page.context["form"].secret
    assert all(secret not in str(row.get_decoded()) for row in Session.objects.all())
    client.post("/accounts/mfa/totp/activate/", {"code": App(secret).code()})
    assert all("secret" not in str(row.get_decoded()) for row in Session.objects.all())
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert re.fullmatch(rf"{coordinator.pk}:[A-Za-z0-9+/=]{{60,}}", kept["totp"]["secret"])
    seed = kept["recovery_codes"]["seed"]
    assert re.fullmatch(rf"{coordinator.pk}:[A-Za-z0-9+/=]{{100,}}", seed)
