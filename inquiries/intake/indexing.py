"""Search entries of kinds that an earlier release did not make, added to the requests it stored."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from inquiries.encryption import KeyRefused, SealBroken
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import checks, transitions
from inquiries.ledger.backfill import binding_event
from inquiries.ledger.checks import Kept
from inquiries.ledger.verification import load_kept
from inquiries.models import Addition, IndexEntry, Inquiry
from inquiries.models.stored_plan import INDEX_VERSION
from inquiries.search import lookup

_BATCH = 200


def index_requests(*, on_progress: Callable[[int], None] = lambda count: None) -> int:
    """Add the search entries that an earlier release did not make; return how many got some.

    A request whose rows don't match its events is left alone: the verification reports it.
    """
    done, refused = 0, set[UUID]()
    waiting = Inquiry.objects.filter(index_version__isnull=True).order_by("pk")
    while ids := list(waiting.values_list("pk", flat=True)[: _BATCH + len(refused)]):
        ids = [pk for pk in ids if pk not in refused]
        if not ids:
            break
        for pk in ids:
            if _index_request(pk):
                done += 1
            else:
                refused.add(pk)
            on_progress(done)
    return done


@transaction.atomic
def _index_request(pk: UUID) -> bool:
    """Return False if it can't be trusted or opened."""
    key = purpose_key(Purpose.CHAIN)
    transitions.hold(pk)
    kept = next(load_kept([pk]))
    if kept.key is None:  # erased
        Inquiry.objects.filter(pk=pk).update(index_version=INDEX_VERSION)
        return True
    bound = checks.collect_bound(kept.events)
    if not bound.is_whole or list(checks.check_request(kept, key, bound)):
        return False
    try:
        missing = _all_digests(kept) - {*kept.entries}
    except (KeyRefused, SealBroken):
        return False
    if missing:
        IndexEntry.objects.bulk_create(
            [IndexEntry(inquiry_id=pk, digest=digest) for digest in missing]
        )
        event = binding_event(replace(kept, entries=[*kept.entries, *missing]), key)
        event.save(force_insert=True)
    heads = {"chain_length": kept.inquiry.chain_length, "chain_head": kept.inquiry.chain_head}
    Inquiry.objects.filter(pk=pk).update(index_version=INDEX_VERSION, **heads)
    return True


def _all_digests(kept: Kept) -> set[bytes]:
    """Return the entries of everything that was ever sent for it."""
    kept.inquiry.data_key = kept.key
    digests = lookup.index_digests(kept.inquiry)
    for _, words in kept.words:
        if isinstance(words, Addition):
            words.event.inquiry = kept.inquiry
            digests |= lookup.index_digests(words.sending)
    return digests
