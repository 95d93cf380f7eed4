"""Records sign-ins and account changes in the audit trail: codes, nothing that was typed."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry
from portal.accounts import failures
from portal.accounts.failures import client_address
from portal.models import User

Kind = AuditEntry.Kind


# --- Told by signals ------------------------------------------------------------------------------


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    used = [
        "oidc" if record["method"] == "socialaccount" else record.get("type", record["method"])
        for record in get_authentication_records(request, user)
    ]
    method = "+".join(used)
    audit_trail.record_entry(Kind.SIGNED_IN, by=user, method=method, **client_address(request))


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit_trail.record_entry(Kind.SIGNED_OUT, by=user, **client_address(request))


@receiver(user_login_failed)
def _password_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    # The name that was typed is not kept: people type passwords there.
    account = User.objects.filter(username=credentials.get("username", "")).first()
    failures.record_failure(request, method="password", about=account)


@receiver(authentication_failed)
def _factor_failed(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    failures.record_failure(request, method=str(authenticator.type), about=user)


@receiver(authentication_step_completed)
def _confirmed(request: HttpRequest, user: User, method: str, **kwargs: Any) -> None:
    if kwargs.get("reauthenticated"):
        method = str(kwargs.get("type", method))
        audit_trail.record_entry(
            Kind.REAUTHENTICATED, by=user, method=method, **client_address(request)
        )


@receiver(authenticator_added)
def _factor_added(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor_changed(request, authenticator, "added")


@receiver(authenticator_removed)
def _factor_removed(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor_changed(request, authenticator, "removed")


@receiver(authenticator_reset)
def _codes_renewed(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor_changed(request, authenticator, "renewed")


def _factor_changed(request: HttpRequest, authenticator: Authenticator, change: str) -> None:
    audit_trail.record_entry(
        Kind.FACTOR_CHANGED,
        by=authenticator.user,
        method=str(authenticator.type),
        change=change,
        **client_address(request),
    )


@receiver(password_changed)
def _password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit_trail.record_entry(Kind.PASSWORD_CHANGED, by=user, **client_address(request))


# --- Told by name ---------------------------------------------------------------------------------


def record_trusted_browser(request: HttpRequest, user: User) -> None:
    audit_trail.record_entry(
        Kind.FACTOR_CHANGED, by=user, change="browser_trusted", **client_address(request)
    )


def record_ended_trust(user: User, *, why: str, count: int) -> None:
    audit_trail.record_entry(
        Kind.FACTOR_CHANGED, about=user, change="trust_ended", why=why, count=count
    )


def record_ended_sessions(user: User, *, why: str, count: int) -> None:
    audit_trail.record_entry(Kind.SESSION_ENDED, about=user, why=why, count=count)


def record_new_account(about: User, *, by: User | None) -> None:
    record_account_change(
        about,
        by=by,
        change="made",
        role=about.role,
        is_staff=about.is_staff,
        is_superuser=about.is_superuser,
    )


def record_account_change(about: User, *, by: User | None, **changes: Any) -> None:
    """Record `changes` by field: old and new value, or for names and addresses just “changed”."""
    audit_trail.record_entry(Kind.ACCOUNT_CHANGED, by=by, about=about, **changes)


def record_password_set(about: User, *, by: User | None) -> None:
    """Record a password set by somebody else, or by a command, which has no `by`."""
    audit_trail.record_entry(Kind.PASSWORD_CHANGED, by=by, about=about)


def record_password_reset(about: User, *, by: User) -> None:
    """Record that their password no longer works, and a link to set a new one goes out."""
    audit_trail.record_entry(Kind.PASSWORD_CHANGED, by=by, about=about, change="reset")


def record_password_by_link(user: User) -> None:
    audit_trail.record_entry(Kind.PASSWORD_CHANGED, by=user, method="link")


def record_factors_reset(
    about: User, *, count: int, unbound: bool = False, by: User | None = None
) -> None:
    """Record who reset them; a command has no `by`."""
    audit_trail.record_entry(
        Kind.FACTOR_CHANGED, by=by, about=about, change="reset", count=count, unbound=unbound
    )
