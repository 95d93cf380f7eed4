"""The reference of a request: what a patient writes down and reads to us over the phone.

Twelve characters in groups of four. There are no vowels, so that no words appear. Of characters
that look or sound alike (B and 8, V and B, S and F, N and M, Z and 2), at most one is used. The
last is an ISO 7064 check character (pure system, modulus 23): because 23 is prime, it catches any
one wrong character and any swap of two neighboring ones.
"""

import hashlib

from django.utils.crypto import salted_hmac
from stdnum.iso7064 import mod_37_2

from articles.text_cleaning import clean_code

ALPHABET = "23456789CDFHJKLMPQRTWXY"
_LENGTH = 11
_GROUP = 4
#: A beginning of fewer characters would match too many.
_SHORTEST_BEGINNING = 4


def reference_for(key: str, attempt: int = 0) -> str:
    """Return the reference for an idempotency key; the same key always gives the same reference.

    `attempt` gives another one if the first is taken, which happens in about one of 2,000
    installations with a million requests each.
    """
    digest = salted_hmac("inquiries.reference", f"{attempt}:{key}", algorithm="sha256").digest()
    number = int.from_bytes(digest)
    characters = ""
    for _ in range(_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        characters += ALPHABET[index]
    return _grouped(characters + mod_37_2.calc_check_digit(characters, alphabet=ALPHABET))


def digest_key(key: str) -> str:
    """Return the hash (SHA-256) that identifies a form's idempotency key."""
    return hashlib.sha256(key.encode()).hexdigest()


def parse_reference(typed: str) -> str | None:
    """Return the reference in our format, whatever its case and spacing; None if invalid."""
    characters = "".join(
        character for character in clean_code(typed).upper() if character.isalnum()
    )
    if len(characters) != _LENGTH + 1 or not set(characters) <= set(ALPHABET):
        return None
    if mod_37_2.checksum(characters, alphabet=ALPHABET) != 1:
        return None
    return _grouped(characters)


def parse_beginning(typed: str) -> str | None:
    """Return the beginning of a reference in our format; None if none begins so."""
    characters = "".join(
        character for character in clean_code(typed).upper() if character.isalnum()
    )
    is_some = _SHORTEST_BEGINNING <= len(characters) <= _LENGTH
    return _grouped(characters) if is_some and set(characters) <= set(ALPHABET) else None


def _grouped(characters: str) -> str:
    return "-".join(
        characters[start : start + _GROUP] for start in range(0, len(characters), _GROUP)
    )
