"""Sealing: encryption of health information before the database sees it.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. Each request has its own data key, which
is wrapped by the newest of FIELD_KEYS. The context (which model, field, and request) is
authenticated with each value, so that a value moved elsewhere does not open.
"""

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_NONCE_BYTES = 12
# The first byte of every sealed value, so that another cipher can follow one day.
_FORMAT = b"\x01"
# Encryption does not hide lengths: text such as a name is padded to steps of this many bytes.
_BLOCK = 32


class KeyRefused(ImproperlyConfigured):
    """FIELD_KEYS do not include the key that wrapped something, or that key is wrong."""


class SealBroken(Exception):
    """A sealed value was changed, cut short, or moved from where it was sealed."""


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


# --- Keys, wrapped by FIELD_KEYS ------------------------------------------------------------------


def newest_key_id() -> str:
    return _key_id(settings.FIELD_KEYS[0])


def known_key_ids() -> list[str]:
    """Return the ids of all FIELD_KEYS, newest first."""
    return [_key_id(key) for key in settings.FIELD_KEYS]


def wrap(key: bytes, *, context: str) -> bytes:
    """Wrap the key with the newest of FIELD_KEYS; store `newest_key_id()` beside it."""
    return _encrypt(settings.FIELD_KEYS[0], key, context)


def unwrap(wrapped: bytes, *, by: str, context: str) -> bytes:
    """Return the unwrapped key. Raise KeyRefused if FIELD_KEYS do not open it."""
    for key in settings.FIELD_KEYS:
        if _key_id(key) == by:
            try:
                return _decrypt(key, wrapped, context)
            except SealBroken as broken:
                raise KeyRefused(f"The key {by} of FIELD_KEYS does not open {context}.") from broken
    raise KeyRefused(
        f"Something was sealed with the key {by}, which is not among FIELD_KEYS "
        f"({', '.join(known_key_ids())}). Add that key again, after the newest."
    )


@lru_cache(maxsize=32)
def _key_id(key: bytes) -> str:
    """Return the id stored beside whatever the key wrapped; it reveals nothing about the key."""
    return hashlib.sha256(b"care portal field key\x00" + key).hexdigest()[:8]


def derived_keys(purpose: str) -> dict[str, bytes]:
    """Return a key made from each of FIELD_KEYS, by its id, for what must open without a database.

    HMAC-SHA-256 as the pseudorandom function of NIST SP 800-108: none reveals another, or the key
    that it was made from.
    """
    return {_key_id(key): _derive(key, purpose) for key in settings.FIELD_KEYS}


@lru_cache(maxsize=32)
def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"care portal derived key\x00" + purpose.encode(), "sha256")


# --- Text, sealed by a data key -------------------------------------------------------------------


def seal(text: str, *, key: bytes, context: str) -> bytes:
    """Encrypt the text, padded with NULs. Raise ValueError if it has a NUL; no form accepts one."""
    if "\x00" in text:
        raise ValueError("A NUL character cannot be sealed.")
    plain = text.encode()
    return _encrypt(key, plain + b"\x00" * (-len(plain) % _BLOCK), context)


def unseal(sealed: bytes, *, key: bytes, context: str) -> str:
    """Decrypt the text. Raise SealBroken if it was not sealed in this context with this key."""
    return _decrypt(key, sealed, context).rstrip(b"\x00").decode()


def _encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _FORMAT:
        raise SealBroken(f"{context}: not a sealed value.")
    try:
        return AESGCM(key).decrypt(nonce, rest, context.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"{context} was changed, or moved from elsewhere.") from error
