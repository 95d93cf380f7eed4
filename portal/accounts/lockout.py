"""Limits on failed sign-ins, per account and per network."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.accounts import failures, words
from portal.http import attempts
from portal.http.limits import client_network
from portal.models import User

#: Attempts, and within how many seconds, at one account; passwords and codes count separately.
AT_ACCOUNT = (5, 5 * 60)
#: The same from one network, whichever accounts it tries.
FROM_NETWORK = (10, 60)


@dataclass(frozen=True)
class Attempt:
    """An attempt, counted as a failure until it is known to have succeeded."""

    subject: str = ""
    network: str = ""

    def succeed(self, *, forgets_failures: bool = False) -> None:
        """Take this attempt back; `forgets_failures` also clears earlier ones at the same account.

        Earlier ones from its network stay, or anyone with an account of their own could clear them.
        """
        if not self.subject:
            return
        attempts.take_back(self.network)
        if forgets_failures:
            attempts.forget(self.subject)
        else:
            attempts.take_back(self.subject)


def begin_attempt(request: HttpRequest, what: str, name: str) -> Attempt:
    """Count an attempt at the `what` (password, code) of the account with this name.

    Raise ValidationError after too many attempts, SignInUnavailable where it cannot be counted.
    """
    if not settings.RATE_LIMITS_ENABLED:
        return Attempt()
    # It must not show whether the account exists, so unknown names are counted too.
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
