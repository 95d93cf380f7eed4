"""Reads addresses that an operator sets: of the database, the mail server, and what comes back.

An error names the variable, and never its value, which holds a password.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from portal.config.environment import text

#: How a password goes into an address (RFC 3986, 2.1).
_ENCODED = "In a password, write @ as %40, : as %3A, / as %2F, and % as %25."


def database(name: str, default: str) -> dict[str, Any]:
    """Read the URL of a database, as Django's DATABASES hold it. Raise ImproperlyConfigured."""
    try:
        return dict(dj_database_url.parse(text(name, default)))
    except (ValueError, KeyError):  # their messages may repeat a part of the password
        raise ImproperlyConfigured(
            f"{name} isn't an address like postgresql://user:password@host/name. {_ENCODED}"
        ) from None


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
    try:
        port = url.port
    except ValueError:  # its own message would repeat what stands there, perhaps a password
        port = -1
    if url.scheme not in ports or not url.hostname or port == -1:
        raise ImproperlyConfigured(
            f"{name} isn't an address like smtp://user:password@host:587. {_ENCODED}"
        )
    return Mail(
        "inquiries.mail.smtp.EmailBackend",
        host=url.hostname,
        port=port or ports[url.scheme],
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_tls=url.scheme == "smtp",
        use_ssl=url.scheme == "smtps",
    )


#: What signing adds to the part before the @, and its limit (RFC 5321, 4.5.3.1.1).
_LONGEST_RETURN_NAME = 64 - 52


def return_address(name: str) -> str:
    """Read where emails that can't be delivered come back to; empty if they go to the sender.

    A domain, or an address at it: `bounces.example.org` stands for `bounce@bounces.example.org`.
    """
    value = text(name).lower()
    if not value:
        return ""
    local, at, domain = value.rpartition("@")
    local = local if at else "bounce"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", local) or len(local) > _LONGEST_RETURN_NAME:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Before the @, use at most {_LONGEST_RETURN_NAME} letters, "
            "digits, hyphens, and underscores."
        )
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+", domain):
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Set it to a domain such as bounces.example.org, or to an "
            "address there."
        )
    return f"{local}@{domain}"


class Mailbox(NamedTuple):
    """A folder of a mail server, read by IMAP over TLS."""

    host: str
    port: int
    user: str
    password: str
    folder: str


def mailbox(name: str) -> Mailbox | None:
    """Read `imaps://user:password@host/INBOX`; None if it is not set."""
    value = text(name)
    if not value:
        return None
    url = urlsplit(value)
    if url.scheme != "imaps" or not (url.hostname and url.username and url.password):
        # The message leaves out the value, which holds a password.
        raise ImproperlyConfigured(f"{name} isn't like imaps://user:password@host/INBOX.")
    return Mailbox(
        url.hostname,
        url.port or 993,
        unquote(url.username),
        unquote(url.password),
        unquote(url.path.strip("/")) or "INBOX",
    )


def address(name: str) -> tuple[str, int] | None:
    """Read a port, or address:port, to listen on; a port alone is for this machine only."""
    value = text(name)
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 2**16:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a port, or to address:port.")
    return host.strip("[]") or "127.0.0.1", int(port)


def web_address(name: str, default: str = "") -> str:
    """Read an address to send to. Only this machine may be reached without encryption."""
    value = text(name, default)
    url = urlsplit(value)
    is_here = url.scheme == "http" and url.hostname in {"127.0.0.1", "::1", "localhost"}
    if value and not is_here and not (url.scheme == "https" and url.hostname):
        # The value may hold a secret.
        raise ImproperlyConfigured(f"{name} isn't an address that starts with https://.")
    return value


def contact(name: str, *, is_required: bool) -> str:
    """Read an email address that others may write to. Raise ImproperlyConfigured."""
    value = text(name)
    is_one = re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", value)
    if (value or is_required) and not is_one:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Set it to an email address such as library@example.org."
        )
    return value
