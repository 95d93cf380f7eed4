"""Mistakes across settings, found before the site starts: `manage.py check`."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from phonenumbers import NumberParseException


@register(Tags.security)
def clinic_phone_can_be_dialled(**kwargs: Any) -> list[CheckMessage]:
    """Readers in trouble are told to call it."""
    try:
        _ = settings.CLINIC.phone_href
    except NumberParseException:
        return [
            Error(
                f"CLINIC_PHONE is {settings.CLINIC.phone!r}, which no phone can dial.",
                hint="Set it as it is dialled in the clinic's country, or with + and its code.",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security)
def hosts_are_named_one_by_one(**kwargs: Any) -> list[CheckMessage]:
    """Feeds, the sitemap and robots.txt name the host they were asked by, and caches keep them."""
    return [
        Error(
            f"ALLOWED_HOSTS holds {host!r}, which lets a visitor choose the site's name.",
            hint="Name each host in full.",
            id="portal.E002",
        )
        for host in settings.ALLOWED_HOSTS
        if host == "*" or host.startswith(".")
    ]


@register(Tags.security, deploy=True)
def limits_are_on(**kwargs: Any) -> list[CheckMessage]:
    """They may be off to measure, and are easily forgotten so."""
    if settings.RATE_LIMITS:
        return []
    return [
        checks.Warning(
            "PORTAL_RATE_LIMITS is off: whoever floods this site is not held back.",
            hint="Leave it unset, except while you measure.",
            id="portal.W001",
        )
    ]
