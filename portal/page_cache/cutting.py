"""A page that is cut where each answer has words of its own, finished but for these."""

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_FIELD = re.compile(rb'name="(\w+)" value="([A-Za-z0-9-]+)"')
#: Of a file of gzip (RFC 1952) without a name and a time.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP_LEVEL = 9
#: For zlib: the largest window, and nothing around what is packed.
_BARE_FORMAT = -15
#: The last of the blocks (RFC 1951), with nothing in it.
_END = b"\x03\x00"


@dataclass(frozen=True)
class CutPage:
    #: What stands between the values, and the same packed, each by itself.
    texts: tuple[bytes, ...]
    packed: tuple[bytes, ...]
    #: The field whose value stands behind each text but the last.
    fields: tuple[str, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.texts)) + sum(map(len, self.packed))

    def join(self, values: Mapping[str, str]) -> bytes:
        parts = [self.texts[0]]
        for field, text in zip(self.fields, self.texts[1:], strict=True):
            parts += (values[field].encode(), text)
        return b"".join(parts)

    def pack(self, values: Mapping[str, str], body: bytes) -> bytes:
        """`body`, which is joined of the same, as gzip.

        The values are not packed: the length tells nothing of a secret, whatever somebody else has
        typed beside it (BREACH).
        """
        parts = [_GZIP_HEAD, self.packed[0]]
        for field, text in zip(self.fields, self.packed[1:], strict=True):
            parts += (_store(values[field].encode()), text)
        return b"".join([*parts, _END, struct.pack("<LL", zlib.crc32(body), len(body))])


def cut(body: bytes, *, own: tuple[str, ...], known: Mapping[str, str]) -> CutPage | None:
    """Where the values of these fields stand; None unless each of `own` is there, in one form.

    `known`: values that may stand elsewhere, too; an empty one nowhere.
    """
    found = [(name.decode(), value) for name, value in _FIELD.findall(body)]
    fields = {value: name for name, value in found if name in own}
    if sorted(fields.values()) != sorted(own):
        return None
    fields |= {value.encode(): name for name, value in known.items() if value}
    places = re.compile(b"|".join(map(re.escape, fields)))
    texts = tuple(places.split(body))
    return CutPage(
        texts=texts,
        packed=tuple(map(_pack, texts)),
        fields=tuple(fields[value] for value in places.findall(body)),
    )


def _pack(text: bytes) -> bytes:
    """As blocks that end on a byte and look at nothing before them."""
    packer = zlib.compressobj(_GZIP_LEVEL, wbits=_BARE_FORMAT)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


def _store(value: bytes) -> bytes:
    """As a block that is not packed."""
    length = len(value)
    return b"\x00" + struct.pack("<HH", length, length ^ 0xFFFF) + value
