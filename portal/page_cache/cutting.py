"""A page that is finished, but cut where each answer has values of its own."""

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_FIELD = re.compile(rb'name="(\w+)" value="([A-Za-z0-9-]+)"')
#: Header of a gzip file (RFC 1952) without a name or a time.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP_LEVEL = 9
#: For zlib: the largest window, without a header or trailer.
_BARE_FORMAT = -15
#: The last block (RFC 1951), empty.
_END = b"\x03\x00"


@dataclass(frozen=True)
class CutPage:
    #: The text between the values, and the same compressed, each piece by itself.
    texts: tuple[bytes, ...]
    packed: tuple[bytes, ...]
    #: The field whose value follows each text but the last.
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
        """Return `body`, joined from the same values, as gzip.

        The values are not compressed: the length reveals nothing about a secret, whatever somebody
        else has typed next to it (BREACH).
        """
        parts = [_GZIP_HEAD, self.packed[0]]
        for field, text in zip(self.fields, self.packed[1:], strict=True):
            parts += (_store(values[field].encode()), text)
        return b"".join([*parts, _END, struct.pack("<LL", zlib.crc32(body), len(body))])


def cut(body: bytes, *, own: tuple[str, ...], known: Mapping[str, str]) -> CutPage | None:
    """Cut a page at the values of these fields; None unless each of `own` has exactly one value.

    `known`: values to cut at wherever they appear; an empty one is ignored.
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
    """Compress into blocks that end on a byte and refer to nothing before them."""
    packer = zlib.compressobj(_GZIP_LEVEL, wbits=_BARE_FORMAT)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


def _store(value: bytes) -> bytes:
    """Return a block that is not compressed."""
    length = len(value)
    return b"\x00" + struct.pack("<HH", length, length ^ 0xFFFF) + value
