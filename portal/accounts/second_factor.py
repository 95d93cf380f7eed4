"""The second factor: what counts as one, and how its secrets are kept."""

import base64
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.db.models.signals import post_init, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from inquiries import encryption
from inquiries.keyring import Purpose, purpose_key
from portal.accounts import users
from portal.models import User

#: What people can sign in with. Recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
#: How allauth records a second factor among the methods that opened a session.
_METHOD = "mfa"
_ELSEWHERE = "identity_provider"
_TRUSTED = "trusted_browser"
_CONTEXT = "staff second factor"
#: Separates the account from what was sealed for it: not in the base64 alphabet.
_MARK = ":"
#: Where secrets are in a row's data, and which types of rows have them.
_SECRETS = ("secret", "seed")
_SEALED_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def is_set_up(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def has_recovery_codes(user: User) -> bool:
    """Whether the account has a set of recovery codes, used up or not."""
    codes = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)
    return bool(codes.exists())


def is_last_factor(authenticator: Authenticator) -> bool:
    """Whether its owner has no other factor to sign in with."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def is_verified(request: HttpRequest) -> bool:
    """Whether this session passed a second factor: a code, a passkey, or one shown elsewhere."""
    records = get_authentication_records(request, users.current_user(request))
    return any(record.get("method") == _METHOD for record in records)


def is_verified_by_provider(request: HttpRequest, user: User) -> bool:
    """Whether the clinic's identity provider asserted one, and is trusted to do so."""
    records = get_authentication_records(request, user)
    return any(record.get("type") == _ELSEWHERE for record in records)


def record_verified(request: HttpRequest, authenticator: Authenticator) -> None:
    """Setting up a first factor proves possession, so nobody has to show it again right away."""
    record_authentication(
        request, authenticator.user, _METHOD, id=authenticator.pk, type=str(authenticator.type)
    )


def record_verified_by_provider(request: HttpRequest, user: User) -> None:
    record_authentication(request, user, _METHOD, type=_ELSEWHERE)


def record_trusted_browser(request: HttpRequest, user: User) -> None:
    record_authentication(request, user, _METHOD, type=_TRUSTED)


def is_by_trust_alone(request: HttpRequest) -> bool:
    """Whether this session was opened in a trusted browser, and no factor was shown since."""
    records = get_authentication_records(request, users.current_user(request))
    shown = {record.get("type") for record in records if record.get("method") == _METHOD}
    return shown == {_TRUSTED}


# --- Secrets --------------------------------------------------------------------------------------


def seal_secret(secret: str, *, account: Any = None) -> str:
    """Seal the secret of an app, or the seed of recovery codes, as the database keeps it.

    `account` is its owner's primary key: sealed with that, the secret opens for nobody else.
    """
    key, context = purpose_key(Purpose.SECOND_FACTOR), _context(account)
    sealed = base64.b64encode(encryption.seal(secret, key=key, context=context)).decode()
    return sealed if account is None else f"{account}{_MARK}{sealed}"


def unseal_secret(sealed: str) -> str:
    """Raise SealBroken if it is not what was sealed, or was sealed for somebody else."""
    account, mark, rest = sealed.rpartition(_MARK)
    return encryption.unseal(
        base64.b64decode(rest),
        key=purpose_key(Purpose.SECOND_FACTOR),
        context=_context(account if mark else None),
    )


def _context(account: Any) -> str:
    # The first release sealed without the account.
    return _CONTEXT if account is None else f"{_CONTEXT} of {account}"


def bind_secrets() -> int:
    """Reseal what the first release sealed without an account; return how many rows there were."""
    bound = 0
    for key in Authenticator.objects.filter(type__in=_SEALED_TYPES).values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            if row and _has_unbound(row):
                row.save(update_fields=["data"])
                bound += 1
    return bound


def _has_unbound(row: Authenticator) -> bool:
    return any(_MARK not in row.data[name] for name in _SECRETS if name in row.data)


@receiver(post_init, sender=Authenticator)
def _claim_secrets(instance: Authenticator, **kwargs: Any) -> None:
    """A secret that was sealed for another account and copied into this row will not open."""
    for name in _SECRETS:
        sealed = instance.__dict__.get("data", {}).get(name, "")
        if _MARK in sealed:
            instance.data[name] = f"{instance.user_id}{_MARK}{sealed.rpartition(_MARK)[2]}"


@receiver(pre_save, sender=Authenticator)
def _bind_secrets(
    instance: Authenticator, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """django-allauth doesn't say which account it seals for; here the account is known."""
    if update_fields is None or "data" in update_fields:
        for name in _SECRETS:
            sealed = instance.data.get(name, "")
            if sealed and _MARK not in sealed:
                secret = unseal_secret(sealed)
                instance.data[name] = seal_secret(secret, account=instance.user_id)


@transaction.atomic
def use_code(app: Authenticator, code: str) -> bool:
    """Use up a valid code of an authenticator app; False if it was used before (RFC 6238, 5.2).

    allauth remembers used codes in the cache, and for only half a minute: too short for codes that
    may arrive late, and gone when the cache is.
    """
    app = Authenticator.objects.select_for_update().get(pk=app.pk)
    secret = unseal_secret(app.data["secret"])
    digits = "".join(filter(str.isdigit, code))
    steps = [
        step
        for step in yield_hotp_counters_from_time()
        if format_hotp_value(hotp_value(secret, step)) == digits
    ]
    if not steps or max(steps) <= app.data.get("last_step", -1):
        return False
    app.data["last_step"] = max(steps)
    app.save(update_fields=["data"])
    return True
