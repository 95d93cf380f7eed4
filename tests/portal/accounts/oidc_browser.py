"""A browser that goes to the identity provider and comes back."""

from typing import Any

from django.test import Client

from tests.portal.accounts.identity_provider import IdentityProvider

LOGIN = "/accounts/oidc/login/"
ANA = "ana@clinic.example"


def come_in(client: Client, provider: IdentityProvider, **typed: str) -> Any:
    """Follow our button to the provider and back, and return the final response."""
    sent = client.post(LOGIN, typed)
    assert sent.status_code == 302, sent.text
    assert sent["Location"].startswith(f"{provider.url}/authorize?")
    return client.get(provider.authorize(sent["Location"]))


def is_in(client: Client) -> bool:
    return bool(client.get("/admin/").status_code == 200)
