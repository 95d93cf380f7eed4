"""Signing in: who gets in by password, what everyone else sees, and that no other way exists."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth import hashers
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver

from inquiries.models import AuditEntry
from portal.accounts import urls, views
from portal.models import Role, User
from tests.factories import PASSWORD, make_staff
from tests.portal.accounts.devices import enter, sign_in, with_app
from tests.portal.audience import routes

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
QUEUE = "/admin/inquiries/inquiry/"
STAFF = "/admin/portal/user/"
NEW_PASSWORD = "a quite different battery staple"
Kind = AuditEntry.Kind


def strangers() -> dict[str, str]:
    """Return usernames that cannot sign in with this password, by the reason why not."""
    disabled = make_staff(Role.LEAD, is_active=False)
    without = make_staff(Role.LEAD)
    without.set_unusable_password()
    without.save()
    return {
        "unknown": "nobody-here",
        "wrong password": User.objects.get(username=make_staff(Role.LEAD).username).username,
        "disabled": disabled.username,
        "no password at all": without.username,
    }


def test_unknown_disabled_and_mistyped_names_get_the_same_page_after_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = strangers()
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.get_hasher().__class__, "encode", count)
    pages, work = set(), {}
    for why, name in names.items():
        hashed.clear()
        password = PASSWORD if why == "disabled" else "not the password"
        answer = Client().post(LOGIN, {"login": name, "password": password})
        assert answer.status_code == 200, why
        page = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.text)
        pages.add(page.replace(name, "NAME"))
        work[why] = len(hashed)
    assert len(pages) == 1
    assert work == dict.fromkeys(names, 1)


def test_failed_sign_ins_record_the_account_but_never_the_input(client: Client) -> None:
    coordinator = make_staff(Role.COORDINATOR)
    for name in (coordinator.username, "my-secret-password-by-mistake"):
        client.post(LOGIN, {"login": name, "password": "not the password"})
    known, unknown = AuditEntry.objects.filter(kind=Kind.SIGN_IN_FAILED).order_by("number")
    assert (known.by, known.about) == (None, coordinator)
    assert (unknown.by, unknown.about) == (None, None)
    assert known.detail == unknown.detail == {"method": "password", "address": "127.0.0.1"}


def guess(client: Client, user: User, times: int) -> str:
    answers = [enter(client, user, f"guess number {number}").text for number in range(times)]
    return str(answers[-1])


def test_limits_can_be_turned_off_for_load_tests(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS_ENABLED = False
    coordinator = make_staff(Role.COORDINATOR)
    assert "Too many" not in guess(client, coordinator, 40)
    assert enter(client, coordinator).status_code == 302


@time_machine.travel("2026-11-30T15:00:05Z", tick=False)
def test_the_passkey_page_cannot_fill_the_session_table(client: Client) -> None:
    answers = [Client().get("/accounts/mfa/webauthn/login/").status_code for _ in range(62)]
    assert answers == [200] * 60 + [429] * 2
    assert Session.objects.count() == 60


def test_guessing_at_one_account_does_not_lock_others(client: Client) -> None:
    guess(client, make_staff(Role.LEAD), 6)
    assert enter(client, make_staff(Role.COORDINATOR)).status_code == 302


@pytest.mark.parametrize("backend", ["FailSafeFileCache", "FailSafeRedisCache"])
def test_a_cache_that_is_down_locks_no_one_out(
    settings: Any,
    backend: str,
    tmp_path: Path,
    coordinator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client()
    (tmp_path / "a file, and no folder").write_text("")
    broken = {
        "BACKEND": f"portal.http.cache.{backend}",
        "LOCATION": tmp_path / "a file, and no folder"
        if backend == "FailSafeFileCache"
        else "redis://127.0.0.1:9/0",
    }
    settings.CACHES = dict.fromkeys(["default", "counters", "pages"], broken)
    app = with_app(coordinator)
    assert enter(client, coordinator, "not the password").status_code == 200
    sign_in(client, coordinator, app)
    assert client.get(QUEUE).status_code == 200


def test_every_way_in_asks_for_the_second_factor(
    client: Client, coordinator: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    with_app(coordinator)
    typed = {"username": coordinator.username, "password": PASSWORD, "login": coordinator.username}
    for address in ("/admin/login/", "/admin/login/?next=/admin/", "/admin/", LOGIN):
        client.post(address, typed)
        assert client.get(QUEUE).status_code == 302, address
        assert "_auth_user_id" not in client.session, address
    basic = base64.b64encode(f"{coordinator.username}:{PASSWORD}".encode()).decode()
    answer = client.get(QUEUE, headers={"Authorization": f"Basic {basic}"})
    assert "/accounts/login/" in answer["Location"]
    answer = client.get(QUEUE, REMOTE_USER=coordinator.username, HTTP_REMOTE_USER="x")
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize(
    "address",
    [
        *("signup/", "inactive/", "email/", "confirm-email/", "password/reset/", "password/set/"),
        *("password/reset/key/1-2/", "password/reset/done/", "login/code/", "login/code/confirm/"),
        *("3rdparty/", "social/signup/", "social/connections/", "signup/passkey/", "mfa/trust/"),
        *("mfa/webauthn/signup/", "mfa/recovery-codes/download/", "oidc/clinic/login/"),
        *("oidc/login/", "oidc/callback/"),  # no identity provider is set
    ],
)
def test_unused_allauth_pages_stay_disabled(client: Client, address: str) -> None:
    client.force_login(make_staff(is_superuser=True))
    assert client.get(f"/accounts/{address}").status_code == 404


def test_sign_in_models_cannot_be_edited_in_the_admin(client: Client) -> None:
    client.force_login(make_staff(is_superuser=True))
    shut = ("account", "mfa", "socialaccount", "usersessions", "sessions", "auth")
    assert not [
        route
        for route in routes(get_resolver())
        if route.startswith(tuple(f"admin/{app}/" for app in shut))
    ]


def test_after_a_superuser_sets_a_password_the_second_factor_is_still_required(
    client: Client, coordinator: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    with_app(coordinator)
    boss = make_staff(is_superuser=True)
    sign_in(client, boss, with_app(boss))
    answer = client.post(
        f"{STAFF}{coordinator.pk}/password/",
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"},
    )
    assert answer.status_code == 302
    entry = AuditEntry.objects.filter(kind=Kind.PASSWORD_CHANGED).latest("number")
    assert (entry.by, entry.about) == (boss, coordinator)
    theirs = Client()
    assert enter(theirs, coordinator, NEW_PASSWORD)["Location"] == "/accounts/mfa/authenticate/"
    assert theirs.get(QUEUE).status_code == 302


def test_the_admins_own_password_pages_redirect_to_ours(client: Client) -> None:
    boss = make_staff(is_superuser=True)
    client.force_login(boss)
    for address in ("/admin/password_change/", "/admin/password_change/done/"):
        assert client.get(address)["Location"] == "/accounts/password/change/"
    own = f"{STAFF}{boss.pk}/password/"
    assert client.get(own)["Location"] == "/accounts/password/change/"
    assert client.post(own, {"password1": NEW_PASSWORD})["Location"] == "/accounts/password/change/"


def test_signing_in_and_out_is_recorded(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator, with_app(coordinator))
    client.post("/accounts/logout/")
    kept = AuditEntry.objects.order_by("number").values_list("kind", "by", "detail")
    assert list(kept) == [
        (Kind.SIGNED_IN, coordinator.pk, {"method": "password+totp", "address": "127.0.0.1"}),
        (Kind.SIGNED_OUT, coordinator.pk, {"address": "127.0.0.1"}),
    ]


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.LEAD, f"{QUEUE}limbo/"),
        (Role.COORDINATOR, QUEUE),
        (Role.PRIVACY, "/admin/"),
        (Role.EDITOR, "/admin/"),
        ("", "/admin/"),
    ],
)
def test_each_role_starts_at_its_own_page_unless_another_was_requested(
    role: str, start: str
) -> None:
    account = make_staff(role)
    for door in ("/admin/", "/admin/login/"):
        client = Client()
        assert client.get(door)["Location"] == LOGIN
        assert enter(client, account)["Location"] == start
        assert client.get(start).status_code == 200
    for wanted in ("/admin/", "/accounts/sessions/"):
        assert enter(Client(), account, next=wanted)["Location"] == wanted


def test_superusers_start_at_the_admin_index() -> None:
    assert enter(Client(), make_staff(is_superuser=True))["Location"] == "/admin/"


def test_a_lazily_loaded_page_is_as_protected_as_the_page_itself() -> None:
    known = {
        str(pattern.callback.view_name): pattern.callback
        for pattern in urls.urlpatterns
        if hasattr(pattern.callback, "view_name")
    }
    assert len(known) == len(urls.urlpatterns) - 1, "all but one that leads on"
    for name, promised in known.items():
        page = getattr(views, name)
        for mark, usual in (("login_required", True), ("csrf_exempt", False)):
            assert getattr(promised, mark, usual) == getattr(page, mark, usual), name
        assert getattr(page, "login_url", None) is None, name
