"""Which process makes which requests, and how many run at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tests.bench import shares

if TYPE_CHECKING:
    from portal.models import User

BATCH = 5000


@dataclass(frozen=True)
class Batch:
    """A range of request numbers and their owners' keys: it is sent to another process."""

    first: int
    beyond: int
    owners: tuple[UUID, ...]


def write_batch(batch: Batch) -> int:
    """Make the missing requests of this range, and return how many."""
    from tests.bench import inquiries

    return inquiries.write(range(batch.first, batch.beyond), batch.owners)


def top_up(total: int, *, owners: "list[User]", tell: Callable[[int], None]) -> int:
    """Add requests up to `total`, and return how many were made."""
    from inquiries.models import Inquiry
    from tests.bench import inquiries

    missing = wanted = max(total - Inquiry.objects.count(), 0)
    first = inquiries.next_number()
    keys = tuple(owner.pk for owner in owners)
    while missing:  # again, if an interrupted run left a gap
        batches = [
            Batch(start, min(start + BATCH, first + missing), keys)
            for start in range(first, first + missing, BATCH)
        ]
        first += missing
        for made in shares.spread(write_batch, batches):
            missing -= made
            tell(wanted - missing)
    return wanted
