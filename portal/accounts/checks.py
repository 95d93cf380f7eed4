"""System checks of the sign-in settings."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost"})


@register()
def identity_provider_is_asked_in_private(**kwargs: Any) -> list[CheckMessage]:
    """Anyone who can read or change the provider's answers could sign in as anybody."""
    address = urlsplit(settings.OIDC_SERVER_URL)
    if not settings.OIDC_SERVER_URL or address.scheme == "https":
        return []
    if address.scheme == "http" and address.hostname in _THIS_MACHINE:
        return []
    return [
        Error(
            f"OIDC_SERVER_URL is {settings.OIDC_SERVER_URL!r}, which is not encrypted.",
            hint="Set it to the issuer URL of the identity provider, which starts with https://.",
            id="portal.E010",
        )
    ]
