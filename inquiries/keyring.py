"""The installation's keys: making them, fetching them, wrapping them anew, refusing wrong ones."""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from django.db import transaction
from django.db.models import Q, QuerySet

from inquiries import encryption
from inquiries.encryption import KeyRefused
from inquiries.models import DataKey, PurposeKey, Receipt, WrappedKey

Purpose = PurposeKey.Purpose
_BATCH = 500


@lru_cache(maxsize=8)
def purpose_key(purpose: str) -> bytes:
    """One of PurposeKey.Purpose. Kept by the process, because every event needs one.

    Raise KeyRefused where FIELD_KEYS do not open it, or where there is none.
    """
    key = PurposeKey.objects.filter(purpose=purpose).first()
    if key is None:
        raise KeyRefused(f"There is no {purpose} key yet. Run manage.py migrate.")
    return key.secret


def make_missing_keys() -> None:
    """Make the keys of a new installation; those that are there must open. Called by `migrate`.

    Raise KeyRefused where one is gone: with another, every chain would look changed, no search
    would find anybody, and no second factor would open.
    """
    purpose_key.cache_clear()
    there = set(PurposeKey.objects.values_list("purpose", flat=True))
    gone = [purpose for purpose in Purpose if purpose not in there]
    if gone and (there or Receipt.objects.exists()):
        raise KeyRefused(f"The {gone[0]} key is gone. Restore it from a backup.")
    # All at once; of two who migrate at the same moment, the first one's are kept.
    PurposeKey.objects.bulk_create(
        [PurposeKey(purpose=purpose).wrap(encryption.new_key()) for purpose in gone],
        ignore_conflicts=True,
    )
    check_keys()


def has_keys() -> bool:
    """Whether `migrate` has run."""
    return PurposeKey.objects.exists()


def check_keys() -> None:
    """Raise KeyRefused where FIELD_KEYS do not open all that the database holds.

    Asked when the site starts: then, and not on a page, is the time to find a wrong or missing key.
    """
    for key in PurposeKey.objects.all():
        _ = key.secret
    stray = _wrapped_by_others(DataKey)
    if stray:
        encryption.unwrap(
            b"", by=stray, context="requests"
        )  # raises, and says which key is missing


def rotate_keys(*, on_progress: Callable[[int], None] = lambda count: None) -> int:
    """Wrap every key by the newest of FIELD_KEYS; return how many were not yet.

    A batch is one transaction: stopped anywhere, it goes on from there when called again. What the
    keys have sealed, indexed or chained stays as it is.
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
        # Not `save`, which would bring back a key that an erasure destroys at this moment.
        model._default_manager.filter(pk=key.pk, wrapped_by=was).update(
            wrapped=key.wrapped, wrapped_by=key.wrapped_by
        )
    return len(keys)


def _wrapped_by_others(model: type[WrappedKey]) -> str | None:
    """The id of a key that something was wrapped by and that FIELD_KEYS do not name."""
    stray = _wrapped_by_none_of(encryption.known_key_ids(), model)
    return stray.values_list("wrapped_by", flat=True).first()


def _wrapped_by_none_of(known: list[str], model: type[WrappedKey]) -> QuerySet[WrappedKey]:
    """In ranges between the known, which an index answers; “not in” would read every row."""
    edges = sorted(known)
    between = Q(wrapped_by__lt=edges[0]) | Q(wrapped_by__gt=edges[-1])
    for low, high in pairwise(edges):
        between |= Q(wrapped_by__gt=low, wrapped_by__lt=high)
    return model._default_manager.filter(between).order_by("wrapped_by", "pk")
