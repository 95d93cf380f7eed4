"""Reads what an operator sets: environment variables, or the file that the demo keeps."""

import base64
import binascii
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: Written by `make demo` into PORTAL_DATA_DIR, readable by its owner only.
DEMO_FILE = "demo.env"
CHECKOUT = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """Where this installation keeps its files: PORTAL_DATA_DIR, or `.data` in the checkout."""
    return Path(text("PORTAL_DATA_DIR", str(CHECKOUT / ".data"))).resolve()


def keep_private(folder: Path) -> None:
    """Keep what this process writes, and what is already there, from other users of the machine.

    The folder itself is created if missing; an existing one stays open to those who share it.
    """
    os.umask(0o077)
    with suppress(OSError):  # `troubles.describe` tells whoever needs the folder
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.is_symlink():
                continue
            mode = 0o700 if path.is_dir() else 0o600
            if path.stat().st_mode & 0o777 != mode:
                path.chmod(mode)


def load_demo_file(folder: Path) -> None:
    """Use the demo's secrets for whatever the environment leaves unset.

    Only where SECRET_KEY itself is unset: a process with its own secrets is not the demo, and must
    not pick up the demo's looser settings from a leftover file.
    """
    path = folder / DEMO_FILE
    if os.environ.get("SECRET_KEY") or not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator:
            os.environ.setdefault(name, value)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, hint: str) -> str:
    """Return its value. Raise ImproperlyConfigured, naming the variable, if it is not set."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Read `on` or `off` (also 1/0, true/false, yes/no); anything else is refused."""
    value = text(name, "on" if default else "off").lower()
    if value in {"on", "1", "true", "yes"}:
        return True
    if value in {"off", "0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to on or off.")


def choice(name: str, allowed: list[str]) -> str:
    """Read one of the allowed words; the first is the default."""
    value = text(name, allowed[0]).lower()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to {' or '.join(allowed)}.")
    return value


def number(name: str, default: int, *, most: int | None = None) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.")
    if most is not None and int(value) > most:
        raise ImproperlyConfigured(f"{name} is {value}. Set it to {most} or less.")
    return int(value)


def numbers(name: str, defaults: dict[str, int]) -> dict[str, int]:
    """Read comma-separated `key=number` pairs; keys that are left out keep their defaults.

    Raise ImproperlyConfigured for an unknown key, a repeated key, and any number but a whole one
    from 1 to 99999.
    """
    found: dict[str, int] = {}
    for word in words(name):
        key, _, value = word.partition("=")
        if key not in defaults or not re.fullmatch(r"[1-9][0-9]{0,4}", value):
            raise ImproperlyConfigured(
                f"{name} has {word!r}. Write key=number. The key is one of {', '.join(defaults)}, "
                "and the number is a whole number from 1 to 99999."
            )
        if key in found:
            raise ImproperlyConfigured(f"{name} has {key!r} twice. List it once.")
        found[key] = int(value)
    return {**defaults, **found}


def words(name: str, default: str = "") -> list[str]:
    """Read comma-separated values."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


class Mail(NamedTuple):
    """Mail settings, in the order of Django's EMAIL_… settings."""

    backend: str
    file_path: str = ""
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False


def mail(name: str) -> Mail:
    """Read the URL of a mail server; where none is set, mails wait.

    `smtp://user:password@host:587` (with STARTTLS), `smtps://…`, `smtp+plain://…` on an internal
    network, `file:///folder`; empty for none.
    """
    url = urlsplit(text(name))
    if not url.scheme:
        return Mail("django.core.mail.backends.dummy.EmailBackend")
    if url.scheme == "file":
        return Mail("django.core.mail.backends.filebased.EmailBackend", file_path=url.path)
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if url.scheme not in ports or not url.hostname:
        # The message leaves out the value, which may hold a password.
        raise ImproperlyConfigured(f"{name} isn't an address like smtp://user:password@host:587.")
    return Mail(
        "inquiries.mail.smtp.EmailBackend",
        host=url.hostname,
        port=url.port or ports[url.scheme],
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_tls=url.scheme == "smtp",
        use_ssl=url.scheme == "smtps",
    )


def keys(name: str, hint: str, *, length: int = 32) -> list[bytes]:
    """Read comma-separated keys of `length` bytes in URL-safe base64, padding optional."""
    found = []
    for number, word in enumerate(required(name, hint).split(","), start=1):
        text = word.strip().rstrip("=")
        try:
            key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != length:  # say which key it is, never its value
            raise ImproperlyConfigured(f"{name}: key {number} is not {length} bytes. {hint}")
        found.append(key)
    if len(set(found)) < len(found):
        raise ImproperlyConfigured(f"{name} has the same key twice. {hint}")
    return found


def address(name: str) -> tuple[str, int] | None:
    """Read a port, or address:port, to listen on; a port alone is for this machine only."""
    value = text(name)
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 2**16:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a port, or to address:port.")
    return host.strip("[]") or "127.0.0.1", int(port)


def web_address(name: str) -> str:
    """Read an address to send to. Only this machine may be reached without encryption."""
    value = text(name)
    url = urlsplit(value)
    is_here = url.scheme == "http" and url.hostname in {"127.0.0.1", "::1", "localhost"}
    if value and not is_here and not (url.scheme == "https" and url.hostname):
        # The value may hold a secret.
        raise ImproperlyConfigured(f"{name} isn't an address that starts with https://.")
    return value
