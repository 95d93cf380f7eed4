"""Going on without a lost key: which requests only that key opens, and giving them up."""

from django.db.models import QuerySet

from inquiries import encryption, privacy
from inquiries.models import Inquiry, PurposeKey
from inquiries.states import ErasureReason

_BATCH = 200


def sealed_by(key_id: str) -> QuerySet[Inquiry]:
    """Return the requests that only this one of FIELD_KEYS opens, oldest first."""
    return Inquiry.objects.filter(data_key__wrapped_by=key_id).order_by("received_at", "pk")


def give_up_key(key_id: str) -> int:
    """Erase the requests that only a lost key opens; return how many. Nobody could read them.

    Each erasure is its own transaction, so that an interrupted run can continue. Raise KeyRefused
    if FIELD_KEYS still have the key, or if the database's own keys need it: then nothing new could
    be stored here either.
    """
    if key_id in encryption.known_key_ids():
        raise encryption.KeyRefused(f"The key {key_id} is not lost: it is among FIELD_KEYS.")
    if PurposeKey.objects.filter(wrapped_by=key_id).exists():
        raise encryption.KeyRefused(
            f"The key {key_id} also opens the keys of chains, search, and second factors. Keep "
            "this database, and start a new one: see “A lost key” in docs/operations/keys.md."
        )
    done = 0
    while batch := list(sealed_by(key_id).only("version")[:_BATCH]):
        for inquiry in batch:
            reason = ErasureReason.KEY_LOST
            privacy.erase_inquiry(inquiry, reason=reason, version=inquiry.version, by=None)
            done += 1
    return done
