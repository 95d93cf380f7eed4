"""Staff accounts."""

from itertools import count
from typing import Any

from django.utils import timezone

from portal.accounts import failures
from portal.http import attempts
from portal.models import (
    AttemptCount,
    CachedPage,
    FailureTally,
    ProviderBinding,
    ReaderVersion,
    Role,
    TrustedBrowser,
    User,
)

PASSWORD = "correct horse battery staple"

_numbers = count(1)


def make_staff(role: Role | str = "", **fields: Any) -> User:
    number = next(_numbers)
    details = {
        "username": f"{role or 'nobody'}-{number}",
        "first_name": "Demo",
        "last_name": f"{str(role).capitalize()} {number}",
        "is_staff": True,
    }
    return User.objects.create_user(password=PASSWORD, role=role, **{**details, **fields})


def make_attemptcount() -> AttemptCount:
    attempts.count_attempt("password of ana", most=5, seconds=300)
    return AttemptCount.objects.get()


def make_failuretally() -> FailureTally:
    failures.record_failure(None, method="password", about=make_staff())
    return FailureTally.objects.get()


def make_trustedbrowser() -> TrustedBrowser:
    return TrustedBrowser.objects.create(
        user=make_staff(), digest="0", grounds="0", ip="203.0.113.9", ends_at=timezone.now()
    )


def make_providerbinding() -> ProviderBinding:
    return ProviderBinding.objects.create(user=make_staff(), proof="0")


def make_readerversion() -> ReaderVersion:
    return ReaderVersion.objects.update_or_create(defaults={"number": 1}, id=1)[0]


def make_cachedpage() -> CachedPage:
    return CachedPage.objects.create(
        key="0", version=1, address={}, headers=[], body=b"", brotli=b"", gzip=b""
    )
