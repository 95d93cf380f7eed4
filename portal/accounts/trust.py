"""Browsers that are not asked for a code again today; the password is still required.

A cookie, signed for one account, marks the browser, and its row can be viewed and ended. The trust
holds only while the password and the second factors are the ones it was based on.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts import audit
from portal.models import TrustedBrowser, User

_MAX_AGENT = TrustedBrowser._meta.get_field("user_agent").max_length


def end_of_trust() -> datetime | None:
    """Return when trust given now would end; None where the operator allows none."""
    hours = settings.TRUSTED_BROWSER_HOURS
    return timezone.now() + timedelta(hours=hours) if hours else None


def trust_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    ends_at = end_of_trust()
    assert ends_at  # noqa: S101 - the form offers it only then
    secret = secrets.token_urlsafe(32)
    TrustedBrowser.objects.create(
        user=user,
        digest=_digest(secret),
        grounds=_grounds(user),
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:_MAX_AGENT],
        ends_at=ends_at,
    )
    response.set_signed_cookie(
        settings.TRUSTED_BROWSER_COOKIE,
        secret,
        salt=_salt(user),
        max_age=int((ends_at - timezone.now()).total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    audit.record_trusted_browser(request, user)


def is_trusted(request: HttpRequest, user: User) -> bool:
    return current_trust(request, user).exists()


def current_trust(request: HttpRequest, user: User) -> QuerySet[TrustedBrowser]:
    """The row of this browser, if this account trusts it."""
    secret = request.get_signed_cookie(
        settings.TRUSTED_BROWSER_COOKIE, default="", salt=_salt(user)
    )
    return trusted_browsers(user).filter(digest=_digest(secret or ""))


def trusted_browsers(user: User) -> QuerySet[TrustedBrowser]:
    """The browsers that are not asked for a code now, newest first."""
    if not settings.TRUSTED_BROWSER_HOURS:
        return TrustedBrowser.objects.none()
    rows = TrustedBrowser.objects.filter(
        user=user,
        grounds=_grounds(user),
        ends_at__gt=timezone.now(),
        # The operator may have shortened the time since.
        created_at__gt=timezone.now() - timedelta(hours=settings.TRUSTED_BROWSER_HOURS),
    )
    return rows.order_by("-created_at")


def end_trust(user: User, why: str, rows: QuerySet[TrustedBrowser] | None = None) -> int:
    """Require a code again in all of the account's browsers, or in `rows`; return how many."""
    rows = TrustedBrowser.objects.filter(user=user) if rows is None else rows
    ended: int = TrustedBrowser.objects.filter(
        pk__in=list(rows.values_list("pk", flat=True))
    ).delete()[0]
    if ended:
        audit.record_ended_trust(user, why=why, count=ended)
    return ended


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _salt(user: User) -> str:
    return f"trusted browser of {user.pk}"


def _grounds(user: User) -> str:
    """A hash that changes with the password, each factor and each set of recovery codes."""
    rows = Authenticator.objects.filter(user_id=user.pk).order_by("pk")
    factors: list[Any] = list(rows.values_list("pk", "type", "created_at"))
    said = repr((str(user.pk), user.password, factors))
    return salted_hmac("portal.accounts.trust", said, algorithm="sha256").hexdigest()
