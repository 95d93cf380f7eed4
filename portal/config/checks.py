"""System checks for mistakes across settings, run before the site starts: `manage.py check`."""

from typing import Any

import phonenumbers
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from inquiries import privacy
from inquiries.outcomes import Outcome


@register(Tags.security)
def clinic_phone_can_be_dialed(**kwargs: Any) -> list[CheckMessage]:
    """Readers in trouble are told to call these numbers."""
    clinic = settings.CLINIC
    return [
        Error(
            f"{name} is {printed!r}, which a phone can't dial.",
            hint="Write it as dialed in the clinic's country, or with + and the country code.",
            id="portal.E001",
        )
        for name, printed in (
            ("CLINIC_PHONE", clinic.phone),
            ("CLINIC_TTY", clinic.tty),
            ("CLINIC_TEXT_NUMBER", clinic.text_number),
        )
        if not _can_be_dialed(printed, clinic.country)
    ]


def _can_be_dialed(printed: str, country: str) -> bool:
    try:
        return not printed or bool(phonenumbers.parse(printed, country))
    except phonenumbers.NumberParseException:
        return False


@register(Tags.security)
def hosts_are_named_one_by_one(**kwargs: Any) -> list[CheckMessage]:
    """Feeds, the sitemap and robots.txt name the host of their request, and caches keep them."""
    return [
        Error(
            f"ALLOWED_HOSTS contains {host!r}, which lets visitors choose the site's name.",
            hint="List each host in full.",
            id="portal.E002",
        )
        for host in settings.ALLOWED_HOSTS
        if host == "*" or host.startswith(".")
    ]


@register(Tags.security)
def every_outcome_is_kept_for_a_known_time(**kwargs: Any) -> list[CheckMessage]:
    """Without a retention period, a request would be kept forever."""
    said = settings.RETENTION_DAYS
    missing = [outcome for outcome in Outcome.values if outcome not in said]
    odd = [outcome for outcome in privacy.outcomes_without_retention() if outcome in said]
    unknown = [outcome for outcome in said if outcome not in Outcome.values]
    return [
        *(
            Error(
                f"RETENTION_DAYS doesn't say how long to keep a request that ended as {outcome!r}, "
                "so those are never erased.",
                hint="Add the outcome to RETENTION_DAYS in portal/settings.py, in days.",
                id="portal.E020",
            )
            for outcome in missing
        ),
        *(
            Error(
                f"RETENTION_DAYS keeps a request that ended as {outcome!r} for {said[outcome]!r} "
                "days, so those are never erased.",
                hint=f"Set it to a whole number of days from 1 to {privacy.MAX_RETENTION_DAYS}.",
                id="portal.E021",
            )
            for outcome in odd
        ),
        *(
            Error(
                f"RETENTION_DAYS lists {outcome!r}, which is not an outcome.",
                hint=f"Remove it, or use one of {', '.join(Outcome.values)}.",
                id="portal.E022",
            )
            for outcome in unknown
        ),
    ]


@register(Tags.security, deploy=True)
def limits_are_on(**kwargs: Any) -> list[CheckMessage]:
    """Limits may be off for load tests, and are then easily forgotten."""
    if settings.RATE_LIMITS_ENABLED:
        return []
    return [
        checks.Warning(
            "PORTAL_RATE_LIMITS is off, so nothing holds back someone who floods this site.",
            hint="Leave it unset, except for load tests.",
            id="portal.W001",
        )
    ]


@register(Tags.security)
def bounces_come_back_somewhere(**kwargs: Any) -> list[CheckMessage]:
    """Without a return address of its own, no email that comes back can be matched."""
    if settings.RETURN_ADDRESS or not (settings.BOUNCE_MAILBOX or settings.BOUNCE_SECRET):
        return []
    return [
        Error(
            "Bounced emails are to be read, but none has a return address of its own.",
            hint="Set PORTAL_BOUNCES to a domain for them: docs/operations/bounces.md.",
            id="portal.E030",
        )
    ]
