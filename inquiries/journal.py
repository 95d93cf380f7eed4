"""The journal: what may be missing from a restored backup, written outside the database.

An entry says that a request was acknowledged, that its sender said more, that the mail server took
a mail, or that a request was erased. Each is a line of a file of this machine and day, sealed with
a key made from FIELD_KEYS, and on disk before anybody is told. All are of one length, so a stolen
file shows only how many there are. `inquiries.recovery` reads them after a restore.
"""

import base64
import json
import logging
import os
import re
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import Error
from django.utils import timezone

from inquiries import encryption
from inquiries.keyring import ledger_id

if TYPE_CHECKING:
    from inquiries.models import Outgoing

logger = logging.getLogger(__name__)

_PURPOSE = "journal"
_NAME = re.compile(r".+\.(\d{4}-\d\d-\d\d)\.journal")
#: Every entry is padded to this many characters before it is sealed.
_WIDTH = 192
#: The most entries that a process holds for a disk that takes none, and the free bytes below which
#: the next entry may not fit.
_MOST_HELD = 10_000
_LEAST_ROOM = 50_000_000
#: Characters of an event's keyed hash that identify it in an entry.
MARK = 16


class EntryKind(StrEnum):
    """What an entry says. Changing a value would make older entries unreadable."""

    #: Stored in the database, and about to be acknowledged.
    REQUEST = "request"
    #: Kept in the spool of this machine, and about to be acknowledged.
    SPOOLED = "spooled"
    #: The sender added something to a request, changed it, or withdrew it.
    CHANGE = "change"
    #: The mail server accepted a mail.
    MAIL = "mail"
    ERASURE = "erasure"


@dataclass(frozen=True, kw_only=True)
class Entry:
    kind: EntryKind
    #: The request's reference, or the mail's name: see `name_mail`.
    name: str
    #: Aware; when it happened.
    at: datetime
    #: The event that recorded it, by the start of its keyed hash; for an erasure, the reason; for a
    #: mail, the request that it confirms.
    mark: str = ""
    #: Which database it was written beside; empty if that one could not be asked.
    ledger: str = ""

    @property
    def line(self) -> bytes:
        """Sealed by the newest of FIELD_KEYS, whose id comes first."""
        said = json.dumps([self.kind, self.name, self.at.isoformat(), self.mark, self.ledger])
        key = encryption.derived_keys(_PURPOSE)[encryption.newest_key_id()]
        sealed = encryption.seal(said.ljust(_WIDTH), key=key, context=_PURPOSE)
        return encryption.newest_key_id().encode() + b"." + base64.b64encode(sealed)

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Raise KeyRefused if none of FIELD_KEYS opens it, ValueError if it was torn or changed."""
        key_id, _, sealed = line.partition(b".")
        key = encryption.derived_keys(_PURPOSE).get(key_id.decode("ascii", "replace"))
        if key is None and re.fullmatch(rb"[0-9a-f]{8}", key_id):
            raise encryption.KeyRefused(key_id.decode())
        try:
            opened = encryption.unseal(base64.b64decode(sealed), key=key or b"", context=_PURPOSE)
        except (encryption.SealBroken, ValueError) as error:
            raise ValueError("This is not an entry of the journal.") from error
        kind, name, at, mark, ledger = json.loads(opened)
        at = datetime.fromisoformat(at)
        return cls(kind=EntryKind(kind), name=name, at=at, mark=mark, ledger=ledger)


@dataclass
class Reading:
    """What the files hold of this database, in order of time."""

    entries: list[Entry] = field(default_factory=list)
    #: Lines that are torn or changed, and lines by the id of the key that they need.
    broken: int = 0
    unopened: Counter[str] = field(default_factory=Counter)

    def of_kind(self, *kinds: EntryKind) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]


# --- Writing --------------------------------------------------------------------------------------

# Lines that could not be written yet. The next entry of this process takes them along.
_held: list[bytes] = []
_holding = threading.Lock()


def record_request(reference: str, *, mark: str = "", is_spooled: bool = False) -> None:
    """Record that a request was stored or spooled, before its sender is told."""
    kind = EntryKind.SPOOLED if is_spooled else EntryKind.REQUEST
    # The database may be down when a request goes to the spool, and then it cannot say who it is.
    _append(kind, reference, mark=mark[:MARK], ledger="" if is_spooled else _ledger_id())


def record_change(reference: str, *, mark: str) -> None:
    """Record that the sender said more. `mark` is the keyed hash of the event."""
    _append(EntryKind.CHANGE, reference, mark=mark[:MARK], ledger=_ledger_id())


def record_erasure(reference: str, *, reason: str) -> None:
    _append(EntryKind.ERASURE, reference, mark=reason, ledger=_ledger_id())


def record_mails(*mails: "Outgoing", confirms: str = "") -> None:
    """Record that the mail server accepted these, before the database is told.

    `confirms`: the reference of the request that a mail confirms. A request confirmed once needs no
    second confirmation, even if it is stored again from a restored spool.
    """
    _append(EntryKind.MAIL, *map(name_mail, mails), mark=confirms, ledger=_ledger_id())


def name_mail(mail: "Outgoing") -> str:
    """Name a mail by its id and when it was made: after a restore, ids are given out again."""
    at = mail.made_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{mail._meta.model_name}:{mail.pk}:{at}"


def _ledger_id() -> str:
    """Return an empty id if the database cannot say who it is: no entry may fail for this."""
    try:
        return ledger_id()
    except (Error, encryption.KeyRefused):
        return ""


def _append(kind: EntryKind, *names: str, mark: str = "", ledger: str = "") -> None:
    """Write an entry for each name. Never raise: what was stored must not be refused for this.

    What cannot be written is held, and written with the next entry of this process.
    """
    now = timezone.now()
    with _holding:
        held, _held[:] = _held[:], []
    entries = (Entry(kind=kind, name=name, at=now, mark=mark, ledger=ledger) for name in names)
    lines = [*held, *(entry.line for entry in entries)]
    try:
        _write_lines(lines, now.astimezone(UTC).date())
    except OSError:
        logger.exception("the journal cannot be written; its entries wait in memory")
        with _holding:
            _held[:] = [*lines, *_held][-_MOST_HELD:]


def has_held_entries() -> bool:
    """Whether entries of this process wait for a disk that takes them."""
    return bool(_held)


def _write_lines(lines: list[bytes], day: date) -> None:
    """Append them durably. A line begins with a newline, so that a torn one spoils no other."""
    path = folder() / f"{_machine()}.{day.isoformat()}.journal"
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        rest = b"".join(b"\n" + line for line in lines)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        _flush(path.parent)


def _flush(path: Path) -> None:
    """Flush a folder to disk: it records which file names exist."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _machine() -> str:
    """Several machines may share the folder, and a network disk mixes up what two append."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", socket.gethostname()) or "machine"


# --- The files ------------------------------------------------------------------------------------


def folder() -> Path:
    """Return settings.JOURNAL_DIR, which is created if it is missing. Raise OSError."""
    path = Path(settings.JOURNAL_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def can_be_written() -> bool:
    """Whether the next entry will probably fit."""
    try:
        path = folder()
        return os.access(path, os.W_OK | os.X_OK) and shutil.disk_usage(path).free > _LEAST_ROOM
    except OSError:
        return False


def read_entries() -> Reading:
    """Read the entries of this database in all files, those of other machines too. Raise OSError.

    They are in order of time. Entries beside another database are left out.
    """
    reading, ours = Reading(), {"", ledger_id()}
    for path, _ in _dated_files():
        for line in path.read_bytes().split(b"\n"):
            if not line:
                continue
            try:
                entry = Entry.parse(line)
            except encryption.KeyRefused as refused:
                reading.unopened[str(refused)] += 1
            except ValueError:
                reading.broken += 1
            else:
                if entry.ledger in ours:
                    reading.entries.append(entry)
    reading.entries.sort(key=lambda entry: entry.at)
    return reading


def remove_old_files(now: datetime) -> int:
    """Delete files older than any backup that may be restored: settings.JOURNAL_DAYS.

    Return how many. The caller has checked the clock. Days are in UTC.
    """
    first_kept = (now - timedelta(days=settings.JOURNAL_DAYS)).astimezone(UTC).date()
    old = [path for path, day in _dated_files() if day < first_kept]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _dated_files() -> Iterator[tuple[Path, date]]:
    """Yield our files, with their days; nothing else in that folder is ours."""
    for path in sorted(folder().iterdir()):
        if found := _NAME.fullmatch(path.name):
            yield path, date.fromisoformat(found[1])
