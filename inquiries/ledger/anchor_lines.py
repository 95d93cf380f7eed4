"""One line of the anchors file: an anchor, or bytes that are none; and how lines are read."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

from django.conf import settings

from inquiries.keyring import Purpose, ledger_id, purpose_key
from inquiries.models.ledger_chain import keyed_hash

_MODULUS = 2**256
#: Parts of an anchor that those of earlier releases, or most anchors, lack.
_LATER = ("number", "ledger", "skips", "restored_to", "previous")


@dataclass(frozen=True)
class Tally:
    """The number of rows with ids up to and including `last`, and the sum of their keyed hashes."""

    last: int = 0
    count: int = 0
    total: str = "0"

    @classmethod
    def parse(cls, said: dict[str, Any]) -> Self:
        """Raise ValueError, TypeError or KeyError if this is not a tally."""
        int(said["total"], 16)
        return cls(int(said["last"]), int(said["count"]), said["total"])

    def plus(self, macs: Iterator[tuple[int, str]]) -> Self:
        last, count, total = self.last, self.count, int(self.total, 16)
        for key, mac in macs:
            # Mails from earlier releases have no hash.
            last, count, total = key, count + 1, (total + int(mac or "0", 16)) % _MODULUS
        return type(self)(last, count, f"{total:x}")


@dataclass(frozen=True)
class Anchor:
    """One line of the file. `mac` covers the previous anchor, so that no line can be left out."""

    at: str
    tallies: dict[str, Tally]
    mac: str = ""
    #: Its position, and the database it belongs to; 0 and empty in anchors from earlier releases.
    number: int = 0
    ledger: str = ""
    #: SHA-256 of each broken line between this anchor and the previous one.
    skips: list[str] = field(default_factory=list)
    #: After a restore: the number of the last anchor whose rows were all in the backup; 0 for none.
    restored_to: int | None = None
    #: In a line that was kept when those around it were thinned out: the hash of the one before.
    previous: str | None = None

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Raise ValueError if this is not an anchor."""
        try:
            found: dict[str, Any] = json.loads(line)
            tallies = {name: Tally.parse(tally) for name, tally in found["tallies"].items()}
            more = {name: found[name] for name in _LATER if name in found}
            return cls(str(found["at"]), tallies, str(found["mac"]), **more)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("This is not an anchor.") from error

    def expected_mac(self, previous: str) -> str:
        said: list[Any] = ["anchor", previous, self.at, self.plain_tallies]
        if self.number:
            said += [self.number, self.ledger, self.skips]
        if self.restored_to is not None:
            said.append(self.restored_to)
        return keyed_hash(purpose_key(Purpose.CHAIN), said)

    @property
    def plain_tallies(self) -> dict[str, dict[str, Any]]:
        return {name: asdict(tally) for name, tally in self.tallies.items()}

    @property
    def line(self) -> str:
        said = asdict(self)
        for name in ("restored_to", "previous"):
            if said[name] is None:  # so that the release before can read it
                del said[name]
        return json.dumps(said, separators=(",", ":"))

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to this database. An anchor that names no database counts as ours."""
        return self.ledger in {"", ledger_id()}


@dataclass(frozen=True)
class FileLine:
    """A line exactly as it is in the file; `anchor` is None if it cannot be parsed."""

    text: bytes
    anchor: Anchor | None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text).hexdigest()


def anchors_path() -> Path:
    """Path from settings.ANCHORS_FILE: an append-only file."""
    return Path(settings.ANCHORS_FILE)


def read_tail(size: int) -> list[FileLine]:
    """Return the whole lines in the last `size` bytes of the file, oldest first."""
    with _open() as file:
        start = max(file.seek(0, os.SEEK_END) - size, 0)
        file.seek(start)
        lines = file.read().split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [parse_line(line) for line in (lines[1:] if start else lines)]


@contextmanager
def reading() -> Iterator[Callable[[], Iterator[FileLine]]]:
    """Pass a function that yields the file's lines, oldest first, as often as it is called.

    They are those of the moment of opening, even if a worker writes meanwhile. No more than one
    of them is in memory.
    """
    with _open() as file:
        end = file.seek(0, os.SEEK_END)

        def lines() -> Iterator[FileLine]:
            place = 0
            while place < end:
                file.seek(place)
                text = file.readline(end - place)
                place += len(text)
                yield parse_line(text.removesuffix(b"\n"))

        yield lines


def _open() -> IO[bytes]:
    path = anchors_path()
    return path.open("rb") if path.exists() else BytesIO()


def parse_line(text: bytes) -> FileLine:
    try:
        return FileLine(text, Anchor.parse(text))
    except ValueError:
        return FileLine(text, None)
