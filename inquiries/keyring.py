"""The installation's keys: making, loading, and rewrapping them, and refusing wrong ones."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from inquiries import encryption
from inquiries.encryption import KeyRefused
from inquiries.models import DataKey, PurposeKey, Receipt, WrappedKey
from inquiries.models.ledger_chain import keyed_hash

Purpose = PurposeKey.Purpose
_BATCH = 500


@lru_cache(maxsize=8)
def purpose_key(purpose: str) -> bytes:
    """Return the key for one of PurposeKey.Purpose. Cached, because every event needs one.

    Raise KeyRefused if FIELD_KEYS do not open it, or if there is none.
    """
    key = PurposeKey.objects.filter(purpose=purpose).first()
    if key is None:
        raise KeyRefused(f"There is no {purpose} key yet. Run manage.py migrate.")
    return key.secret


def ledger_id() -> str:
    """Return the id that marks what belongs to this database. It reveals nothing about the key."""
    return keyed_hash(purpose_key(Purpose.CHAIN), ["ledger"])[:16]


def make_missing_keys() -> None:
    """Make the keys of a new installation; existing keys must open. Called by `migrate`.

    Raise KeyRefused if one is gone: with a replacement, every chain would look changed, no search
    would find anyone, and no second factor would work.
    """
    purpose_key.cache_clear()
    there = set(PurposeKey.objects.values_list("purpose", flat=True))
    gone = [purpose for purpose in Purpose if purpose not in there]
    if gone and (there or Receipt.objects.exists()):
        raise KeyRefused(f"The {gone[0]} key is gone. Restore it from a backup.")
    # In one statement: if two migrations run at the same moment, the keys of the first are kept.
    PurposeKey.objects.bulk_create(
        [PurposeKey(purpose=purpose).wrap(encryption.new_key()) for purpose in gone],
        ignore_conflicts=True,
    )
    check_keys()


def has_keys() -> bool:
    """Whether `migrate` has run."""
    return PurposeKey.objects.exists()


def check_keys() -> None:
    """Raise KeyRefused if FIELD_KEYS do not open everything in the database.

    Called when the site starts, so that a wrong or missing key shows up then and not on a page.
    """
    for key in PurposeKey.objects.all():
        _ = key.secret
    stray = _wrapped_by_others(DataKey)
    if stray:
        encryption.unwrap(
            b"", by=stray, context="requests"
        )  # raises, and says which key is missing


def count_lost() -> dict[str, int]:
    """Return the ids of keys that are not in FIELD_KEYS, and how many keys only they open."""
    found: Counter[str] = Counter()
    for model in (PurposeKey, DataKey):
        stray = _wrapped_by_none_of(encryption.known_key_ids(), model)
        rows = stray.order_by("wrapped_by").values("wrapped_by").annotate(count=Count("pk"))
        found.update({row["wrapped_by"]: row["count"] for row in rows})
    return dict(found)


def rotate_keys(*, on_progress: Callable[[int], None] = lambda count: None) -> int:
    """Wrap every key with the newest of FIELD_KEYS; return how many were still on another.

    Each batch is one transaction, so an interrupted run continues where it stopped. What the keys
    have sealed, indexed, or chained stays as it is.
    """
    done = 0
    for model in (PurposeKey, DataKey):
        while batch := _rotate_batch(model):
            done += batch
            on_progress(done)
    return done


@transaction.atomic
def _rotate_batch(model: type[WrappedKey]) -> int:
    newest = encryption.newest_key_id()
    keys = list(_wrapped_by_none_of([newest], model)[:_BATCH])
    for key in keys:
        was = key.wrapped_by
        key.wrap(key.secret)
        # Not `save`, which would bring back a key that an erasure destroys at the same moment.
        model._default_manager.filter(pk=key.pk, wrapped_by=was).update(
            wrapped=key.wrapped, wrapped_by=key.wrapped_by
        )
    return len(keys)


def _wrapped_by_others(model: type[WrappedKey]) -> str | None:
    """Return the id of a key that wrapped something but is not in FIELD_KEYS."""
    stray = _wrapped_by_none_of(encryption.known_key_ids(), model)
    return stray.values_list("wrapped_by", flat=True).first()


def _wrapped_by_none_of(known: list[str], model: type[WrappedKey]) -> QuerySet[WrappedKey]:
    """Use ranges between the known ids, which an index answers; “not in” would read every row."""
    edges = sorted(known)
    between = Q(wrapped_by__lt=edges[0]) | Q(wrapped_by__gt=edges[-1])
    for low, high in pairwise(edges):
        between |= Q(wrapped_by__gt=low, wrapped_by__lt=high)
    return model._default_manager.filter(between).order_by("wrapped_by", "pk")
