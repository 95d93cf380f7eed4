"""A return address of its own for each mail: the envelope sender, to which a server sends it back.

It names the mail, the inbox, and the day, encrypted and authenticated as one: nobody but us can
read one, or make one up.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from inquiries.contact_details import inboxes
from inquiries.keyring import purpose_key
from inquiries.models import BounceCount, Delivery, Notice, PurposeKey
from inquiries.models.ledger_chain import keyed_hash
from inquiries.search import lookup

Result = BounceCount.Result
#: How long one holds. Mail servers give up after about five days; notices are kept for 30.
LIFETIME = timedelta(days=30)
#: Days are counted from here, in UTC.
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
#: Bytes of each part, in order: whether it is a notice, the id, how many more ids, inbox, day.
_SIZES = (1, 6, 3, 3, 2)
_INBOX_BYTES = 3
_TAG_BYTES = 16
#: In base32 (RFC 4648) and small letters, because servers may change the case.
_TOKEN = re.compile(r"(?<![a-z2-7])([a-z2-7]{24})\.([a-z2-7]{26})(?![a-z2-7])", re.IGNORECASE)
#: A mail that names more has been made up.
_MOST_TRIED = 20
_CONTEXT = [b"care portal return address"]


@dataclass(frozen=True)
class SentMail:
    """What a return address names: one delivery, or a colleague's notices in one mail."""

    is_notice: bool
    first: int
    last: int
    #: From `mark_inbox`.
    inbox: bytes
    sent_at: datetime


class Unmatched(Exception):
    """No return address that holds. `result` says why."""

    def __init__(self, result: BounceCount.Result) -> None:
        super().__init__(result)
        self.result = result


def return_delivery(mail: EmailMultiAlternatives, delivery: Delivery, email: str) -> None:
    """Have a mail to a sender come back to an address of its own, if the operator set one."""
    _set_return(mail, is_notice=False, ids=[delivery.pk], email=email)


def return_notices(mail: EmailMultiAlternatives, notices: Sequence[Notice], email: str) -> None:
    """The same for the mail that tells a colleague of these notices."""
    _set_return(mail, is_notice=True, ids=[each.pk for each in notices], email=email)


def _set_return(
    mail: EmailMultiAlternatives, *, is_notice: bool, ids: list[int], email: str
) -> None:
    if not settings.RETURN_ADDRESS:
        return
    token = _write_token(SentMail(is_notice, min(ids), max(ids), mark_inbox(email), timezone.now()))
    local, _, domain = settings.RETURN_ADDRESS.partition("@")
    mail.extra_headers["From"] = mail.from_email
    mail.from_email = f"{local}+{token}@{domain}"
    if settings.BOUNCE_SECRET:
        # Providers put an envelope sender of their own there, and report these instead.
        mail.extra_headers |= {
            "X-PM-Metadata-Bounce": token,
            "X-Mailgun-Variables": json.dumps({"bounce": token}),
            "X-SMTPAPI": json.dumps({"unique_args": {"bounce": token}}),
        }


def mark_inbox(email: str) -> bytes:
    """Return three bytes of a keyed hash, enough to see whether an address has been changed."""
    return lookup.email_digest(inboxes.inbox_of(email))[:_INBOX_BYTES] if email else b""


def _write_token(mail: SentMail) -> str:
    more = min(mail.last - mail.first, 256 ** _SIZES[2] - 1)
    day = (mail.sent_at - _FIRST_DAY).days
    numbers = (mail.is_notice, mail.first, more, int.from_bytes(mail.inbox), day)
    plain = b"".join(int(each).to_bytes(size) for each, size in zip(numbers, _SIZES, strict=True))
    sealed = _cipher(purpose_key(PurposeKey.Purpose.CHAIN)).encrypt(plain, _CONTEXT)
    return f"{_in_letters(sealed[_TAG_BYTES:])}.{_in_letters(sealed[:_TAG_BYTES])}"


def find_mail(texts: Iterable[str]) -> SentMail:
    """Return the mail named by a return address in these texts. Raise Unmatched."""
    result = Result.UNSIGNED
    found = (match for text in texts for match in _TOKEN.finditer(text))
    for _, match in zip(range(_MOST_TRIED), found, strict=False):
        mail = _read_token(match[1], match[2])
        if mail is None:
            result = Result.FORGED
        elif timezone.now() - mail.sent_at > LIFETIME + timedelta(days=1):  # the day it began
            raise Unmatched(Result.EXPIRED)
        else:
            return mail
    raise Unmatched(result)


def _read_token(content: str, tag: str) -> SentMail | None:
    try:
        sealed = _from_letters(tag) + _from_letters(content)
        plain = _cipher(purpose_key(PurposeKey.Purpose.CHAIN)).decrypt(sealed, _CONTEXT)
    except (InvalidTag, binascii.Error):
        return None
    numbers = []
    for size in _SIZES:
        numbers.append(int.from_bytes(plain[:size]))
        plain = plain[size:]
    is_notice, first, more, inbox, day = numbers
    return SentMail(
        bool(is_notice),
        first,
        first + more,
        inbox.to_bytes(_INBOX_BYTES),
        _FIRST_DAY + timedelta(days=day),
    )


@lru_cache(maxsize=2)
def _cipher(key: bytes) -> AESSIV:
    """Return AES-SIV (RFC 5297) with a key of its own, derived from this one."""
    return AESSIV(bytes.fromhex(keyed_hash(key, ["return address"])))


def _in_letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").lower()


def _from_letters(letters: str) -> bytes:
    return base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
