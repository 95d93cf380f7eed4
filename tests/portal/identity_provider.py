"""An identity provider on this machine, as OpenID Connect has it: RS256, code flow, PKCE."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "care-portal", "between the two of them"


class IdentityProvider(ThreadingHTTPServer):
    """What it says of the person is in `claims` and `userinfo`, for a test to set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.is_down = False
        #: Of the last question that a browser was sent with.
        self.asked: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def authorize(self, address: str) -> str:
        """What somebody's browser does there: she agrees; return where it is sent back to."""
        self.asked = {name: each for name, (each,) in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = self.asked
        return f"{self.asked['redirect_uri']}?code={code}&state={self.asked['state']}"

    def token(self, sent: dict[str, str]) -> dict[str, Any]:
        asked = self.codes.pop(sent["code"])
        proof = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(proof).decode().rstrip("=") == asked["code_challenge"]
        assert sent["client_secret"] == CLIENT_SECRET
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": "person-1",
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
            "nonce": asked["nonce"],
            **self.claims,
        }
        return {
            "access_token": "for her own words",
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, self.signs_with, "RS256", {"kid": "1"}),
        }


class _Pages(BaseHTTPRequestHandler):
    server: IdentityProvider

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = self.server.url
        public = json.loads(RSAAlgorithm.to_jwk(self.server.key.public_key()))
        pages: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": url,
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "userinfo_endpoint": f"{url}/userinfo",
                "jwks_uri": f"{url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/keys": {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]},
            "/userinfo": {"sub": "person-1", **self.server.userinfo},
        }
        self._answer(pages[urlsplit(self.path).path])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(self.server.token({name: each for name, (each,) in parse_qs(body).items()}))

    def _answer(self, page: dict[str, Any]) -> None:
        body = json.dumps(page).encode()
        self.send_response(503 if self.server.is_down else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[IdentityProvider]:
    with IdentityProvider() as provider:
        thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()
