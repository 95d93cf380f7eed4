"""Bursts: several urgent requests from one network in a short time, and which only share it.

They are counted in the database, where counts are not evicted. A keyed hash of the network and a
keyed sketch of the words are kept for KEPT, but no longer than the request's own content.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from inquiries.intake.arrival import Arrival
from inquiries.models import BURST_SIZE, Origin
from inquiries.search.normalization import normalized_words
from inquiries.states import SpamSignal

#: A request within this time of another from the same network belongs to the same burst.
SHORT = timedelta(minutes=10)
#: Leads look at a weekend's bursts on Monday.
KEPT = timedelta(days=7)
_BYTES = 16
#: A sketch has this many places of two bytes. The chance that two messages agree at a place is the
#: share of their combined words that both contain (Broder, 1997: on the resemblance of documents).
_PLACES = _BYTES // 2
#: How many places must agree with others of the burst before the words count as the same.
_ALIKE = _PLACES // 2
#: A place must be shared by one in this many of the burst, and by at least two.
_SHARE = 10
#: In a longer burst, only the first ones up to this number are compared.
_MOST = 2000


def hash_network(network: str) -> str:
    """Return the hash that is kept, in hexadecimal; empty if there is no network."""
    if not network:
        return ""
    return salted_hmac("inquiries.network", network, algorithm="sha256").digest()[:_BYTES].hex()


def trace(message: str, arrival: Arrival, *, at: datetime, urgent: bool) -> Origin | None:
    """Return where a request came from, not yet stored; None if that is not known.

    An urgent request, or one that is part of a flood, belongs to a burst if one forms.
    """
    if not arrival.network or not settings.RATE_LIMITS_ENABLED:
        return None
    mark = bytes.fromhex(arrival.network)
    origin = Origin(at=at, network=mark, sketch=_sketch(message))
    if urgent or SpamSignal.FLOOD in arrival.signals:
        near = Origin.objects.filter(network=mark, burst__isnull=False, **around(at))
        last = near.order_by("-at").values_list("burst", flat=True).first()
        origin.burst = last or _new_burst(mark, at)
    return origin


def signs(origin: Origin | None) -> set[SpamSignal]:
    """Return BURST if enough others came from the same network at about the same time."""
    if origin is None or origin.burst is None:
        return set()
    others = Origin.objects.filter(burst=origin.burst, **around(origin.at)).values("pk")
    return {SpamSignal.BURST} if len(others[: BURST_SIZE - 1]) == BURST_SIZE - 1 else set()


def forget_old_origins() -> None:
    Origin.objects.filter(at__lt=timezone.now() - KEPT).delete()


def around(at: datetime, until: datetime | None = None) -> dict[str, datetime]:
    """Return a filter for what came shortly before or after, because the spool is stored late."""
    return {"at__gt": at - SHORT, "at__lt": (until or at) + SHORT}


def _new_burst(mark: bytes, at: datetime) -> UUID:
    """Return the same ID for requests that arrive together and cannot see each other yet."""
    window = int(at.timestamp() // SHORT.total_seconds())
    digest = salted_hmac("inquiries.burst", f"{mark.hex()}:{window}", algorithm="sha256").digest()
    return UUID(bytes=digest[:_BYTES])


# --- Which of them are alike ----------------------------------------------------------------------


def unlike_members(burst: UUID) -> set[UUID]:
    """Return keys of requests worded unlike the rest: their senders may only share the network."""
    members = list(Origin.objects.filter(burst=burst).order_by("at")[:_MOST])
    return {each.inquiry_id for each in with_own_words(members, members=members)}


def with_own_words(origins: Iterable[Origin], *, members: Sequence[Origin]) -> list[Origin]:
    """Return those whose message is unlike the others among the `members` of a burst."""
    common = Counter(place for each in members for place in _places(each))
    least = max(2, len(members) // _SHARE)
    return [
        each for each in origins if sum(common[place] >= least for place in _places(each)) < _ALIKE
    ]


def _places(origin: Origin) -> list[tuple[int, bytes]]:
    sketch = bytes(origin.sketch)
    return [(place, sketch[2 * place : 2 * place + 2]) for place in range(_PLACES)]


def _sketch(message: str) -> bytes:
    """Return the minimum of each keyed hash over the words, leaving out numbers."""
    words = {word for word in normalized_words(message) if not word.isdigit()} or {""}
    key = salted_hmac("inquiries.sketch", "", algorithm="sha256").digest()
    hashes = [
        hashlib.blake2b(word.encode(), key=key, digest_size=_BYTES).digest() for word in words
    ]
    return b"".join(min(each[2 * n : 2 * n + 2] for each in hashes) for n in range(_PLACES))
