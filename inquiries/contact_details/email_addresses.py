"""E-mail addresses in any script: what is wrong with one, and how mail servers are told it.

Letters before the @ go out as they are, where the next server takes them (SMTPUTF8, RFC 6531).
Letters after it are written in ASCII on the wire (RFC 5891), which every server takes.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

#: Octets, of which one is for each bracket around an address (RFC 5321, 4.5.3.1).
_LONGEST = 254
_LONGEST_LOCAL = 64
#: What stands before the @ without quotes, in ASCII (RFC 5322, 3.2.3).
_ASCII_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]")
_validate_ascii = EmailValidator()


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
    """What no mail server could deliver to, and the part of the address that says so."""

    kind: FaultKind
    part: str = ""


def compose(typed: str) -> str:
    """With each letter and its marks as one sign, as mail servers compare them."""
    return unicodedata.normalize("NFC", typed)


def find_fault(address: str) -> Fault | None:
    """The first thing that keeps mail from ever reaching this address; None where nothing does."""
    local, at, domain = address.rpartition("@")
    if not at:
        return Fault(FaultKind.NO_AT)
    if _is_deliverable(address):
        return None
    return _fault_of_local(local) or _fault_of_domain(domain) or Fault(FaultKind.LONG)


def needs_smtputf8(address: str) -> bool:
    """Whether only a mail server that announces SMTPUTF8 can be given this address."""
    return not address.rpartition("@")[0].isascii()


def on_the_wire(address: str) -> str:
    """The address as a mail server is told it. Raise ValueError for a domain that cannot be."""
    local, at, domain = compose(address).rpartition("@")
    return f"{local}{at}{_ascii_domain(domain)}"


def _is_deliverable(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    try:
        # What is not ASCII and a letter or digit stands for one in ASCII: the shape is the same.
        shape = "".join("x" if _is_foreign_letter(each) else each for each in local)
        _validate_ascii(f"{shape}@{_ascii_domain(domain)}")
    except (ValidationError, ValueError):
        return False
    return len(local.encode()) <= _LONGEST_LOCAL and len(on_the_wire(address).encode()) <= _LONGEST


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    import idna  # tables of all scripts, which hardly a process needs

    return idna.encode(domain, uts46=True).decode()


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
    if "." not in domain:
        return Fault(FaultKind.NO_DOT, domain)
    try:
        _validate_ascii(f"x@{_ascii_domain(domain)}")
    except (ValidationError, ValueError):
        return Fault(FaultKind.DOMAIN, domain)
    return None
