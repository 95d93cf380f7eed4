"""Which account a provider's subject opens, and who may bind the two."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import call_command
from django.test import Client

from portal.models import ProviderBinding, Role, User
from tests.factories import make_staff
from tests.portal.accounts.devices import (
    enter_code,
    forget_codes,
    sign_in,
    sign_in_anew,
    with_app,
)
from tests.portal.accounts.identity_provider import IdentityProvider
from tests.portal.accounts.oidc_browser import ANA, come_in, is_in
from tests.portal.accounts.sessions import minutes_later
from tests.portal.accounts.test_oidc_refusals import check_refused, why_refused

pytestmark = pytest.mark.django_db


def test_security_3_superusers_are_bound_by_confirming_here_and_then_follow_the_same_rules(
    client: Client, provider: IdentityProvider, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    boss = make_staff(is_superuser=True, email=ANA)
    app = with_app(boss)
    sign_in(client, boss, app)
    with minutes_later(6):
        client.get("/admin/")
        come_in(client, provider)
        assert why_refused() == "superuser", "that was not just now"
    client = sign_in_anew(boss, app)
    assert "Connect" in client.get("/accounts/mfa/").text
    come_in(client, provider)
    assert SocialAccount.objects.get().user == boss
    elsewhere = Client()
    assert come_in(elsewhere, provider)["Location"] == "/accounts/mfa/authenticate/"
    assert not is_in(elsewhere), "the second factor is asked as of everybody"
    forget_codes(boss)
    enter_code(elsewhere, app.code())
    assert is_in(elsewhere)
    boss.is_staff = False
    boss.save()
    check_refused(Client(), provider, "disabled")
    boss.is_staff = True
    boss.save()
    call_command("reset_second_factor", boss.username, "--unbind")
    check_refused(Client(), provider, "superuser")


@pytest.mark.parametrize("is_superuser", [True, False])
def test_security_3_bindings_written_outside_the_portal_bind_no_one(
    client: Client, provider: IdentityProvider, is_superuser: bool
) -> None:
    """Someone with write access but no key binds their own subject to another's account."""
    provider.claims["sub"] = provider.userinfo["sub"] = "person-9"
    boss = make_staff(Role.LEAD, is_superuser=is_superuser, email="boss@clinic.example")
    SocialAccount.objects.create(user=boss, provider=provider.url, uid="person-9")
    check_refused(client, provider, "unknown")
    make_staff(Role.EDITOR, email=ANA)
    check_refused(client, provider, "unproven")


def test_a_binding_from_the_previous_release_is_proven_by_the_same_address(
    client: Client, provider: IdentityProvider, ana: User
) -> None:
    come_in(Client(), provider)
    ProviderBinding.objects.all().delete()
    come_in(client, provider)
    assert is_in(client)
    provider.claims["email"] = "new@clinic.example"
    again = Client()
    come_in(again, provider)
    assert is_in(again), "from now on by the provider's name for them"
