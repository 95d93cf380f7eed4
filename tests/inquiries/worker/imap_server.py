"""A small IMAP server over TLS (RFC 3501), with just what the reader of bounces asks."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Box:
    """What the server has and hears."""

    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    #: At the command that begins so, the connection drops.
    drops_at: str = ""
    password: str = "right"
    is_read_only: bool = False

    def add(self, raw: bytes) -> int:
        uid = max(self.messages, default=0) + 1
        self.messages[uid], self.flags[uid] = raw, set()
        return uid

    @property
    def unseen(self) -> list[int]:
        return [uid for uid in self.messages if not self.flags[uid] & {"\\Seen", "\\Deleted"}]


def make_certificate(folder: Path) -> Path:
    """Write a certificate for this machine, with its key, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    box: Box
    context: ssl.SSLContext


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        box = self.server.box
        self.say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            box.commands.append(command)
            if box.drops_at and command.upper().startswith(box.drops_at):
                return
            self.say(f"{tag} {self.answer(box, command)}")
            if command.upper() == "LOGOUT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, box: Box, command: str) -> str:
        name, _, rest = command.partition(" ")
        match name.upper():
            case "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            case "LOGIN" if f'"{box.password}"' not in rest:
                return "NO wrong password"
            case "SELECT" if rest != '"INBOX"':
                return "NO there is none"
            case "UID" if box.is_read_only and rest.startswith("STORE"):
                return "NO it is read-only"
            case "UID":
                self.answer_uid(box, *rest.split(" "))
            case "EXPUNGE":
                for uid in [each for each, flags in box.flags.items() if "\\Deleted" in flags]:
                    del box.messages[uid], box.flags[uid]
        return "OK done"

    def answer_uid(self, box: Box, name: str, *words: str) -> None:
        if name == "SEARCH":
            self.say(f"* SEARCH {' '.join(map(str, box.unseen))}")
        elif name == "STORE":
            box.flags[int(words[0])].add(words[2].strip("()"))
        elif int(words[0]) in box.messages:
            limit = re.search(r"<0\.(\d+)>", words[1])
            assert limit, "no more than the beginning is asked for"
            raw = box.messages[int(words[0])][: int(limit[1])]
            self.say(f"* 1 FETCH (UID {words[0]} BODY[]<0> {{{len(raw)}}}")
            self.wfile.write(raw + b")\r\n")


@contextmanager
def serve(box: Box, certificate: Path) -> Iterator[Box]:
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(certificate)
        server.box, box.port = box, server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
