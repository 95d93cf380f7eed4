"""Email addresses in any script: what is wrong with one, and its form for mail servers.

Letters before the @ are sent unchanged if the next server accepts them (SMTPUTF8, RFC 6531).
Letters after it are encoded in ASCII on the wire (RFC 5891), which every server accepts.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

#: In octets. The limit reserves one octet for each bracket around an address (RFC 5321, 4.5.3.1).
_LONGEST = 254
_LONGEST_LOCAL = 64
#: ASCII characters allowed before the @ without quotes (RFC 5322, 3.2.3).
_ASCII_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]")
_validate_ascii = EmailValidator()
#: What comes along when an address is copied: a link, a name before it, the end of a sentence.
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]*)>\s*")
_LINK = re.compile(r"\s*mailto:", re.IGNORECASE)
_AROUND = "\"'“”‘’<>()[]"
_AFTER = _AROUND + ".,;:/"


class FaultKind(Enum):
    NO_AT = auto()
    MANY_AT = auto()
    SPACE = auto()
    NO_NAME = auto()
    NO_DOMAIN = auto()
    NO_DOT = auto()
    DOTS = auto()
    CHARACTER = auto()
    DOMAIN = auto()
    LONG = auto()


@dataclass(frozen=True)
class Fault:
    """A fault that makes delivery impossible, and the part of the address that has it."""

    kind: FaultKind
    part: str = ""


def unwrap(typed: str) -> str:
    """Return an address without what came along when it was copied."""
    inside = _IN_BRACKETS.fullmatch(typed)
    bare = _LINK.sub("", inside[1] if inside else typed, count=1).strip()
    return bare.lstrip(_AROUND).rstrip(_AFTER) if "@" in bare else typed


def compose(typed: str) -> str:
    """Combine each letter and its marks into one character, as mail servers compare them."""
    return unicodedata.normalize("NFC", typed)


def find_fault(address: str) -> Fault | None:
    """Return the first fault that makes this address undeliverable; None if there is none."""
    local, at, domain = address.rpartition("@")
    if not at:
        return Fault(FaultKind.NO_AT)
    if _is_deliverable(address):
        return None
    return _fault_of_local(local) or _fault_of_domain(domain) or Fault(FaultKind.LONG)


def needs_smtputf8(address: str) -> bool:
    """Return whether this address can be given only to a mail server that announces SMTPUTF8."""
    return not address.rpartition("@")[0].isascii()


def on_the_wire(address: str) -> str:
    """Return the address as sent to a mail server. Raise ValueError for an impossible domain."""
    local, at, domain = compose(address).rpartition("@")
    return f"{local}{at}{_ascii_domain(domain)}"


def _is_deliverable(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    try:
        # Replace each non-ASCII letter or digit with an ASCII letter, so the shape stays the same.
        shape = "".join("x" if _is_foreign_letter(each) else each for each in local)
        _validate_ascii(f"{shape}@{_reachable_domain(domain)}")
    except (ValidationError, ValueError):
        return False
    return len(local.encode()) <= _LONGEST_LOCAL and len(on_the_wire(address).encode()) <= _LONGEST


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    import idna  # loads tables of all scripts, which few processes need

    return idna.encode(domain, uts46=True).decode()


def _reachable_domain(domain: str) -> str:
    """Return the domain in ASCII. Raise ValueError for one that no mail goes to."""
    if domain.startswith("["):
        raise ValueError("an address of a machine, which may be one of ours")
    if "xn--" in domain.casefold():
        import idna  # as above

        idna.decode(domain)
    return _ascii_domain(domain)


def _is_foreign_letter(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character)[0] in "LMN"


def _fault_of_local(local: str) -> Fault | None:
    if not local:
        return Fault(FaultKind.NO_NAME)
    if "@" in local:
        return Fault(FaultKind.MANY_AT)
    if any(each.isspace() for each in local):
        return Fault(FaultKind.SPACE)
    for each in local:
        if not (_ASCII_LOCAL.match(each) or _is_foreign_letter(each)):
            return Fault(FaultKind.CHARACTER, each)
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return Fault(FaultKind.DOTS)
    return None


def _fault_of_domain(domain: str) -> Fault | None:
    if not domain:
        return Fault(FaultKind.NO_DOMAIN)
    if any(each.isspace() for each in domain):
        return Fault(FaultKind.SPACE)
    if "." not in domain and "," not in domain:
        return Fault(FaultKind.NO_DOT, domain)
    try:
        _validate_ascii(f"x@{_reachable_domain(domain)}")
    except (ValidationError, ValueError):
        return Fault(FaultKind.DOMAIN, domain)
    return None
