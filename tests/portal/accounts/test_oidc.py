"""Sign-in at an identity provider: who is let in, and that no account is taken over by it."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from inquiries.models import AuditEntry
from portal.accounts.checks import identity_provider_is_asked_in_private
from portal.accounts.oidc import StaffSocialAccountAdapter
from portal.models import Role, User
from tests.factories import make_staff
from tests.portal.accounts import identity_provider
from tests.portal.accounts.devices import enter, enter_code, with_app
from tests.portal.accounts.identity_provider import IdentityProvider

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/oidc/login/"
QUEUE = "/admin/inquiries/inquiry/"
ANA = "ana@clinic.example"
Kind = AuditEntry.Kind


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with identity_provider.running() as provider:
        provider.claims = {"email": ANA, "email_verified": True}
        settings.OIDC_SERVER_URL = provider.url
        settings.OIDC_CLIENT_ID = identity_provider.CLIENT_ID
        settings.OIDC_CLIENT_SECRET = identity_provider.CLIENT_SECRET
        settings.OIDC_NAME = "Clinic ID"
        yield provider


@pytest.fixture
def ana(db: None) -> User:
    return make_staff(Role.COORDINATOR, email="Ana@Clinic.example")


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def come_in(client: Client, provider: IdentityProvider, **typed: str) -> Any:
    """From our button to the provider and back; the answer that her browser gets then."""
    sent = client.post(LOGIN, typed)
    assert sent.status_code == 302, sent.text
    assert sent["Location"].startswith(f"{provider.url}/authorize?")
    return client.get(provider.authorize(sent["Location"]))


def is_in(client: Client) -> bool:
    return bool(client.get("/admin/").status_code == 200)


def why_refused() -> str:
    entry = AuditEntry.objects.filter(kind=Kind.SIGN_IN_FAILED).latest("number")
    assert entry.detail["method"] == "oidc"
    return str(entry.detail["why"])


# --- Let in ---------------------------------------------------------------------------------------


def test_known_staff_are_let_in_by_their_verified_address(
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


def test_afterwards_she_is_known_by_the_providers_own_name_for_her(
    provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    provider.claims = {"email": "married@clinic.example", "email_verified": False}
    again = Client()
    come_in(again, provider)
    assert is_in(again)
    assert SocialAccount.objects.get().user == ana


def test_what_the_provider_tells_of_her_is_not_kept(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    with_app(ana)
    come_in(client, provider)
    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()
    session = str(Session.objects.get().get_decoded())
    for private in ("for her own words", ana.password, ANA):
        assert private not in session


def test_it_asks_with_pkce_and_a_nonce_for_no_more_than_the_address(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(client, provider)
    assert provider.asked["code_challenge_method"] == "S256"
    assert set(provider.asked["scope"].split()) == {"openid", "email"}
    assert len(provider.asked["nonce"]) >= 16
    assert provider.asked["redirect_uri"] == "http://testserver/accounts/oidc/callback/"


# --- Not let in -----------------------------------------------------------------------------------


def check_refused(client: Client, provider: IdentityProvider, why: str) -> None:
    answer = come_in(client, provider)
    assert answer.status_code == 403
    assert "No staff account belongs to that sign-in" in answer.text
    assert not is_in(client)
    assert why_refused() == why
    assert ANA not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_who_is_not_staff_here_is_told_so_and_gets_no_account(
    client: Client, provider: IdentityProvider
) -> None:
    check_refused(client, provider, "unknown")
    assert not User.objects.exists()
    assert client.get("/accounts/social/signup/").status_code == 404


def test_nobody_may_make_an_account_by_signing_in_elsewhere(rf: RequestFactory) -> None:
    assert not StaffSocialAccountAdapter().is_open_for_signup(rf.get("/"), SocialLogin())


@pytest.mark.parametrize("verified", [False, None, "false", "", 0])
def test_an_unverified_address_is_nobodys(
    client: Client, provider: IdentityProvider, ana: User, verified: Any
) -> None:
    provider.claims["email_verified"] = verified
    check_refused(client, provider, "unverified")


def test_an_address_of_two_accounts_is_nobodys(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    make_staff(Role.LEAD, email=ANA)
    check_refused(client, provider, "unknown")


@pytest.mark.parametrize("address", ["", "ana@clinic.example ", "ana@cl\u0131nic.example", "%"])
def test_only_the_very_address_will_do(
    client: Client, provider: IdentityProvider, ana: User, address: str
) -> None:
    make_staff(Role.LEAD, email="")
    provider.claims["email"] = address
    check_refused(client, provider, "unknown")


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_a_disabled_account_stays_shut(
    client: Client, provider: IdentityProvider, ana: User, field: str
) -> None:
    come_in(Client(), provider)
    setattr(ana, field, False)
    ana.save()
    check_refused(client, provider, "disabled")
    SocialAccount.objects.all().delete()
    check_refused(Client(), provider, "unknown")


def test_a_superuser_is_never_found_by_address(client: Client, provider: IdentityProvider) -> None:
    make_staff(is_superuser=True, email=ANA)
    check_refused(client, provider, "superuser")


def test_who_became_a_superuser_later_stays_known(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    ana.is_superuser = True
    ana.save()
    come_in(client, provider)
    assert is_in(client)


def test_a_second_person_who_got_the_same_address_is_somebody_else(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    provider.claims["sub"] = provider.userinfo["sub"] = "person-2"
    check_refused(client, provider, "another_person")


def test_the_same_name_at_another_provider_is_somebody_else(
    client: Client, provider: IdentityProvider, ana: User, settings: Any
) -> None:
    come_in(Client(), provider)
    with identity_provider.running() as other:
        settings.OIDC_SERVER_URL = other.url
        other.claims = {"email": "mallory@elsewhere.example", "email_verified": True}
        check_refused(client, other, "unknown")


def test_an_operator_lets_a_second_name_of_hers_count(
    client: Client, provider: IdentityProvider, ana: User, capsys: pytest.CaptureFixture[str]
) -> None:
    come_in(Client(), provider)
    call_command("reset_second_factor", ana.username, unbind=True)
    provider.claims["sub"] = provider.userinfo["sub"] = "person-2"
    come_in(client, provider)
    assert is_in(client)
    assert AuditEntry.objects.filter(kind=Kind.FACTOR_CHANGED, detail__unbound=True).exists()


# --- Forged ---------------------------------------------------------------------------------------


def check_broken_off(answer: Any, client: Client) -> None:
    assert answer.status_code == 502
    assert "That did not work" in answer.text
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"exp": 1},
        {"sub": "person-2"},  # not whom userinfo tells of
    ],
)
def test_a_token_made_for_something_else_is_refused(
    client: Client, provider: IdentityProvider, ana: User, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    check_broken_off(come_in(client, provider), client)


def test_a_token_that_is_none_is_refused(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    provider.forge = lambda token: "no token"
    check_broken_off(come_in(client, provider), client)


def test_a_token_that_another_key_signed_is_refused(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    check_broken_off(come_in(client, provider), client)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_a_token_that_names_a_weaker_algorithm_is_refused(
    client: Client, provider: IdentityProvider, ana: User, algorithm: str
) -> None:
    """Signed by nobody, or by the provider's public key taken for a secret that both know."""

    def forge(token: str) -> str:
        header = {"alg": algorithm, "kid": "1", "typ": "JWT"}
        _, claims, signature = token.split(".")
        signed = f"{base64url(json.dumps(header).encode())}.{claims}"
        public = provider.key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        signature = {
            "none": "",
            "HS256": base64url(hmac.digest(public, signed.encode(), "sha256")),
            "RS256": base64url(
                provider.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            ),
        }[algorithm]
        return f"{signed}.{signature}"

    provider.forge = forge
    if algorithm == "RS256":  # which shows that the others are forged with care
        come_in(client, provider)
        assert is_in(client)
    else:
        check_broken_off(come_in(client, provider), client)


@pytest.mark.usefixtures("ana")
def test_a_provider_whose_certificate_nobody_vouches_for_is_not_asked(
    client: Client,
    provider: IdentityProvider,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = provider.use_tls(tmp_path)
    settings.OIDC_SERVER_URL = provider.url
    check_broken_off(client.post(LOGIN), client)
    assert why_refused() == "unreachable"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    come_in(client, provider)
    assert is_in(client), "by nothing but the certificate it was refused"


@pytest.mark.parametrize("nonce", ["", "of another time"])
def test_a_token_of_another_time_is_refused(
    client: Client, provider: IdentityProvider, ana: User, nonce: str
) -> None:
    provider.claims["nonce"] = nonce
    check_refused(client, provider, "replayed")


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=y", "?error=access_denied&state=y", "?state=y"]
)
def test_an_answer_that_nobody_asked_for_is_refused(
    client: Client, provider: IdentityProvider, query: str
) -> None:
    check_broken_off(client.get(f"/accounts/oidc/callback/{query}"), client)
    assert not AuditEntry.objects.exists(), "nor does it fill the audit trail"


def test_an_answer_to_somebody_elses_question_is_refused(
    provider: IdentityProvider, ana: User
) -> None:
    mallory, victim = Client(), Client()
    address = provider.authorize(mallory.post(LOGIN)["Location"])
    check_broken_off(victim.get(address), victim)


def test_who_breaks_it_off_there_is_told_what_to_do(
    client: Client, provider: IdentityProvider
) -> None:
    client.post(LOGIN)
    (state,) = client.session["socialaccount_states"]
    answer = client.get(f"/accounts/oidc/callback/?error=access_denied&state={state}")
    check_broken_off(answer, client)
    assert why_refused() == "cancelled"


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_provider_that_is_down_is_no_fault_of_ours(
    client: Client, provider: IdentityProvider, ana: User, when: str
) -> None:
    if when == "before":
        provider.is_down = True
        answer = client.post(LOGIN)
    else:
        address = provider.authorize(client.post(LOGIN)["Location"])
        provider.is_down = True
        answer = client.get(address)
    check_broken_off(answer, client)
    assert enter(client, ana)["Location"] == QUEUE, "her password opens as ever"


def test_a_link_from_elsewhere_signs_nobody_in(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    page = client.get(f"{LOGIN}?next=/admin/&process=connect&scope=all&auth_params=prompt=none")
    assert page.status_code == 200
    assert "Use Clinic ID" in page.text
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN).status_code == 403
    client.post(f"{LOGIN}?process=connect&scope=all&auth_params=prompt%3Dnone")
    (state,) = client.session["socialaccount_states"].values()
    assert state[0]["process"] == "login"


def test_it_leads_nowhere_else_afterwards(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    answer = come_in(client, provider, next="https://elsewhere.example/")
    assert answer["Location"] == QUEUE


# --- The second factor ----------------------------------------------------------------------------


def test_the_second_factor_is_asked_here_as_well(
    client: Client, provider: IdentityProvider, ana: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    app = with_app(ana)
    provider.claims["amr"] = ["pwd", "mfa"]  # said, and not trusted
    assert come_in(client, provider)["Location"] == "/accounts/mfa/authenticate/"
    assert not is_in(client)
    assert enter_code(client, app.code()).status_code == 302
    assert is_in(client)


def test_who_has_none_sets_one_up_first(
    client: Client, provider: IdentityProvider, ana: User, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    come_in(client, provider)
    assert client.get(QUEUE)["Location"] == "/accounts/mfa/"


@pytest.mark.parametrize(
    ("amr", "is_enough"),
    [
        (["pwd", "mfa"], True),
        (["otp"], True),
        (["hwk", "pin"], True),
        (["pwd"], False),
        (["sms"], False),
        ([], False),
        (None, False),
    ],
)
def test_a_trusted_provider_may_have_asked_for_it(
    provider: IdentityProvider,
    ana: User,
    settings: Any,
    amr: list[str] | None,
    is_enough: bool,
) -> None:
    client = Client()
    settings.STAFF_MFA_REQUIRED = settings.OIDC_TRUST_MFA = True
    with_app(ana)
    if amr is not None:
        provider.claims["amr"] = amr
    provider.userinfo["amr"] = ["mfa"]  # what is not signed does not count
    come_in(client, provider)
    assert is_in(client) is is_enough


def test_who_has_no_password_here_confirms_who_she_is_there(
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
        assert "Confirm that it is you" in client.get(f"{LOGIN}?next={codes}").text
        assert come_in(client, provider, next=codes)["Location"] == codes
        assert provider.asked["prompt"] == "login"
        assert client.get(codes).status_code == 200


# --- Settings -------------------------------------------------------------------------------------


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
def test_a_provider_that_is_asked_in_the_open_is_a_failed_check(
    settings: Any, address: str, is_private: bool
) -> None:
    settings.OIDC_SERVER_URL = address
    assert (identity_provider_is_asked_in_private() == []) is is_private


# --- What browsers are told -----------------------------------------------------------------------


def test_her_browser_may_be_led_from_the_door_to_the_provider_and_nowhere_else(
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


def test_rows_of_the_table_of_apps_open_no_door(client: Client) -> None:
    SocialApp.objects.create(provider="openid_connect", provider_id="x", name="x", client_id="x")
    for address in (LOGIN, "/accounts/oidc/callback/"):
        assert client.get(address).status_code == 404
