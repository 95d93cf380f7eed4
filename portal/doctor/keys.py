"""Checks of the keys: everything that the database and the spool hold can be opened here."""

from pathlib import Path

from django.conf import settings

from inquiries import encryption, keyring
from inquiries.intake import spool
from inquiries.models import Inquiry, Receipt
from inquiries.states import State
from portal.config import environment
from portal.doctor import Problem, check, host

#: Of this many, one has not been erased; the last receipts have the highest numbers.
_NEWEST = 50
_WHAT_TO_DO = "See “A lost key” in docs/operations/keys.md."


@check
def field_keys_open_everything() -> Problem | None:
    lost = keyring.count_lost()
    if lost:
        listed = ", ".join(f"{key} ({count:,})" for key, count in lost.items())
        return Problem(
            f"FIELD_KEYS lack keys that the database needs: {listed}. The site won't start.",
            f"Add each of them again, after the newest. {_WHAT_TO_DO}",
        )
    try:
        keyring.check_keys()
    except encryption.KeyRefused as refused:
        return Problem(str(refused), f"Restore the database from a backup. {_WHAT_TO_DO}")
    return None


@check
def newest_request_can_be_opened() -> Problem | None:
    """Opens what one sender wrote, in memory only. It isn't shown, logged, or counted as read."""
    newest = Receipt.objects.order_by("-pk").values_list("inquiry_id", flat=True)[:_NEWEST]
    kept = Inquiry.objects.exclude(state=State.ERASED).select_related("data_key")
    there = kept.in_bulk(list(newest))
    inquiry = next((there[pk] for pk in newest if pk in there), None)
    if inquiry is None:
        return None
    try:
        _ = inquiry.full_name, inquiry.message
    except (encryption.KeyRefused, encryption.SealBroken):
        return Problem(
            f"The newest request, {inquiry.reference}, can't be opened.",
            "Run manage.py verify_ledger: it says whether the database was changed. " + _WHAT_TO_DO,
        )
    return None


@check
def spool_can_be_opened() -> Problem | None:
    if not Path(settings.SPOOL_DIR).is_dir():
        return None  # another check says so
    closed = 0
    for path in spool.waiting_entries():
        try:
            spool.read_entry(path)
        except (encryption.KeyRefused, encryption.SealBroken):
            closed += 1
    if not closed:
        return None
    return Problem(
        f"{closed} requests in the spool on {host()} can't be opened: a key is missing, or the "
        "file was changed.",
        f"Keep the files, and add the older keys to FIELD_KEYS again. {_WHAT_TO_DO}",
    )


@check
def secrets_are_private() -> Problem | None:
    """Files that this process read secrets from, and the folders above them."""
    open_to_all = [
        name for name, path in environment.secret_files.items() if _can_others_read(path.resolve())
    ]
    if not open_to_all:
        return None
    return Problem(
        f"Other users on {host()} can read the file with {', '.join(open_to_all)}.",
        "Run chmod o= on the file. If others may have read it, change the secret.",
    )


def _can_others_read(path: Path) -> bool:
    is_reachable = all(folder.stat().st_mode & 0o001 for folder in path.parents)
    return is_reachable and bool(path.stat().st_mode & 0o004)
