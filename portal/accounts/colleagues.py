"""What leads do with the accounts of coordinators: make, deactivate, reactivate, and reset.

Leads manage only accounts below their own role: never those of leads, privacy officers, editors,
reviewers, or superusers, and never their own. They cannot change a role, a name, or an email
address, so that a link to set a password goes only where a superuser, or whoever made the account,
said. Each act is in the audit trail, ends all sessions where it takes something away, and is told
to the address of the account.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from inquiries.mail import staff_notices
from inquiries.models import Notice
from portal.accounts import audit, second_factor, sessions, words
from portal.models import Role, User

#: The roles below that of a lead.
MANAGED_ROLES = (Role.COORDINATOR,)
_MANAGED = Q(role__in=MANAGED_ROLES, is_staff=True, is_superuser=False)


class ActRefused(Exception):
    """An act that is not possible now. Its text is a sentence for staff."""


def may_manage_accounts(user: User) -> bool:
    return user.is_active and (user.role == Role.LEAD or user.is_superuser)


def managed_accounts(by: User) -> QuerySet[User]:
    """The accounts that this lead may manage, by name; none for anyone else.

    Each is loaded with `has_factor`: whether a second factor is set up, and `email_fails`: whether
    the last email to it came back or was refused.
    """
    if not may_manage_accounts(by):
        return User.objects.none()
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.FACTORS)
    found = User.objects.filter(_MANAGED).exclude(pk=by.pk).annotate(has_factor=Exists(factors))
    last = Subquery(staff_notices.last_state(OuterRef("pk")))
    found = found.annotate(last_notice=last).annotate(email_fails=Q(last_notice="failed"))
    return found.order_by("-is_active", "last_name", "first_name", "username")


@transaction.atomic
def make_account(account: User, *, by: User) -> User:
    """Store a new coordinator's account, without a password, and send them a link to set one.

    Raise PermissionDenied unless `by` is a lead now. The form has validated the rest.
    """
    _lock_lead(by)
    account.role, account.is_staff, account.is_superuser = Role.COORDINATOR, True, False
    account.set_unusable_password()
    account.save(force_insert=True)
    audit.record_new_account(account, by=by)
    _tell(account, Notice.Kind.ACCOUNT_NEW)
    return account


@transaction.atomic
def deactivate(account: User, *, by: User) -> None:
    """Their sessions end at once; the sweep puts their requests back in the queue."""
    _set_active(account, is_active=False, by=by)


@transaction.atomic
def reactivate(account: User, *, by: User) -> None:
    _set_active(account, is_active=True, by=by)


@transaction.atomic
def reset_factor(account: User, *, by: User) -> None:
    """Remove apps, passkeys, and recovery codes; at the next sign-in they set up a new one."""
    account = _lock_account(account, by=by)
    _, removed = Authenticator.objects.filter(user=account).delete()
    sessions.end_everything(account, why="factor_reset")
    audit.record_factors_reset(account, count=sum(removed.values()), by=by)
    _tell(account, Notice.Kind.FACTOR_RESET)


@transaction.atomic
def reset_password(account: User, *, by: User) -> None:
    """End their password and send a link to set a new one. Raise ActRefused if none can go out."""
    account = _lock_account(account, by=by)
    if not settings.EMAIL_IS_SET:
        raise ActRefused(words.NO_MAIL)
    if not account.email:
        raise ActRefused(words.NO_ADDRESS % {"who": account})
    if not account.is_active:
        raise ActRefused(words.NOT_ACTIVE % {"who": account})
    account.set_unusable_password()
    account.save(update_fields=["password"])
    sessions.end_everything(account, why="password_changed")
    audit.record_password_reset(account, by=by)
    _tell(account, Notice.Kind.PASSWORD_LINK)


def _set_active(account: User, *, is_active: bool, by: User) -> None:
    """Change nothing, and tell nobody, if it is so already."""
    account = _lock_account(account, by=by)
    if account.is_active == is_active:
        return
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    changes: dict[str, Any] = {"is_active": [not is_active, is_active]}
    audit.record_account_change(account, by=by, **changes)
    _tell(account, Notice.Kind.ACCOUNT_ON if is_active else Notice.Kind.ACCOUNT_OFF)


def _lock_lead(by: User) -> None:
    """Raise PermissionDenied if they are no lead anymore: the page may be older than that."""
    if not may_manage_accounts(User.objects.select_for_update().get(pk=by.pk)):
        raise PermissionDenied


def _lock_account(account: User, *, by: User) -> User:
    """Return the account as it is now, locked. Raise PermissionDenied if they may not manage it.

    On SQLite, the transaction has the only write lock already.
    """
    _lock_lead(by)
    managed = User.objects.select_for_update().filter(_MANAGED, pk=account.pk).exclude(pk=by.pk)
    current = managed.first()
    if current is None:
        raise PermissionDenied
    return current


def _tell(account: User, kind: Notice.Kind) -> None:
    staff_notices.queue_notice(kind, None, [account])
