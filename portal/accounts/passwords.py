"""Rejects passwords that are easy to guess."""

import string
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from portal.accounts import words

_AROUND = frozenset(string.digits + string.punctuation)
# No more is stripped at either end: nobody adds so many, and a long password must cost no more.
_MOST_ADDED = 16


class StretchedPasswordValidator(CommonPasswordValidator):
    """Rejects a common password made longer: repeated, or with digits and punctuation around it.

    Few of the most common passwords reach twelve characters; these are what people make of them
    (OWASP ASVS 5.0, 6.2.4). The site's name is just as easy to guess (6.2.11).
    """

    def validate(self, password: str, user: Any = None) -> None:
        names = {"careportal", "".join(settings.CLINIC.name.lower().split())}
        cores = _cores("".join(password.lower().split()))
        if any(word in self.passwords or word in names for core in cores for word in _units(core)):
            raise ValidationError(
                words.COMMON_PASSWORD,
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return str(words.PASSWORD_HINT)


def _cores(text: str) -> Iterator[str]:
    """Yield what is left after removing some of the digits and punctuation at both ends."""
    for start in range(_run(text) + 1):
        rest = text[start:]
        for end in range(_run(rest[::-1]) + 1):
            if core := rest[: len(rest) - end]:
                yield core


def _run(text: str) -> int:
    """Return how many digits and punctuation marks it begins with."""
    first_other = (place for place, sign in enumerate(text) if sign not in _AROUND)
    return min(next(first_other, len(text)), _MOST_ADDED)


def _units(text: str) -> Iterator[str]:
    """Yield what `text` repeats from end to end: for “lupuslupus”, itself and “lupus”."""
    for times in range(1, len(text) + 1):
        length, rest = divmod(len(text), times)
        if not rest and text[:length] * times == text:
            yield text[:length]
