"""Signs that a request is from a bot. They add up; suspects wait in quarantine for a person.

Nothing is refused or discarded because of them. Counts are kept in the shared cache under keyed
hashes; while it is down, nobody is suspected because of a count.
"""

import re
import time
from collections.abc import Set as AbstractSet

from django.conf import settings
from django.utils.crypto import salted_hmac

from inquiries.shared_counter import increment
from inquiries.states import SpamSignal
from inquiries.submission import Submission

#: The weight of each sign. A request with SUSPICIOUS_WEIGHT or more goes to quarantine.
WEIGHTS = {
    SpamSignal.TRAP: 2,
    SpamSignal.FLOOD: 2,
    SpamSignal.REPEATS: 2,
    # It comes late and holds emails, but does not delay anyone who may be in danger.
    SpamSignal.BURST: 2,
    # People repeat what they heard, for example after a mention on television.
    SpamSignal.ECHO: 1,
    SpamSignal.HASTE: 1,
    SpamSignal.LINKS: 1,
    # Nobody in a crowd counts as a bot, but leads are told.
    SpamSignal.CROWD: 0,
}
SUSPICIOUS_WEIGHT = 2
#: A form sent sooner than this after it was opened is hardly from a person. A longer time proves
#: nothing.
SECONDS_TO_FILL_IN = 3
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
# A person may well link to what they have read.
_MANY_LINKS = 3
_MAX_REPEATS = 10
_REPEAT_SECONDS = 60 * 60
# Many people write only “Please call me.”
_SHORT_MESSAGE = 40


def detect_signals(
    submission: Submission, *, key: str, opened_at: float | None = None, network: str = ""
) -> set[SpamSignal]:
    """Return the signs in its text and in how fast it was sent. `opened_at`: seconds since the
    epoch; `network`: as `bursts.hash_network` returns it.
    """
    found = set()
    if opened_at is not None and 0 <= time.time() - opened_at < SECONDS_TO_FILL_IN:
        found.add(SpamSignal.HASTE)
    if len(_LINK.findall(submission.message)) >= _MANY_LINKS or _LINK.search(submission.full_name):
        found.add(SpamSignal.LINKS)
    return found | _repeats(submission.message, key, network)


def read_signals(suspicion: str) -> set[SpamSignal]:
    """Return the signals that `join_signals` wrote."""
    return {SpamSignal(each) for each in suspicion.split(",") if each}


def is_suspicious(found: AbstractSet[SpamSignal]) -> bool:
    return sum(WEIGHTS[sign] for sign in found) >= SUSPICIOUS_WEIGHT


def join_signals(found: AbstractSet[SpamSignal]) -> str:
    """Return the signals in the form that a request stores."""
    return ",".join(sorted(found))


def _repeats(message: str, key: str, network: str) -> set[SpamSignal]:
    """Return signs that others said the same in the last hour: from this network, or anywhere."""
    words = "".join(message.casefold().split())
    if not settings.RATE_LIMITS_ENABLED or len(words) < _SHORT_MESSAGE:
        return set()
    print_of = salted_hmac("inquiries.suspicion", words, algorithm="sha256").hexdigest()[:32]
    form = salted_hmac("inquiries.suspicion.form", key, algorithm="sha256").hexdigest()[:32]
    if increment(f"suspicion:{form}:{print_of}", _REPEAT_SECONDS) > 1:
        return set()  # the same form again, as people do when they hear nothing
    counts = {
        SpamSignal.REPEATS: increment(f"suspicion:{network}:{print_of}", _REPEAT_SECONDS),
        SpamSignal.ECHO: increment(f"suspicion:{print_of}", _REPEAT_SECONDS) if network else 0,
    }
    found = {sign for sign, count in counts.items() if count > _MAX_REPEATS}
    return found - {SpamSignal.ECHO} if SpamSignal.REPEATS in found else found
