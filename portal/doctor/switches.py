"""Checks of settings that are only right for the demo, for load tests, or while developing."""

from django.conf import settings
from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)

from portal.config import environment
from portal.doctor import Problem, check


def _unless_demo(what: str, what_to_do: str) -> Problem:
    """In the demo, which serves only its own machine, each of these was chosen on purpose."""
    is_demo = environment.is_demo(settings.DATA_DIR)
    return Problem(what, what_to_do, is_advice=is_demo)


@check
def debug_is_off() -> Problem | None:
    if not settings.DEBUG:
        return None
    return Problem(
        "DEBUG is on. An error shows visitors the settings and what others have sent.",
        "Remove DEBUG, and restart.",
    )


@check
def secret_key_is_strong() -> Problem | None:
    """As long and as mixed as Django's own deploy check asks for (security.W009)."""
    key = settings.SECRET_KEY
    is_long = len(key) >= SECRET_KEY_MIN_LENGTH
    is_mixed = len(set(key)) >= SECRET_KEY_MIN_UNIQUE_CHARACTERS
    if is_long and is_mixed and not key.startswith(SECRET_KEY_INSECURE_PREFIX):
        return None
    return Problem(
        "SECRET_KEY is weak. Whoever guesses it can forge sign-ins and links.",
        "Set it to 50 or more random characters; portal.config.new_secrets makes one.",
    )


@check
def staff_need_a_second_factor() -> Problem | None:
    if settings.STAFF_MFA_REQUIRED:
        return None
    return _unless_demo(
        "STAFF_MFA is optional, so a stolen password alone opens patients' requests.",
        "Remove STAFF_MFA, or set it to required.",
    )


@check
def rate_limits_are_on() -> Problem | None:
    if settings.RATE_LIMITS_ENABLED:
        return None
    return _unless_demo(
        "PORTAL_RATE_LIMITS is off, so nothing holds back someone who floods this site.",
        "Remove it. It is for load tests only.",
    )


@check
def https_is_on() -> Problem | None:
    if settings.HTTPS:
        return None
    return _unless_demo(
        "PORTAL_HTTPS is off, so requests and sign-ins can be read on their way.",
        "Remove it, and put a proxy with a certificate in front.",
    )


@check
def clinic_says_who_it_is() -> Problem | None:
    missing = settings.CLINIC.untold()
    if not missing:
        return None
    return Problem(
        f"Readers are not told everything about the clinic: {', '.join(missing)} not set.",
        "Set each to a short paragraph for readers. docs/operations/settings.md says what belongs "
        "in it.",
        is_advice=True,
    )
