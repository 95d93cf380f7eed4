"""The second factor: what counts as one, and how its secrets are kept."""

import base64

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.http import HttpRequest

from inquiries import encryption
from inquiries.keyring import Purpose, purpose_key
from portal.accounts import users
from portal.models import User

#: What she can sign in with. Recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
#: How allauth notes a second factor among what a session was opened with.
_METHOD = "mfa"
_ELSEWHERE = "identity_provider"
_CONTEXT = "staff second factor"


def is_set_up(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def is_last_factor(authenticator: Authenticator) -> bool:
    """Whether she has no other to sign in with."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def is_verified(request: HttpRequest) -> bool:
    """Whether this session passed a second factor: a code, a passkey, or one shown elsewhere."""
    records = get_authentication_records(request, users.current_user(request))
    return any(record.get("method") == _METHOD for record in records)


def is_verified_by_provider(request: HttpRequest, user: User) -> bool:
    """Whether the clinic's identity provider asserted it, and is trusted with that."""
    records = get_authentication_records(request, user)
    return any(record.get("type") == _ELSEWHERE for record in records)


def record_verified(request: HttpRequest, authenticator: Authenticator) -> None:
    """Setting up her first factor proves that she holds it: nobody is asked twice in a minute."""
    record_authentication(
        request, authenticator.user, _METHOD, id=authenticator.pk, type=str(authenticator.type)
    )


def record_verified_by_provider(request: HttpRequest, user: User) -> None:
    record_authentication(request, user, _METHOD, type=_ELSEWHERE)


# --- Secrets --------------------------------------------------------------------------------------


def seal_secret(secret: str) -> str:
    """As the database keeps the secret of an app, or the seed of recovery codes."""
    sealed = encryption.seal(secret, key=purpose_key(Purpose.SECOND_FACTOR), context=_CONTEXT)
    return base64.b64encode(sealed).decode()


def unseal_secret(sealed: str) -> str:
    """Raise SealBroken where it is not what was sealed."""
    return encryption.unseal(
        base64.b64decode(sealed), key=purpose_key(Purpose.SECOND_FACTOR), context=_CONTEXT
    )


@transaction.atomic
def use_code(app: Authenticator, code: str) -> bool:
    """Use up a right code of an authenticator app; False where it was used before (RFC 6238, 5.2).

    allauth notes used codes in the cache, and for half a minute only: too short for codes that may
    come late, and gone with the cache.
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
