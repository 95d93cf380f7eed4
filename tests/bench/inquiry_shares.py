"""Which requests are made by whom, and by how many at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tests.bench import shares

if TYPE_CHECKING:
    from portal.models import User

BATCH = 5000
#: For fewer batches no process is worth its start.
_WORTH_SHARING = 4


@dataclass(frozen=True)
class Batch:
    """Numbers of requests, and the keys of who owns them: it is sent to another process."""

    first: int
    beyond: int
    owners: tuple[UUID, ...]


def write_batch(batch: Batch) -> int:
    """How many of these numbers were not there yet."""
    from tests.bench import inquiries

    return inquiries.write(range(batch.first, batch.beyond), batch.owners)


def top_up(total: int, *, owners: "list[User]", tell: Callable[[int], None]) -> int:
    """Bring the requests to `total`; return how many were made."""
    from inquiries.models import Inquiry
    from tests.bench import inquiries

    missing = wanted = max(total - Inquiry.objects.count(), 0)
    first = inquiries.next_number()
    keys = tuple(owner.pk for owner in owners)
    while missing:  # again, where somebody was stopped and left a hole
        batches = [
            Batch(start, min(start + BATCH, first + missing), keys)
            for start in range(first, first + missing, BATCH)
        ]
        first += missing
        for made in _write_all(batches):
            missing -= made
            tell(wanted - missing)
    return wanted


def _write_all(batches: list[Batch]) -> Iterator[int]:
    if len(batches) >= _WORTH_SHARING and shares.may_share():
        return shares.share_out(write_batch, batches)
    return map(write_batch, batches)
