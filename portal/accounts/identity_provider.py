"""Requests to the clinic's own identity provider, and which of its answers are believed.

Kept apart from `oidc` because it loads an HTTP client and a parser for signed tokens: where no
provider is set, no process needs them.
"""

from typing import Any

import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse

#: Public-key algorithms only (RFC 7518, RFC 8037): never `none`, never a shared secret.
_ALGORITHMS = frozenset(
    {"EdDSA", *(kind + bits for kind in ("RS", "PS", "ES") for bits in ("256", "384", "512"))}
)


class StaffOIDCAdapter(OpenIDConnectOAuth2Adapter):
    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return build_absolute_uri(request, reverse("oidc_callback"))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> Any:
        login: Any = super().complete_login(request, app, token, **kwargs)
        claims = {"userinfo": {}, "id_token": {}} | login.account.extra_data
        # OpenID Connect Core 5.3.2: claims about somebody else must not be used.
        if not claims["id_token"] or claims["userinfo"].get("sub") not in {
            None,
            claims["id_token"]["sub"],
        }:
            raise OAuth2Error("No ID token, or one about somebody else.")
        login.claims = claims
        login.asserts_second_factor = False
        # Nothing else that the provider says about the person is kept.
        login.account.extra_data = {}
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Check the signature, even though the token always comes straight from the provider."""
        try:
            if jwt.get_unverified_header(id_token)["alg"] not in _ALGORITHMS:
                raise OAuth2Error("The ID token is signed in a way that is not taken.")
            return jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The ID token cannot be read.") from error


class IdentityProvider(OpenIDConnectProvider):
    oauth2_adapter_class = StaffOIDCAdapter
