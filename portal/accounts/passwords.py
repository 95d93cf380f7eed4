"""Passwords that a guess would find."""

import string
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from portal.accounts import words

_AROUND = frozenset(string.digits + string.punctuation)
# More is not tried at either end: nobody adds so many, and a long password must cost no more.
_MOST_ADDED = 16


class StretchedPasswordValidator(CommonPasswordValidator):
    """Refuses a common password made long enough: repeated, or with digits and signs around it.

    At twelve characters few of the commonest are left as they are; these are what people make of
    them (OWASP ASVS 5.0, 6.2.4). What the site is called is as easily guessed (6.2.11).
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
    """What is left without some of the digits and signs before and after it."""
    for start in range(_run(text) + 1):
        rest = text[start:]
        for end in range(_run(rest[::-1]) + 1):
            if core := rest[: len(rest) - end]:
                yield core


def _run(text: str) -> int:
    """How many digits and signs it begins with."""
    first_other = (place for place, sign in enumerate(text) if sign not in _AROUND)
    return min(next(first_other, len(text)), _MOST_ADDED)


def _units(text: str) -> Iterator[str]:
    """What `text` repeats from end to end: of “lupuslupus” itself and “lupus”."""
    for times in range(1, len(text) + 1):
        length, rest = divmod(len(text), times)
        if not rest and text[:length] * times == text:
            yield text[:length]
