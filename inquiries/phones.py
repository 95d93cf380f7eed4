"""Telephone numbers, in whatever shape people write them."""

import phonenumbers
from django.conf import settings


def e164(typed: str) -> str:
    """The number for machines (ITU-T E.164), without extension; empty where none could be dialled.

    Read as it is dialled in the clinic's country.
    """
    try:
        number = phonenumbers.parse(typed, settings.CLINIC.country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
