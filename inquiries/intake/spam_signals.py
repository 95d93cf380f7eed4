"""Is it a machine's? Signs that add up; the suspected wait in quarantine for a person to look.

Nothing is refused or thrown away for them. What is counted is counted in the shared cache, by keyed
hashes; where that is down, nobody is suspected by it.
"""

import re
import time
from collections.abc import Set as AbstractSet

from django.conf import settings
from django.utils.crypto import salted_hmac

from inquiries.shared_counter import increment
from inquiries.states import SpamSignal
from inquiries.submission import Submission

#: What each sign weighs. A request with ENOUGH goes to quarantine.
WEIGHTS = {
    SpamSignal.TRAP: 2,
    SpamSignal.FLOOD: 2,
    SpamSignal.REPEATS: 2,
    # It comes late, and holds mails; whoever may be in danger is not kept waiting for it.
    SpamSignal.BURST: 2,
    # People copy what they heard, as after a mention on television.
    SpamSignal.ECHO: 1,
    SpamSignal.HASTE: 1,
    SpamSignal.LINKS: 1,
    # Of a crowd nobody is a machine; leads are told.
    SpamSignal.CROWD: 0,
}
SUSPICIOUS_WEIGHT = 2
#: Sent sooner after the form was opened, it was hardly a person. Later, its age says nothing.
SECONDS_TO_FILL_IN = 3
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
# A person may well link to what they read.
_MANY_LINKS = 3
_MAX_REPEATS = 10
_REPEAT_SECONDS = 60 * 60
# “Please call me.” is what many people write.
_SHORT_MESSAGE = 40


def detect_signals(
    submission: Submission, *, key: str, opened_at: float | None = None, network: str = ""
) -> set[SpamSignal]:
    """What its words, and how fast they came, say of it. `opened_at`: seconds since the epoch;
    `network`: as `bursts.hash_network` gives it.
    """
    found = set()
    if opened_at is not None and 0 <= time.time() - opened_at < SECONDS_TO_FILL_IN:
        found.add(SpamSignal.HASTE)
    if len(_LINK.findall(submission.message)) >= _MANY_LINKS or _LINK.search(submission.full_name):
        found.add(SpamSignal.LINKS)
    return found | _repeats(submission.message, key, network)


def read_signals(suspicion: str) -> set[SpamSignal]:
    """As `join_signals` wrote them."""
    return {SpamSignal(each) for each in suspicion.split(",") if each}


def is_suspicious(found: AbstractSet[SpamSignal]) -> bool:
    return sum(WEIGHTS[sign] for sign in found) >= SUSPICIOUS_WEIGHT


def join_signals(found: AbstractSet[SpamSignal]) -> str:
    """As a request keeps it."""
    return ",".join(sorted(found))


def _repeats(message: str, key: str, network: str) -> set[SpamSignal]:
    """Whether other forms said the same within the last hour: from here, or from anywhere."""
    words = "".join(message.casefold().split())
    if not settings.RATE_LIMITS_ENABLED or len(words) < _SHORT_MESSAGE:
        return set()
    print_of = salted_hmac("inquiries.suspicion", words, algorithm="sha256").hexdigest()[:32]
    form = salted_hmac("inquiries.suspicion.form", key, algorithm="sha256").hexdigest()[:32]
    if increment(f"suspicion:{form}:{print_of}", _REPEAT_SECONDS) > 1:
        return set()  # this very form again, as people send who have heard nothing
    counts = {
        SpamSignal.REPEATS: increment(f"suspicion:{network}:{print_of}", _REPEAT_SECONDS),
        SpamSignal.ECHO: increment(f"suspicion:{print_of}", _REPEAT_SECONDS) if network else 0,
    }
    found = {sign for sign, count in counts.items() if count > _MAX_REPEATS}
    return found - {SpamSignal.ECHO} if SpamSignal.REPEATS in found else found
