"""A page as it goes out: bytes in each encoding, with its headers."""

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import brotli

_brotli: Callable[..., bytes] = brotli.compress

Headers = list[tuple[str, str]]
#: Where a reader waits for it, and where the worker makes it: a tenth smaller, and slow.
QUICK, SMALL = 5, 11
_GZIP_LEVEL = 9
#: For zlib: the largest window, in the format of gzip.
_GZIP_FORMAT = 16 + 15
#: Bytes below which nothing is gained.
_LEAST_COMPRESSED = 200
#: What each answer has anew, or by its encoding.
_NOT_KEPT = {
    *("x-request-id", "content-length", "content-encoding", "etag", "vary", "expires"),
    *("date", "server"),
}
#: What a browser that has the page already knows of it.
_NOT_REPEATED = {"content-type", "content-length", "content-encoding"}


@dataclass(frozen=True)
class Variant:
    """In one encoding."""

    headers: Headers
    body: bytes
    not_modified: Headers


@dataclass(frozen=True)
class Page:
    #: Number under which it was made.
    version: int
    #: Without those of an encoding.
    headers: Headers
    body: bytes
    brotli: bytes
    gzip: bytes
    #: Seconds since 1970 at which it stops being true; None where nothing on it goes by a clock.
    ends_at: float | None

    def is_true(self, version: int | None) -> bool:
        return self.version == version and (self.ends_at is None or time.time() < self.ends_at)

    @cached_property
    def etag(self) -> str:
        """Weak, as it is the same in each encoding."""
        return f'W/"{blake2b(self.body, digest_size=12).hexdigest()}"'

    @cached_property
    def variants(self) -> dict[str, Variant]:
        return {
            name: self._variant(name, body)
            for name, body in (("br", self.brotli), ("gzip", self.gzip), ("", self.body))
            if body
        }

    @property
    def size(self) -> int:
        return len(self.body) + len(self.brotli) + len(self.gzip)

    def _variant(self, encoding: str, body: bytes) -> Variant:
        headers = [*self.headers, ("ETag", self.etag), ("Vary", "Accept-Encoding")]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(body))))
        return Variant(
            headers, body, [each for each in headers if each[0].lower() not in _NOT_REPEATED]
        )


def make_page(
    version: int,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    ends_at: float | None = None,
    quality: int = QUICK,
) -> Page:
    is_long = len(body) >= _LEAST_COMPRESSED
    return Page(
        version=version,
        headers=[each for each in headers if each[0].lower() not in _NOT_KEPT],
        body=body,
        brotli=_brotli(body, quality=quality) if is_long else b"",
        gzip=_gzip(body) if is_long else b"",
        ends_at=ends_at,
    )


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_FORMAT)
    return packer.compress(body) + packer.flush()
