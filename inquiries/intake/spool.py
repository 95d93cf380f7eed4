"""The spool: requests kept in files while the database cannot accept them.

Each is one file, sealed with its own key, which is wrapped by the newest of FIELD_KEYS, and it is
on disk before it is acknowledged. The file's name comes from the form's key, its text, and what its
browser showed about the sender: the same form sent twice is one file, as in the database.
"""

import base64
import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from inquiries import encryption
from inquiries.reference import digest_key
from inquiries.submission import Sender, Submission

_ENDING = ".request"
_ABANDONED_SECONDS = 60 * 60
# Nothing else in that folder may be deleted, whatever folder an operator has set.
_DRAFT = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{32}\.request\.\d+-[0-9a-f]{8}")


@dataclass(frozen=True, kw_only=True)
class SpoolEntry:
    """Everything needed to store it later as if it were stored now."""

    submission: Submission
    key: str
    #: Slugs of the article that was read and the category that was chosen; empty if none.
    article: str = ""
    topic: str = ""
    #: SpamSignal values, comma-separated.
    suspicion: str = ""
    #: When it was acknowledged.
    at: datetime = field(default_factory=timezone.now)
    #: The number of the revision they read; files from older versions lack it.
    revision: int | None = None
    #: As `bursts.hash_network` returns it; older files lack it, too.
    network: str = ""
    #: What its browser showed, checked when it is stored: see `proof`. Older files lack it, too.
    sender: Sender = field(default_factory=Sender)
    #: What the sender was told: SECRET_KEY may change before it is stored. Older files lack it.
    reference: str = ""
    page_code: str = ""

    @property
    def name(self) -> str:
        said = f"{self.submission.digest()}{self.sender.evidence}"
        return f"{digest_key(self.key)}.{hashlib.sha256(said.encode()).hexdigest()[:32]}{_ENDING}"


def write_entry(spooled: SpoolEntry) -> bool:
    """Write an entry to disk, once only, before returning. Raise OSError if that fails.

    Return whether it was new: of two identical entries the first stays, so that its browser's
    ticket is not lost to another.
    """
    return _write_file(spooled.name, _sealed(spooled, spooled.name), replace=False)


def waiting_entries() -> list[Path]:
    """Return the files in the order in which they came."""
    return [path for _, path in sorted(_dated(folder().glob(f"*{_ENDING}")))]


def waiting_since() -> tuple[int, datetime | None]:
    """Return how many are waiting, and since when the oldest has waited (aware)."""
    times = [at for at, _ in _dated(folder().glob(f"*{_ENDING}"))]
    return len(times), datetime.fromtimestamp(min(times), UTC) if times else None


def remove_abandoned_drafts() -> None:
    """Delete drafts that a killed process left behind: nothing in them was acknowledged."""
    for at, path in _dated(folder().glob(f"*{_ENDING}.*-*")):
        if time.time() - at > _ABANDONED_SECONDS and _DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _dated(paths: Iterable[Path]) -> Iterator[tuple[float, Path]]:
    """Yield paths with their modification times in seconds; skip those another worker removes."""
    for path in paths:
        with suppress(FileNotFoundError):
            yield path.stat().st_mtime, path


def has_entry(key: str) -> bool:
    """Return whether something from this form is waiting: what follows must wait behind it."""
    try:
        form = f"{digest_key(key)}."
        names = (path.name for path in folder().iterdir())
        return any(name.startswith(form) and name.endswith(_ENDING) for name in names)
    except OSError:  # then nothing waiting there can be reached
        return False


def told_reference(key: str) -> str:
    """Return the reference given for what waits under this key; empty if no file tells."""
    for path in folder().glob(f"{digest_key(key)}.*{_ENDING}"):
        with suppress(FileNotFoundError, encryption.SealBroken, encryption.KeyRefused):
            if reference := read_entry(path).reference:
                return reference
    return ""


def is_of_same_form(path: Path, other: Path) -> bool:
    """Return whether both were sent with the same key."""
    return path.name.partition(".")[0] == other.name.partition(".")[0]


def read_entry(path: Path) -> SpoolEntry:
    """Read it. Raise KeyRefused if FIELD_KEYS do not open it, SealBroken if it was changed."""
    try:
        by, wrapped, sealed = (base64.b64decode(each) for each in path.read_bytes().split(b"."))
    except ValueError as error:
        raise encryption.SealBroken(f"{path.name} is no file of the spool.") from error
    key = encryption.unwrap(wrapped, by=by.decode("ascii", "replace"), context=_context(path.name))
    said = json.loads(encryption.unseal(sealed, key=key, context=_context(path.name)))
    return SpoolEntry(
        submission=Submission.from_json(said.pop("submission")),
        sender=Sender(**said.pop("sender", {})),
        at=datetime.fromisoformat(said.pop("at")),
        **said,
    )


def remove_entry(path: Path) -> None:
    """Remove a stored entry. If two workers stored it, each may call this."""
    path.unlink(missing_ok=True)
    _flush(path.parent)


def check_keys() -> None:
    """Raise KeyRefused if FIELD_KEYS do not open what is waiting."""
    for path in waiting_entries():
        with suppress(encryption.SealBroken):  # one bad file, not a wrong key: a person must look
            read_entry(path)


def rewrap_entries() -> int:
    """Seal what is waiting with the newest of FIELD_KEYS; return how many were not yet."""
    newest, done = encryption.newest_key_id().encode(), 0
    for path in waiting_entries():
        if base64.b64decode(path.read_bytes().split(b".")[0]) != newest:
            # Keep its name: an older release may have named it in another way.
            _write_file(path.name, _sealed(read_entry(path), path.name), replace=True)
            done += 1
    return done


def folder() -> Path:
    path = Path(settings.SPOOL_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _context(name: str) -> str:
    return f"spool:{name}"


def _sealed(spooled: SpoolEntry, name: str) -> bytes:
    said = {
        **vars(spooled),
        "submission": spooled.submission.as_json(),
        "sender": vars(spooled.sender),
        "at": spooled.at.isoformat(),
    }
    key, context = encryption.new_key(), _context(name)
    parts = (
        encryption.newest_key_id().encode(),
        encryption.wrap(key, context=context),
        encryption.seal(json.dumps(said), key=key, context=context),
    )
    return b".".join(base64.b64encode(part) for part in parts)


def _write_file(name: str, content: bytes, *, replace: bool) -> bool:
    """Write it atomically and durably, even in a power cut. Return whether it was written."""
    draft = folder() / f"{name}.{os.getpid()}-{os.urandom(4).hex()}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(draft.with_name(name))
        else:
            draft.with_name(name).hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
        _flush(draft.parent)
    return True


def _flush(path: Path) -> None:
    """Flush a folder to disk: it records which file names exist."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
