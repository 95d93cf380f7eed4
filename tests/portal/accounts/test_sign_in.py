"""The door: who gets in by a password, what everyone else is told, and that there is no other."""

import base64
import gzip
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth import hashers, password_validation
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.accounts import urls, views
from portal.accounts.session_store import key_digest
from portal.models import Role, User
from tests.factories import PASSWORD, make_staff
from tests.portal.accounts.devices import enter, sign_in, with_app
from tests.portal.test_routes import routes

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
QUEUE = "/admin/inquiries/inquiry/"
STAFF = "/admin/portal/user/"
NEW_PASSWORD = "a quite different battery staple"
Kind = AuditEntry.Kind


# --- The same answer, after the same work ---------------------------------------------------------


def strangers() -> dict[str, str]:
    """Names that do not get in with this password, and why not."""
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


def test_a_failed_sign_in_names_the_account_and_never_what_was_typed(client: Client) -> None:
    coordinator = make_staff(Role.COORDINATOR)
    for name in (coordinator.username, "my-secret-password-by-mistake"):
        client.post(LOGIN, {"login": name, "password": "not the password"})
    known, unknown = AuditEntry.objects.filter(kind=Kind.SIGN_IN_FAILED).order_by("number")
    assert (known.by, known.about) == (None, coordinator)
    assert (unknown.by, unknown.about) == (None, None)
    assert known.detail == unknown.detail == {"method": "password", "address": "127.0.0.1"}


# --- Limits ---------------------------------------------------------------------------------------


def guess(client: Client, user: User, times: int) -> str:
    answers = [enter(client, user, f"guess number {number}").text for number in range(times)]
    return str(answers[-1])


def test_limits_can_be_turned_off_for_load_tests(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    coordinator = make_staff(Role.COORDINATOR)
    assert "Too many" not in guess(client, coordinator, 40)
    assert enter(client, coordinator).status_code == 302


def test_the_page_for_passkeys_fills_no_table(client: Client) -> None:
    answers = [Client().get("/accounts/mfa/webauthn/login/").status_code for _ in range(62)]
    assert answers == [200] * 60 + [429] * 2
    assert Session.objects.count() == 60


def test_who_guesses_at_one_account_locks_out_no_other(client: Client) -> None:
    guess(client, make_staff(Role.LEAD), 6)
    assert enter(client, make_staff(Role.COORDINATOR)).status_code == 302


@pytest.mark.parametrize("backend", ["FailSafeFileCache", "FailSafeRedisCache"])
def test_a_cache_that_is_down_locks_nobody_out(
    settings: Any,
    backend: str,
    tmp_path: Path,
    coordinator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client()
    (tmp_path / "a file, and no folder").write_text("")
    settings.CACHES = {
        "default": {
            "BACKEND": f"portal.http.cache.{backend}",
            "LOCATION": tmp_path / "a file, and no folder"
            if backend == "FailSafeFileCache"
            else "redis://127.0.0.1:9/0",
        }
    }
    app = with_app(coordinator)
    assert enter(client, coordinator, "not the password").status_code == 200
    sign_in(client, coordinator, app)
    assert client.get(QUEUE).status_code == 200


# --- No other door --------------------------------------------------------------------------------


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
        *("oidc/login/", "oidc/callback/"),  # where no identity provider is set
    ],
)
def test_what_allauth_could_open_stays_shut(client: Client, address: str) -> None:
    client.force_login(make_staff(is_superuser=True))
    assert client.get(f"/accounts/{address}").status_code == 404


def test_no_model_of_signing_in_can_be_edited_in_the_admin(client: Client) -> None:
    client.force_login(make_staff(is_superuser=True))
    shut = ("account", "mfa", "socialaccount", "usersessions", "sessions", "auth")
    assert not [
        route
        for route in routes(get_resolver())
        if route.startswith(tuple(f"admin/{app}/" for app in shut))
    ]


def test_a_superuser_sets_a_password_and_the_second_factor_is_still_asked(
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
    hers = Client()
    assert enter(hers, coordinator, NEW_PASSWORD)["Location"] == "/accounts/mfa/authenticate/"
    assert hers.get(QUEUE).status_code == 302


def test_the_admins_own_password_pages_lead_to_the_one_door(client: Client) -> None:
    boss = make_staff(is_superuser=True)
    client.force_login(boss)
    for address in ("/admin/password_change/", "/admin/password_change/done/"):
        assert client.get(address)["Location"] == "/accounts/password/change/"
    own = f"{STAFF}{boss.pk}/password/"
    assert client.get(own)["Location"] == "/accounts/password/change/"
    assert client.post(own, {"password1": NEW_PASSWORD})["Location"] == "/accounts/password/change/"


# --- Passwords ------------------------------------------------------------------------------------


def commonest() -> list[str]:
    listed = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(listed, "rt", encoding="utf-8") as passwords:
        return [line.strip() for line in passwords][:3000]


def is_taken(password: str) -> bool:
    try:
        password_validation.validate_password(password)
    except ValidationError:
        return False
    return True


def test_each_of_the_3_000_commonest_passwords_is_refused() -> None:
    assert len(commonest()) == 3000
    assert [password for password in commonest() if is_taken(password)] == []


def stretched(password: str) -> list[str]:
    """What people make of a password that is too short."""
    return [
        (password * 12)[: len(password) * -(-12 // len(password))],
        f"{password.capitalize()}2026!!!!!!!!"[: max(12, len(password) + 1)],
        f"!!{password}".ljust(12, "1"),
    ]


def test_nor_is_any_of_them_taken_that_is_only_made_longer() -> None:
    longer = [each for password in commonest() for each in stretched(password)]
    assert [each for each in longer if is_taken(each)] == []


@pytest.mark.parametrize(
    "password", ["Care Portal 2026", "careportal!!", "care portal care portal"]
)
def test_what_the_site_is_called_is_no_password(password: str) -> None:
    with pytest.raises(ValidationError, match="too common"):
        password_validation.validate_password(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW_PASSWORD, "Xk7#pq-Lm2vw", "lupus kidney lantern", "12 kéž by to 3"]
)
def test_a_good_password_is_taken(password: str) -> None:
    password_validation.validate_password(password)


@pytest.mark.parametrize("password", ["123456", "1q2w3e4r5t6y", "unknown-yet"])
def test_no_way_to_set_a_password_takes_a_common_one(
    client: Client, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if password == "unknown-yet":  # the longest of the commonest
        password = max(commonest(), key=len)
    boss, other = make_staff(is_superuser=True), make_staff(Role.EDITOR)
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", password)
    with pytest.raises(CommandError, match=r"too (short|common)"):
        call_command("create_staff", "ana", "--role", "editor")
    client.force_login(boss)
    twice = {"password1": password, "password2": password, "usable_password": "true"}
    for address, typed in (
        (f"{STAFF}add/", {"username": "ana", **twice}),
        (f"{STAFF}{other.pk}/password/", twice),
        ("/accounts/password/change/", {"oldpassword": PASSWORD, **twice}),
    ):
        answer = client.post(address, typed)
        assert answer.status_code == 200, address
        assert re.search("too (short|common)", answer.text), address
    assert not User.objects.filter(username="ana").exists()
    for user in (boss, other):
        user.refresh_from_db()
        assert user.check_password(PASSWORD)


def test_a_new_password_takes_the_old_one(client: Client) -> None:
    user = make_staff(Role.EDITOR)
    client.force_login(user)
    twice = dict.fromkeys(["password1", "password2"], NEW_PASSWORD)
    for old in ("", "not the password", NEW_PASSWORD):
        answer = client.post("/accounts/password/change/", {"oldpassword": old, **twice})
        assert answer.status_code == 200, old
        assert "current password" in answer.text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password", ["  spaces on both sides  ", "Ünïcödé ☂ žluťoučký", "0123456789abcdef" * 8]
)
def test_a_password_counts_as_it_was_typed_whole(client: Client, password: str) -> None:
    user = make_staff(Role.EDITOR)
    client.force_login(user)
    twice = dict.fromkeys(["password1", "password2"], password)
    assert (
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **twice}).status_code
        == 302
    )
    for other in (password.strip(), password[:-1], password[:64], password.swapcase()):
        if other != password:
            assert enter(Client(), user, other).status_code == 200, other
    assert enter(Client(), user, password).status_code == 302


@pytest.mark.parametrize(
    ("address", "names"),
    [
        (LOGIN, {"password": "current-password"}),
        ("/accounts/reauthenticate/", {"password": "current-password"}),
        (
            "/accounts/password/change/",
            {
                "oldpassword": "current-password",
                "password1": "new-password",
                "password2": "new-password",
            },
        ),
        (f"{STAFF}add/", {"password1": "new-password", "password2": "new-password"}),
    ],
)
def test_passwords_are_masked_and_known_to_password_managers(
    client: Client, address: str, names: dict[str, str]
) -> None:
    if address != LOGIN:
        client.force_login(make_staff(is_superuser=True))
    page = BeautifulSoup(client.get(address).text, "html.parser")
    fields = page.select('input[name*="password"]:not([type="radio"])')
    assert {field["name"]: field.get("autocomplete") for field in fields} == names
    for field in fields:
        assert field["type"] == "password"
        assert not {"maxlength", "readonly", "value"} & set(field.attrs)


def test_her_own_name_is_no_password(client: Client) -> None:
    user = make_staff(Role.EDITOR, username="ana.example.coordinator")
    client.force_login(user)
    typed = dict.fromkeys(["password1", "password2"], "ana.example.coordinator1")
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **typed})
    assert "too similar" in answer.text


# --- Confirming who she is ------------------------------------------------------------------------


@pytest.fixture
def boss(client: Client) -> User:
    user = make_staff(is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("page", ["add/", "{}/change/", "{}/password/"])
def test_accounts_and_roles_take_a_recent_sign_in(
    client: Client, boss: User, coordinator: User, page: str
) -> None:
    address = STAFF + page.format(coordinator.pk)
    assert client.get(address).status_code == 200, "she has just signed in"
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.get(address)
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2Fportal")
        assert "Confirm that it is you" in client.get(answer["Location"]).text
        wrong = client.post(answer["Location"], {"password": "not the password"})
        assert wrong.status_code == 200
        assert client.get(address).status_code == 302
        right = client.post(answer["Location"], {"password": PASSWORD})
        assert right["Location"] == address
        assert client.get(address).status_code == 200
        assert client.get(QUEUE).status_code == 200
    assert AuditEntry.objects.filter(kind=Kind.REAUTHENTICATED, by=boss).count() == 1


def test_what_comes_too_late_is_shown_and_not_lost_and_no_password_is_kept(
    client: Client, boss: User, coordinator: User
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.get(QUEUE)
        answer = client.post(
            f"{STAFF}{coordinator.pk}/change/",
            {"first_name": "Ana", "role": "lead", "password1": NEW_PASSWORD, "_save": "Save"},
        )
    assert answer.status_code == 403
    assert "Nothing was saved yet" in answer.text
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


def test_exports_take_a_recent_sign_in_too() -> None:
    from portal.accounts.reauthentication import REAUTHENTICATION_VIEWS

    exports = ("audit", "access", "report")
    assert {f"admin:inquiries_{what}_export" for what in exports} < REAUTHENTICATION_VIEWS


# --- On record ------------------------------------------------------------------------------------


def test_signing_in_and_out_is_kept_on_record(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator, with_app(coordinator))
    client.post("/accounts/logout/")
    kept = AuditEntry.objects.order_by("number").values_list("kind", "by", "detail")
    assert list(kept) == [
        (Kind.SIGNED_IN, coordinator.pk, {"method": "password+totp", "address": "127.0.0.1"}),
        (Kind.SIGNED_OUT, coordinator.pk, {"address": "127.0.0.1"}),
    ]


def form_of(client: Client, address: str) -> dict[str, Any]:
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if name != "password"}
    return {name: value for name, value in values.items() if value not in {None, False}}


def test_a_changed_role_and_a_disabled_account_are_kept_on_record(
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


def test_a_new_account_is_kept_on_record(client: Client, boss: User) -> None:
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


# --- Where she starts -----------------------------------------------------------------------------


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
def test_each_starts_where_her_work_is_unless_she_asked_for_a_page(role: str, start: str) -> None:
    account = make_staff(role)
    for door in ("/admin/", "/admin/login/"):
        client = Client()
        assert client.get(door)["Location"] == LOGIN
        assert enter(client, account)["Location"] == start
        assert client.get(start).status_code == 200
    for wanted in ("/admin/", "/accounts/sessions/"):
        assert enter(Client(), account, next=wanted)["Location"] == wanted


def test_a_superuser_starts_at_the_whole_admin() -> None:
    assert enter(Client(), make_staff(is_superuser=True))["Location"] == "/admin/"


def test_a_page_that_loads_when_asked_is_as_open_as_the_page_itself() -> None:
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
