"""What browsers may do on the sign-in pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from portal.http.headers import PUBLIC_POLICY, STAFF_POLICY

ACCOUNTS_PREFIX = "/accounts/"


def set_policy(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the content security policy of a sign-in page.

    Passkeys need a script of ours, and the QR code is a data: URL. The page that takes a password
    runs no script at all; from there the browser may go to the identity provider.
    """
    if not request.path.startswith(ACCOUNTS_PREFIX):
        return
    at_the_door = request.path in {reverse("account_login"), reverse("oidc_login")}
    policy = PUBLIC_POLICY if at_the_door else STAFF_POLICY
    if at_the_door and settings.OIDC_SERVER_URL:
        allowed = " ".join(["form-action 'self'", *_identity_provider()])
        policy = policy.replace("form-action 'self'", allowed)
    if settings.HTTPS:
        policy = f"{policy}; upgrade-insecure-requests"
    response.headers["Content-Security-Policy"] = policy


def _identity_provider() -> list[str]:
    """Return its origins, as a policy lists them."""
    parts = urlsplit(settings.OIDC_SERVER_URL)
    return [f"{parts.scheme}://{parts.netloc}", *settings.OIDC_SIGN_IN_ORIGINS]
