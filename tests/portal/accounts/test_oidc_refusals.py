"""Sign-in with an identity provider: who is refused, and that it never takes over an account."""

import base64
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.test import Client, RequestFactory

from inquiries.models import AuditEntry
from portal.accounts.oidc import StaffSocialAccountAdapter
from portal.models import Role, User
from tests.factories import make_staff
from tests.portal.accounts import identity_provider
from tests.portal.accounts.devices import enter
from tests.portal.accounts.identity_provider import IdentityProvider
from tests.portal.accounts.oidc_browser import ANA, LOGIN, come_in, is_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
Kind = AuditEntry.Kind


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def why_refused() -> str:
    entry = AuditEntry.objects.filter(kind=Kind.SIGN_IN_FAILED).latest("number")
    assert entry.detail["method"] == "oidc"
    return str(entry.detail["why"])


def check_refused(client: Client, provider: IdentityProvider, why: str) -> None:
    answer = come_in(client, provider)
    assert answer.status_code == 403
    assert "No matching staff account" in answer.text
    assert not is_in(client)
    assert why_refused() == why
    assert ANA not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_people_who_are_not_staff_are_told_so_and_get_no_account(
    client: Client, provider: IdentityProvider
) -> None:
    check_refused(client, provider, "unknown")
    assert not User.objects.exists()
    assert client.get("/accounts/social/signup/").status_code == 404


@pytest.mark.parametrize("verified", [False, None, "false", "", 0])
def test_an_unverified_address_matches_no_one(
    client: Client, provider: IdentityProvider, ana: User, verified: Any
) -> None:
    provider.claims["email_verified"] = verified
    check_refused(client, provider, "unverified")


def test_an_address_shared_by_two_accounts_matches_no_one(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    make_staff(Role.LEAD, email=ANA)
    check_refused(client, provider, "unknown")


@pytest.mark.parametrize("address", ["", "ana@clinic.example ", "ana@cl\u0131nic.example", "%"])
def test_only_the_exact_address_matches(
    client: Client, provider: IdentityProvider, ana: User, address: str
) -> None:
    make_staff(Role.LEAD, email="")
    provider.claims["email"] = address
    check_refused(client, provider, "unknown")


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_a_disabled_account_is_refused(
    client: Client, provider: IdentityProvider, ana: User, field: str
) -> None:
    come_in(Client(), provider)
    setattr(ana, field, False)
    ana.save()
    check_refused(client, provider, "disabled")
    SocialAccount.objects.all().delete()
    check_refused(Client(), provider, "unknown")


def test_superusers_are_never_found_by_address(client: Client, provider: IdentityProvider) -> None:
    make_staff(is_superuser=True, email=ANA)
    check_refused(client, provider, "superuser")


def test_people_who_become_superusers_later_stay_known(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    ana.is_superuser = True
    ana.save()
    come_in(client, provider)
    assert is_in(client)


def test_a_second_person_with_the_same_address_is_someone_else(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    provider.claims["sub"] = provider.userinfo["sub"] = "person-2"
    check_refused(client, provider, "another_person")


def test_the_same_identifier_at_another_provider_is_someone_else(
    client: Client, provider: IdentityProvider, ana: User, settings: Any
) -> None:
    come_in(Client(), provider)
    with identity_provider.running() as other:
        settings.OIDC_SERVER_URL = other.url
        other.claims = {"email": "mallory@elsewhere.example", "email_verified": True}
        check_refused(client, other, "unknown")


def test_an_operator_can_allow_a_new_identifier_for_the_same_person(
    client: Client, provider: IdentityProvider, ana: User, capsys: pytest.CaptureFixture[str]
) -> None:
    come_in(Client(), provider)
    call_command("reset_second_factor", ana.username, unbind=True)
    provider.claims["sub"] = provider.userinfo["sub"] = "person-2"
    come_in(client, provider)
    assert is_in(client)
    assert AuditEntry.objects.filter(kind=Kind.FACTOR_CHANGED, detail__unbound=True).exists()


def check_broken_off(answer: Any, client: Client) -> None:
    assert answer.status_code == 502
    assert "Sign-in didn’t work" in answer.text
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"exp": 1},
        {"sub": "person-2"},  # not the person in userinfo
    ],
)
def test_a_token_issued_for_something_else_is_refused(
    client: Client, provider: IdentityProvider, ana: User, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    check_broken_off(come_in(client, provider), client)


def test_a_token_signed_with_another_key_is_refused(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    check_broken_off(come_in(client, provider), client)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_a_token_with_a_weaker_algorithm_is_refused(
    client: Client, provider: IdentityProvider, ana: User, algorithm: str
) -> None:
    """It is unsigned, or signed with the provider's public key as if it were a shared secret."""

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
    if algorithm == "RS256":  # proves that the other forgeries are made correctly
        come_in(client, provider)
        assert is_in(client)
    else:
        check_broken_off(come_in(client, provider), client)


@pytest.mark.usefixtures("ana")
def test_a_provider_with_an_untrusted_certificate_is_not_contacted(
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
def test_a_replayed_token_is_refused(
    client: Client, provider: IdentityProvider, ana: User, nonce: str
) -> None:
    provider.claims["nonce"] = nonce
    check_refused(client, provider, "replayed")


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=y", "?error=access_denied&state=y", "?state=y"]
)
def test_an_unsolicited_response_is_refused(
    client: Client, provider: IdentityProvider, query: str
) -> None:
    check_broken_off(client.get(f"/accounts/oidc/callback/{query}"), client)
    assert not AuditEntry.objects.exists(), "nor does it fill the audit trail"


def test_a_response_to_someone_elses_request_is_refused(
    provider: IdentityProvider, ana: User
) -> None:
    mallory, victim = Client(), Client()
    address = provider.authorize(mallory.post(LOGIN)["Location"])
    check_broken_off(victim.get(address), victim)


def test_people_who_cancel_at_the_provider_are_told_what_to_do(
    client: Client, provider: IdentityProvider
) -> None:
    client.post(LOGIN)
    (state,) = client.session["socialaccount_states"]
    answer = client.get(f"/accounts/oidc/callback/?error=access_denied&state={state}")
    check_broken_off(answer, client)
    assert why_refused() == "cancelled"


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_provider_that_is_down_causes_no_server_error(
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
    assert enter(client, ana)["Location"] == QUEUE, "the password opens as ever"


def test_a_link_from_another_site_signs_no_one_in(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    page = client.get(f"{LOGIN}?next=/admin/&process=connect&scope=all&auth_params=prompt=none")
    assert page.status_code == 200
    assert "Continue with Clinic ID" in page.text
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN).status_code == 403
    client.post(f"{LOGIN}?process=connect&scope=all&auth_params=prompt%3Dnone")
    (state,) = client.session["socialaccount_states"].values()
    assert state[0]["process"] == "login"


def test_sign_in_redirects_to_no_other_site(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    answer = come_in(client, provider, next="https://elsewhere.example/")
    assert answer["Location"] == QUEUE


def test_no_one_can_create_an_account_by_signing_in_elsewhere(rf: RequestFactory) -> None:
    assert not StaffSocialAccountAdapter().is_open_for_signup(rf.get("/"), SocialLogin())


def test_a_malformed_token_is_refused(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    provider.forge = lambda token: "no token"
    check_broken_off(come_in(client, provider), client)
