"""Mistakes across settings, found before the site starts: `manage.py check`."""

from typing import Any

from django.conf import settings
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
