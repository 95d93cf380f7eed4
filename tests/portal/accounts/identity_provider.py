"""A local identity provider that speaks OpenID Connect: RS256, code flow, PKCE."""

import base64
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "care-portal", "between the two of them"


class IdentityProvider(ThreadingHTTPServer):
    """A test sets `claims` and `userinfo` to choose what the provider says about the person."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        #: Replaces a valid token with a forged one.
        self.forge: Callable[[str], str] | None = None
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.is_down = False
        #: The parameters of the last authorization request.
        self.asked: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def use_tls(self, folder: Path) -> Path:
        """Switch to HTTPS with a self-signed certificate, and return the certificate's file."""
        certificate = _certificate_of(self.key)
        (folder / "key.pem").write_bytes(
            self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")
        return folder / "certificate.pem"

    def handle_error(self, *args: Any) -> None:
        """Print nothing when a client hangs up because of the certificate."""

    def authorize(self, address: str) -> str:
        """Agree as a person's browser would, and return the address that it is redirected to."""
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
        token = jwt.encode(claims, self.signs_with, "RS256", {"kid": "1"})
        return {
            "access_token": "for its own words",
            "token_type": "Bearer",
            "id_token": self.forge(token) if self.forge else token,
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


def _certificate_of(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
    now = datetime.now(UTC)
    address = x509.IPAddress(IPv4Address("127.0.0.1"))
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )


@contextmanager
def running() -> Iterator[IdentityProvider]:
    with IdentityProvider() as provider:
        thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()
