"""The files in deploy/, with the ports and folders of a machine put in, so that they can be run."""

import datetime as dt
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"
VENV = REPOSITORY / ".venv"
HOST = "127.0.0.1"
NAME = "portal.example"


def put_in(text: str, changes: dict[str, str]) -> str:
    """Replace each; what is no longer there would leave a drill that runs something else."""
    for old, new in changes.items():
        assert old in text, f"the file no longer has {old!r}"
        text = text.replace(old, new)
    return text


# --- Units ----------------------------------------------------------------------------------------


@dataclass
class Unit:
    """A systemd unit with its drop-ins, as far as a drill runs it: commands and environment."""

    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, name: str) -> "Unit":
        folder = DEPLOY / "systemd"
        files = [folder / f"{name}.service", *sorted(folder.glob("portal-.service.d/*.conf"))]
        unit = cls(name)
        for file in files:
            for line in file.read_text().splitlines():
                if match := re.fullmatch(r"(\w+)=(.*)", line):
                    unit.lines.append((match[1], match[2]))
        return unit

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def commands(self, port: int) -> list[list[str]]:
        """Return what it runs, from this checkout, with the site on that port."""
        return [
            [
                word.replace("/opt/portal/.venv", str(VENV))
                .replace(f"{HOST}:8000", f"{HOST}:{port}")
                .replace("8000", str(port) if word == "8000" else "8000")
                for word in shlex.split(line)
            ]
            for line in self.values("ExecStart")
        ]

    def environment(self, data: Path) -> dict[str, str]:
        words = [word for line in self.values("Environment") for word in shlex.split(line)]
        found = dict(word.split("=", 1) for word in words)
        assert found["PORTAL_DATA_DIR"] == f"/var/lib/{self.values('StateDirectory')[0]}"
        return {**found, "PORTAL_DATA_DIR": str(data)}


# --- Proxies --------------------------------------------------------------------------------------


def render_nginx(folder: Path, *, nodes: list[int], http: int, https: int) -> Path:
    """Write deploy/nginx/portal.conf for these ports, within what Debian's nginx.conf sets."""
    for name in ("log", "cache", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    make_certificate(folder / "tls")
    text = (DEPLOY / "nginx/portal.conf").read_text()
    found = re.search(rf"    server {HOST}:8000 (.*);\n", text)
    assert found
    servers = "".join(f"    server {HOST}:{node} {found[1]};\n" for node in nodes)
    text = put_in(
        text,
        {
            found[0]: servers,
            "    listen 80;\n    listen [::]:80;\n": f"    listen {HOST}:{http};\n",
            "    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n": (
                f"    listen {HOST}:{https} ssl http2;\n"
            ),
            "/etc/portal/tls": str(folder / "tls"),
            "/etc/portal/proxy": str(DEPLOY / "nginx"),
            "/var/log/nginx": str(folder / "log"),
            "/var/lib/nginx": str(folder / "cache"),
        },
    )
    (folder / "portal.conf").write_text(text)
    temporary = "".join(
        f"    {name}_temp_path {folder / 'tmp' / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\nuser root;\npid {folder / 'pid'};\nworker_processes 1;\nevents {{}}\n"
        f"http {{\n{temporary}    types {{ text/html html; }}\n"
        f"    include {folder / 'portal.conf'};\n}}\n"
    )
    return main


def make_certificate(folder: Path) -> Path:
    """Make a certificate for NAME that only whoever is given it trusts; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "fullchain.pem"
