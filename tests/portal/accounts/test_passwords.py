"""Passwords: which are accepted, and how a new one is set."""

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from portal.models import Role, User
from tests.factories import PASSWORD, make_staff
from tests.portal.accounts.devices import enter

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
STAFF = "/admin/portal/user/"
NEW_PASSWORD = "a quite different battery staple"


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


def test_the_3000_most_common_passwords_are_refused() -> None:
    assert len(commonest()) == 3000
    assert [password for password in commonest() if is_taken(password)] == []


def stretched(password: str) -> list[str]:
    """Return the usual ways to lengthen a password that is too short."""
    return [
        (password * 12)[: len(password) * -(-12 // len(password))],
        f"{password.capitalize()}2026!!!!!!!!"[: max(12, len(password) + 1)],
        f"!!{password}".ljust(12, "1"),
    ]


def test_common_passwords_that_are_only_made_longer_are_refused() -> None:
    longer = [each for password in commonest() for each in stretched(password)]
    assert [each for each in longer if is_taken(each)] == []


@pytest.mark.parametrize(
    "password", ["Care Portal 2026", "careportal!!", "care portal care portal"]
)
def test_the_name_of_the_site_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="too common"):
        password_validation.validate_password(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW_PASSWORD, "Xk7#pq-Lm2vw", "lupus kidney lantern", "12 kéž by to 3"]
)
def test_a_good_password_is_accepted(password: str) -> None:
    password_validation.validate_password(password)


@pytest.mark.parametrize("password", ["123456", "1q2w3e4r5t6y", "unknown-yet"])
def test_no_way_to_set_a_password_accepts_a_common_one(
    client: Client, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if password == "unknown-yet":  # the longest of the most common passwords
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


def test_setting_a_new_password_requires_the_old_one(client: Client) -> None:
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
def test_passwords_count_in_full_exactly_as_typed(client: Client, password: str) -> None:
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
def test_passwords_are_masked_and_recognized_by_password_managers(
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


def test_a_username_is_refused_as_a_password(client: Client) -> None:
    user = make_staff(Role.EDITOR, username="ana.example.coordinator")
    client.force_login(user)
    typed = dict.fromkeys(["password1", "password2"], "ana.example.coordinator1")
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **typed})
    assert "too similar" in answer.text
