"""Failed sign-ins: how many there may be at one account, and from one network."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.accounts import failures, words
from portal.http import attempts
from portal.http.limits import client_network
from portal.models import User

#: So many within so many seconds at one account, for its password and for its codes apart.
AT_ACCOUNT = (5, 5 * 60)
#: The same from one network, at whatever accounts.
FROM_NETWORK = (10, 60)


@dataclass(frozen=True)
class Attempt:
    """One that was counted as a failure before anybody knew better."""

    subject: str = ""
    network: str = ""

    def succeed(self, *, forgets_failures: bool = False) -> None:
        """It does not count. `forgets_failures`: nor do those before it at the same account.

        Those from its network stay, or who has an account of their own could clear them.
        """
        if not self.subject:
            return
        attempts.take_back(self.network)
        if forgets_failures:
            attempts.forget(self.subject)
        else:
            attempts.take_back(self.subject)


def begin_attempt(request: HttpRequest, what: str, name: str) -> Attempt:
    """Count an attempt at the `what` (password, code) of the account of that name.

    Raise ValidationError where there were too many, SignInUnavailable where it cannot be counted.
    """
    if not settings.RATE_LIMITS_ENABLED:
        return Attempt()
    # Whether there is such an account must not show: what somebody typed is counted, too.
    attempt = Attempt(f"{what} of {name.lower()}", f"failures from {client_network(request)}")
    for subject, (most, seconds) in (
        (attempt.network, FROM_NETWORK),
        (attempt.subject, AT_ACCOUNT),
    ):
        wait = attempts.count_attempt(subject, most=most, seconds=seconds)
        if wait:
            if subject == attempt.subject:
                account = User.objects.filter(username=name).first()
                failures.record_failure(request, method=what, why="locked", about=account)
            raise _too_many(wait)
    return attempt


def _too_many(wait: int) -> ValidationError:
    minutes = -(-wait // 60)
    return ValidationError(words.too_many_attempts(minutes))
