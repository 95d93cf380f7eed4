"""In a trusted browser, no code is asked for again within a working day."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from inquiries.models import AuditEntry
from portal.config import environment
from portal.models import TrustedBrowser, User
from tests.factories import PASSWORD, make_staff
from tests.portal.accounts import devices
from tests.portal.accounts.devices import App, enter, enter_code, forget_codes, sign_in
from tests.portal.accounts.enrollment import ADD_PASSKEY, add_passkey
from tests.portal.accounts.sessions import minutes_later

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
AUTHENTICATE = "/accounts/mfa/authenticate/"
SESSIONS = "/accounts/sessions/"
NEW_PASSWORD = "a quite different battery staple"
COOKIE = "trusted_browser"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


def trust(client: Client, user: User, app: App) -> None:
    enter(client, user)
    answer = client.post(AUTHENTICATE, {"code": app.code(), "trust": "on"})
    assert answer["Location"] == QUEUE


@pytest.fixture
def trusted(client: Client, coordinator: User, app: App) -> Client:
    """A trusted browser that has since signed out."""
    trust(client, coordinator, app)
    client.post("/accounts/logout/")
    return client


def is_asked(client: Client, user: User, password: str = PASSWORD) -> bool:
    client.cookies.pop("sessionid", None)
    answer = enter(client, user, password)
    assert answer.status_code == 302
    return bool(answer["Location"] == AUTHENTICATE)


def test_a_password_is_enough_in_a_trusted_browser(trusted: Client, coordinator: User) -> None:
    assert not is_asked(trusted, coordinator)
    assert trusted.get(QUEUE).status_code == 200
    signed_in = AuditEntry.objects.filter(kind="signed_in").latest("number")
    assert signed_in.detail["method"] == "password+trusted_browser"


def test_a_wrong_password_is_refused_in_a_trusted_browser(
    trusted: Client, coordinator: User
) -> None:
    assert enter(trusted, coordinator, "not the password").status_code == 200
    assert trusted.get(QUEUE).status_code == 302


def test_no_browser_is_trusted_unless_someone_checks_the_box(
    client: Client, coordinator: User, app: App
) -> None:
    enter(client, coordinator)
    page = client.get(AUTHENTICATE).text
    assert "Trust this browser until" in page
    assert "Only check this on a computer that no one else" in page
    assert "id_trust" in page
    assert "checked" not in page
    enter_code(client, app.code())
    assert COOKIE not in client.cookies
    assert not TrustedBrowser.objects.exists()
    assert is_asked(client, coordinator)


@pytest.mark.parametrize("how", ["another browser", "another account", "a copied row", "a forgery"])
def test_trust_applies_to_no_other_browser_or_account(
    trusted: Client, coordinator: User, lead: User, how: str
) -> None:
    devices.with_app(lead)
    if how == "another browser":
        assert is_asked(Client(), coordinator)
    if how == "another account":
        assert is_asked(trusted, lead)
    if how == "a copied row":  # made by somebody who can write to the database but has no key
        TrustedBrowser.objects.update(user=lead)
        assert is_asked(trusted, lead)
    if how == "a forgery":
        trusted.cookies[COOKIE] = trusted.cookies[COOKIE].value.replace(":", "x:", 1)
        assert is_asked(trusted, coordinator)


def test_the_cookie_is_httponly_and_cannot_be_made_from_the_table(
    trusted: Client,
) -> None:
    cookie = trusted.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 9.9 * 3600 < int(cookie["max-age"]) <= 10 * 3600
    row = TrustedBrowser.objects.get()
    assert row.digest not in cookie.value
    assert cookie.value.split(":")[0] not in str(row.__dict__)


def test_after_ten_hours_the_second_factor_is_required_again(
    trusted: Client, coordinator: User
) -> None:
    with minutes_later(599):
        assert not is_asked(trusted, coordinator)
    with minutes_later(601):
        assert is_asked(trusted, coordinator)
        call_command("clearsessions")
        assert not TrustedBrowser.objects.exists()


def test_after_twelve_hours_nothing_is_left_of_a_session(coordinator: User) -> None:
    UserSession.objects.create(user=coordinator, session_key="forgotten", ip="127.0.0.1")
    with minutes_later(719):
        call_command("clearsessions")
    assert UserSession.objects.filter(user=coordinator).exists()
    with minutes_later(721):
        call_command("clearsessions")
    assert not UserSession.objects.exists()


def change_password(client: Client, user: User, app: App) -> None:
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )


def add_factor(client: Client, user: User, app: App) -> None:
    add_passkey(client)


def renew_codes(client: Client, user: User, app: App) -> None:
    client.post("/accounts/mfa/recovery-codes/generate/")


def sign_out_everywhere(client: Client, user: User, app: App) -> None:
    client.post(SESSIONS)


def end_it(client: Client, user: User, app: App) -> None:
    client.post(f"{SESSIONS}trusted/{TrustedBrowser.objects.get().pk}/end/")


def reset_by_superuser(client: Client, user: User, app: App) -> None:
    boss, own = make_staff(is_superuser=True), Client()
    sign_in(own, boss, devices.with_app(boss))
    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}
    answer = own.post(f"/admin/portal/user/{user.pk}/password/", typed)
    assert answer.status_code == 302


def write_past_the_portal(client: Client, user: User, app: App) -> None:
    user.set_password(NEW_PASSWORD)
    User.objects.filter(pk=user.pk).update(password=user.password)


@pytest.mark.parametrize(
    ("change", "password"),
    [
        (change_password, NEW_PASSWORD),
        (add_factor, PASSWORD),
        (renew_codes, PASSWORD),
        (sign_out_everywhere, PASSWORD),
        (end_it, PASSWORD),
        (reset_by_superuser, NEW_PASSWORD),
        (write_past_the_portal, NEW_PASSWORD),
    ],
)
def test_trust_ends_when_what_it_was_based_on_changes(
    trusted: Client,
    coordinator: User,
    app: App,
    change: Callable[[Client, User, App], None],
    password: str,
) -> None:
    elsewhere = Client()
    forget_codes(coordinator)
    sign_in(elsewhere, coordinator, app)
    change(elsewhere, coordinator, app)
    assert is_asked(trusted, coordinator, password)


def test_resetting_a_lost_factor_by_command_ends_trust(trusted: Client, coordinator: User) -> None:
    call_command("reset_second_factor", coordinator.username)
    assert not TrustedBrowser.objects.exists()
    ended = AuditEntry.objects.filter(kind="factor_changed", detail__change="trust_ended")
    assert ended.get().detail == {"change": "trust_ended", "why": "factor_reset", "count": 1}


def test_a_disabled_account_trusts_no_browser(trusted: Client, coordinator: User) -> None:
    coordinator.is_active = False
    coordinator.save()
    assert not TrustedBrowser.objects.exists()


def test_a_recovery_code_trusts_no_browser(client: Client, coordinator: User, app: App) -> None:
    enter(client, coordinator)
    code = devices.recovery_codes(coordinator)[0]
    assert client.post(AUTHENTICATE, {"code": code, "trust": "on"})["Location"] == QUEUE
    assert not TrustedBrowser.objects.exists()
    assert is_asked(client, coordinator)


def test_dangerous_steps_require_a_factor_and_a_password_is_not_one(
    trusted: Client, coordinator: User, app: App
) -> None:
    assert not is_asked(trusted, coordinator)
    for address in (ADD_PASSKEY, SESSIONS, "/accounts/mfa/recovery-codes/generate/"):
        assert trusted.get(address)["Location"].startswith("/accounts/mfa/reauthenticate/?next=")
    password = trusted.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert password["Location"].startswith("/accounts/mfa/reauthenticate/")
    assert trusted.get(ADD_PASSKEY).status_code == 302
    forget_codes(coordinator)
    trusted.post("/accounts/mfa/reauthenticate/", {"code": app.code()})
    assert trusted.get(ADD_PASSKEY).status_code == 200


def test_users_see_where_they_are_trusted_and_can_end_it_when_leaving(
    client: Client, coordinator: User, app: App
) -> None:
    trust(client, coordinator, app)
    assert "Trusted browsers" in client.get(SESSIONS).text
    assert "Stop trusting this browser" in client.get("/accounts/logout/").text
    client.post("/accounts/logout/", {"end_trust": "on"})
    assert is_asked(client, coordinator)


def test_no_one_can_end_someone_elses_trust(trusted: Client, coordinator: User, lead: User) -> None:
    other = Client()
    sign_in(other, lead, devices.with_app(lead))
    row = TrustedBrowser.objects.get()
    assert other.post(f"{SESSIONS}trusted/{row.pk}/end/").status_code == 404
    assert not is_asked(trusted, coordinator)


def test_an_operator_can_turn_off_trust_for_everyone(
    trusted: Client, coordinator: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRUSTED_BROWSER_HOURS = 0
    assert is_asked(trusted, coordinator)
    assert "Trust this browser until" not in trusted.get(AUTHENTICATE).text
    monkeypatch.setenv("PORTAL_TRUSTED_BROWSER_HOURS", "13")
    with pytest.raises(ImproperlyConfigured, match="12 or less"):
        environment.number("PORTAL_TRUSTED_BROWSER_HOURS", 10, most=12)


def test_the_choice_to_trust_a_browser_is_recorded(trusted: Client, coordinator: User) -> None:
    entry = AuditEntry.objects.filter(kind="factor_changed").get()
    assert entry.by == coordinator
    assert entry.detail == {"change": "browser_trusted", "address": "127.0.0.1"}


def test_checking_the_box_has_no_effect_when_trust_is_turned_off(
    client: Client, coordinator: User, app: App, settings: Any
) -> None:
    settings.TRUSTED_BROWSER_HOURS = 0
    trust(client, coordinator, app)
    client.post("/accounts/logout/")
    assert not TrustedBrowser.objects.exists()
    forget_codes(coordinator)
    assert is_asked(client, coordinator)
