"""A proxy in front of the site, on 127.0.0.1: TLS with a certificate authority of its own."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.portal.real_site import HOST

OURS = ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options")


@dataclass(frozen=True)
class Certificate:
    """What is unusual about it; days count from now."""

    ends_in_days: float = 60
    began_days_ago: float = 30
    address: str = HOST


@dataclass(frozen=True)
class Faults:
    """What the proxy does wrong."""

    forgets_proto: bool = False
    passes_on_proto: bool = False
    passes_on_no_host: bool = False
    drops_headers: bool = False
    serves_http: bool = False
    claims_https: bool = False


class Authority:
    """A certificate authority, whose own certificate is in `file`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        builder = self._builder(self.name, self.key, Certificate()).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.certificate = self._sign(builder, is_authority=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def issue(self, wanted: Certificate) -> Path:
        """Return a file with a certificate for `wanted.address` and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wanted.address)])
        alternative = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(wanted.address))])
        builder = self._builder(name, key, wanted).add_extension(alternative, critical=False)
        file = self.folder / f"{name.rfc4514_string()}-{key.public_key().public_numbers().x}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(self._sign(builder).public_bytes(Encoding.PEM) + private)
        return file

    def _builder(self, name: x509.Name, key: Any, wanted: Certificate) -> Any:
        now = datetime.now(UTC)
        public = key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(wanted.began_days_ago))
            .not_valid_after(now + timedelta(wanted.ends_in_days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    def _sign(self, builder: Any, *, is_authority: bool = False) -> x509.Certificate:
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority,
            content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(ours, critical=False).add_extension(usage, critical=True)
        signed: x509.Certificate = builder.sign(self.key, hashes.SHA256())
        return signed


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    site_port: int
    is_secure: bool
    faults: Faults

    def handle_error(self, *args: Any) -> None:
        """A client that doesn't like the certificate hangs up."""


class _Forward(BaseHTTPRequestHandler):
    server: _Proxy

    def do_GET(self) -> None:
        if not self.server.is_secure and not self.server.faults.serves_http:
            self.send_response(308)
            self.send_header("Location", f"https://{self.headers['Host']}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with closing(http.client.HTTPConnection(HOST, self.server.site_port, timeout=20)) as site:
            site.request("GET", self.path, headers=self._headers_for_site())
            answer = site.getresponse()
            body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            hidden = self.server.faults.drops_headers and name.title() in map(str.title, OURS)
            if not hidden and name.lower() not in {"transfer-encoding", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _headers_for_site(self) -> dict[str, str]:
        wrong = self.server.faults
        headers = {"Host": self.headers["Host"], "X-Forwarded-For": self.client_address[0]}
        if wrong.passes_on_no_host:
            headers["Host"] = HOST
        is_https = self.server.is_secure or wrong.claims_https
        if not wrong.forgets_proto:
            headers["X-Forwarded-Proto"] = "https" if is_https else "http"
        if wrong.passes_on_proto and "X-Forwarded-Proto" in self.headers:
            headers["X-Forwarded-Proto"] = self.headers["X-Forwarded-Proto"]
        return headers

    def log_message(self, *args: Any) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def front(
    site_port: int, *, certificate: Path | None = None, faults: Faults | None = None
) -> Iterator[int]:
    """Yield the port of a proxy for the site; without a certificate, it speaks plain HTTP."""
    with _Proxy((HOST, 0), _Forward) as server:
        server.site_port, server.is_secure = site_port, bool(certificate)
        server.faults = faults or Faults()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
