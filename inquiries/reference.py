"""The reference of a request: what a patient writes down and reads to us over the phone.

Twelve characters in groups of four. No vowel, so that no word appears; and of characters that are
taken for each other by eye or by ear (B and 8, V and B, S and F, N and M, Z and 2) at most one. The
last is a check character after ISO 7064, pure system, with modulus 23: because that is a prime, any
one wrong character and any two neighbours swapped are noticed.
"""

import hashlib

from django.utils.crypto import salted_hmac

from articles.text_cleaning import clean_code

ALPHABET = "23456789CDFHJKLMPQRTWXY"
_LENGTH = 11
_GROUP = 4


def reference_for(key: str, attempt: int = 0) -> str:
    """The reference of the request sent with this idempotency key: the same key, the same one.

    `attempt` gives another where the first is taken: in about one of 2,000 installations with a
    million requests each.
    """
    digest = salted_hmac("inquiries.reference", f"{attempt}:{key}", algorithm="sha256").digest()
    number = int.from_bytes(digest)
    characters = ""
    for _ in range(_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        characters += ALPHABET[index]
    return _grouped(characters + ALPHABET[(1 - 2 * _checksum(characters)) % len(ALPHABET)])


def digest_key(key: str) -> str:
    """By which a form's idempotency key is known again; SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()


def parse_reference(typed: str) -> str | None:
    """The reference as we write it, from whatever case and spacing; None where it cannot be one."""
    characters = "".join(
        character for character in clean_code(typed).upper() if character.isalnum()
    )
    if len(characters) != _LENGTH + 1 or not set(characters) <= set(ALPHABET):
        return None
    if _checksum(characters) != 1:
        return None
    return _grouped(characters)


def _checksum(characters: str) -> int:
    """ISO 7064, pure system with radix 2: 1 where the check character fits."""
    total = 0
    for character in characters:
        total = (2 * total + ALPHABET.index(character)) % len(ALPHABET)
    return total


def _grouped(characters: str) -> str:
    return "-".join(
        characters[start : start + _GROUP] for start in range(0, len(characters), _GROUP)
    )
