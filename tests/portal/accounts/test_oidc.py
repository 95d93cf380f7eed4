"""Sign-in with an identity provider: who gets in, and with which second factor."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.accounts.checks import identity_provider_is_asked_in_private
from portal.models import Role, User
from tests.factories import make_staff
from tests.portal.accounts.devices import enter_code, with_app
from tests.portal.accounts.identity_provider import IdentityProvider
from tests.portal.accounts.oidc_browser import ANA, LOGIN, come_in, is_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
Kind = AuditEntry.Kind


def test_known_staff_can_sign_in_with_their_verified_address(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    assert "Clinic ID" in client.get("/accounts/login/").text
    answer = come_in(client, provider, next=QUEUE)
    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    assert client.get(QUEUE).status_code == 200
    assert client.session["_auth_user_id"] == str(ana.pk)
    entry = AuditEntry.objects.get(kind=Kind.SIGNED_IN)
    assert (entry.by, entry.detail["method"]) == (ana, "oidc")


def test_the_address_may_come_from_userinfo(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    provider.claims = {}
    provider.userinfo = {"email": ANA, "email_verified": True}
    come_in(client, provider)
    assert is_in(client)


def test_after_that_staff_are_recognized_by_the_providers_own_identifier(
    provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    provider.claims = {"email": "married@clinic.example", "email_verified": False}
    again = Client()
    come_in(again, provider)
    assert is_in(again)
    assert SocialAccount.objects.get().user == ana


def test_what_the_provider_says_about_people_is_not_stored(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    with_app(ana)
    come_in(client, provider)
    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()
    session = str(Session.objects.get().get_decoded())
    for private in ("for its own words", ana.password, ANA):
        assert private not in session


def test_the_request_uses_pkce_and_a_nonce_and_asks_only_for_the_address(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(client, provider)
    assert provider.asked["code_challenge_method"] == "S256"
    assert set(provider.asked["scope"].split()) == {"openid", "email"}
    assert len(provider.asked["nonce"]) >= 16
    assert provider.asked["redirect_uri"] == "http://testserver/accounts/oidc/callback/"


def test_the_second_factor_is_still_required_here(
    client: Client, provider: IdentityProvider, ana: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    app = with_app(ana)
    provider.claims["amr"] = ["pwd", "mfa"]  # claimed, but not trusted
    assert come_in(client, provider)["Location"] == "/accounts/mfa/authenticate/"
    assert not is_in(client)
    assert enter_code(client, app.code()).status_code == 302
    assert is_in(client)


def test_people_without_a_second_factor_set_one_up_first(
    client: Client, provider: IdentityProvider, ana: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    come_in(client, provider)
    assert client.get(QUEUE)["Location"] == "/accounts/mfa/"


@pytest.mark.parametrize(
    ("amr", "is_enough"),
    [
        (["pwd", "mfa"], True),
        (["mfa"], True),
        (["pwd", "otp"], True),
        (["hwk", "pin"], True),
        (["fpt", "hwk"], True),
        (["otp"], False),
        (["hwk"], False),
        (["sc"], False),
        (["otp", "hwk"], False),
        (["pwd", "pin"], False),
        (["face", "fpt"], False),
        (["pwd"], False),
        (["sms"], False),
        (["pwd", "user", "rba", "geo", "mca"], False),
        (["MFA"], False),
        ("mfa", False),
        ([{"mfa": True}, ["mfa"], None], False),
        ({"mfa": True}, False),
        ([], False),
        (None, False),
    ],
)
def test_security_9_a_trusted_provider_must_report_two_factors(
    provider: IdentityProvider,
    ana: User,
    settings: Any,
    amr: Any,
    is_enough: bool,
) -> None:
    client = Client()
    settings.STAFF_MFA_REQUIRED = settings.OIDC_TRUST_MFA = True
    with_app(ana)
    if amr is not None:
        provider.claims["amr"] = amr
    provider.userinfo["amr"] = ["mfa"]  # unsigned claims do not count
    come_in(client, provider)
    assert is_in(client) is is_enough


@pytest.mark.parametrize(
    ("acr", "is_enough"),
    [
        ("https://refeds.org/profile/mfa", True),
        ("phr", True),
        ("0", False),
        ("", False),
        (None, False),
        (["phr"], False),
    ],
)
def test_security_9_a_sign_in_class_named_by_the_operator_also_counts(
    provider: IdentityProvider, ana: User, settings: Any, acr: Any, is_enough: bool
) -> None:
    client = Client()
    settings.STAFF_MFA_REQUIRED = settings.OIDC_TRUST_MFA = True
    settings.OIDC_MFA_ACR = ["https://refeds.org/profile/mfa", "phr"]
    with_app(ana)
    provider.claims["acr"] = acr
    come_in(client, provider)
    assert is_in(client) is is_enough


def test_people_without_a_password_here_confirm_their_sign_in_there(
    client: Client, provider: IdentityProvider, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = settings.OIDC_TRUST_MFA = True
    ana = make_staff(Role.COORDINATOR, email=ANA)
    ana.set_unusable_password()
    ana.save()
    provider.claims["amr"] = ["mfa"]
    come_in(client, provider)
    codes = "/accounts/mfa/totp/activate/"
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/mfa/"
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert client.get(codes)["Location"].startswith(f"{LOGIN}?next=%2Faccounts%2Fmfa")
        assert "Confirm it’s you" in client.get(f"{LOGIN}?next={codes}").text
        assert come_in(client, provider, next=codes)["Location"] == codes
        assert provider.asked["prompt"] == "login"
        assert client.get(codes).status_code == 200


@pytest.mark.parametrize(
    ("address", "is_private"),
    [
        ("", True),
        ("https://login.example.org/realms/clinic", True),
        ("http://127.0.0.1:8080", True),
        ("http://login.example.org", False),
        ("login.example.org", False),
    ],
)
def test_an_unencrypted_connection_to_the_provider_fails_the_check(
    settings: Any, address: str, is_private: bool
) -> None:
    settings.OIDC_SERVER_URL = address
    assert (identity_provider_is_asked_in_private() == []) is is_private


def test_sign_in_forms_may_lead_to_the_provider_and_nowhere_else(
    client: Client, provider: IdentityProvider, settings: Any
) -> None:
    settings.OIDC_SIGN_IN_ORIGINS = ["https://login.example.org"]
    for address in ("/accounts/login/", LOGIN):
        policy = client.get(address)["Content-Security-Policy"]
        assert f"form-action 'self' {provider.url} https://login.example.org;" in policy
        assert "script-src" not in policy
        assert policy.startswith("default-src 'none'")
    client.force_login(make_staff())
    for address in ("/accounts/mfa/", "/accounts/logout/", "/care-coordinator/ask/"):
        assert "form-action 'self';" in client.get(address)["Content-Security-Policy"]


def test_rows_in_the_app_table_enable_no_sign_in(client: Client) -> None:
    SocialApp.objects.create(provider="openid_connect", provider_id="x", name="x", client_id="x")
    for address in (LOGIN, "/accounts/oidc/callback/"):
        assert client.get(address).status_code == 404
