"""The devices that staff sign in with: an authenticator app, a passkey."""

import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from portal.models import User
from tests.factories import PASSWORD

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


@dataclass
class App:
    """An authenticator app that holds one secret."""

    secret: str = field(default_factory=generate_totp_secret)

    def code(self, *, seconds: float = 0) -> str:
        """Return the code that the app shows now, or this many seconds from now."""
        return format_hotp_value(hotp_value(self.secret, int(time.time() + seconds) // 30))


def with_app(user: User) -> App:
    """Set up a second factor and recovery codes for the account, and return the app."""
    app = App()
    TOTP.activate(user, app.secret)
    RecoveryCodes.activate(user)
    return app


def recovery_codes(user: User) -> list[str]:
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(kept.wrap().get_unused_codes())


class Passkey:
    """A software passkey; using it counts as having shown a finger."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user_handle = b""

    def register(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        self.user_handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(FLAG.UP | FLAG.UV | FLAG.AT, made)
        response = {
            "clientDataJSON": self._client("webauthn.create", asked),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def sign(self, options: dict[str, Any]) -> str:
        data = self._data(FLAG.UP | FLAG.UV)
        client = self._client("webauthn.get", options["publicKey"])
        signed = data + hashlib.sha256(websafe_decode(client)).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": websafe_encode(self.user_handle),
        }
        return self._answer(response, {})

    def _data(
        self, flags: AuthenticatorData.FLAG, made: AttestedCredentialData | None = None
    ) -> AuthenticatorData:
        site = hashlib.sha256(HOST.encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(site, flags, 0, made or b"")
        return data

    def _client(self, kind: str, asked: dict[str, Any]) -> str:
        challenge = websafe_decode(asked["challenge"])
        client = CollectedClientData.create(kind, challenge, f"https://{HOST}")
        return websafe_encode(client)

    def _answer(self, response: dict[str, str], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )


# --- At the door ----------------------------------------------------------------------------------


def enter(client: Client, user: User, password: str = PASSWORD, **typed: str) -> Any:
    """Send name and password; the answer leads to the second step, if there is one."""
    return client.post("/accounts/login/", {"login": user.username, "password": password, **typed})


def enter_code(client: Client, code: str) -> Any:
    return client.post("/accounts/mfa/authenticate/", {"code": code})


def sign_in(client: Client, user: User, app: App) -> None:
    """Complete both steps of the sign-in."""
    assert enter(client, user).headers["Location"] == "/accounts/mfa/authenticate/"
    assert enter_code(client, app.code()).headers["Location"].startswith("/admin/")


def sign_in_anew(user: User, app: App) -> Client:
    """Sign in with another browser, as half a minute later, because a code works only once."""
    forget_codes(user)
    client = Client()
    sign_in(client, user, app)
    return client


def forget_codes(user: User) -> None:
    """Make the current code usable again, so that a test need not wait for the next one."""
    from django.core.cache import cache

    for app in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP):
        app.data.pop("last_step", None)
        app.save()
    cache.clear()  # django-allauth remembers used codes there


def options_on(page: Any) -> dict[str, Any]:
    """Return the options with which a page asks for the browser's passkeys."""
    found = re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', page.text)
    assert found, page.text
    options: dict[str, Any] = json.loads(unescape(found[1]))
    return options
