"""Fixtures: staff who sign in, and their devices."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

# Imported inside the fixtures, because Django is not set up until this file has been read.
if TYPE_CHECKING:
    from django.test import Client

    from portal.models import User
    from tests.portal.accounts.devices import App, Passkey
    from tests.portal.accounts.identity_provider import IdentityProvider


@pytest.fixture
def boss(client: "Client") -> "User":
    from tests.factories import make_staff

    user = make_staff(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def app(coordinator: "User") -> "App":
    from tests.portal.accounts.devices import with_app

    return with_app(coordinator)


@pytest.fixture
def passkey(coordinator: "User", app: "App") -> "Passkey":
    from django.test import Client

    from tests.portal.accounts.devices import sign_in
    from tests.portal.accounts.enrollment import add_passkey

    client = Client()
    sign_in(client, coordinator, app)
    passkey = add_passkey(client)
    client.post("/accounts/logout/")
    return passkey


@pytest.fixture
def provider(settings: Any) -> "Iterator[IdentityProvider]":
    from tests.portal.accounts import identity_provider
    from tests.portal.accounts.oidc_browser import ANA

    with identity_provider.running() as provider:
        provider.claims = {"email": ANA, "email_verified": True}
        settings.OIDC_SERVER_URL = provider.url
        settings.OIDC_CLIENT_ID = identity_provider.CLIENT_ID
        settings.OIDC_CLIENT_SECRET = identity_provider.CLIENT_SECRET
        settings.OIDC_NAME = "Clinic ID"
        yield provider


@pytest.fixture
def ana(db: None) -> "User":
    from portal.models import Role
    from tests.factories import make_staff

    return make_staff(Role.COORDINATOR, email="Ana@Clinic.example")
