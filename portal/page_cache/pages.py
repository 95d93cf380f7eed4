"""A page as it is sent: bytes in each encoding, with its headers."""

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import brotli

_brotli: Callable[..., bytes] = brotli.compress

Headers = list[tuple[str, str]]
#: Brotli quality while a reader waits, and in the worker: a tenth smaller, but slow.
QUICK, SMALL = 5, 11
_GZIP_LEVEL = 9
#: For zlib: the largest window, in gzip format.
_GZIP_FORMAT = 16 + 15
#: Bytes; below this, compression gains nothing.
_LEAST_COMPRESSED = 200
#: What each answer sets anew, or by its encoding.
_NOT_KEPT = {
    *("x-request-id", "content-length", "content-encoding", "etag", "vary", "expires"),
    *("date", "server"),
}
#: What a browser that already has the page knows about it.
_NOT_REPEATED = {"content-type", "content-length", "content-encoding"}


@dataclass(frozen=True)
class Variant:
    """The page in one encoding."""

    headers: Headers
    body: bytes
    not_modified: Headers


@dataclass(frozen=True)
class Page:
    #: The number under which it was made.
    version: int
    #: Without those that depend on the encoding.
    headers: Headers
    body: bytes
    brotli: bytes
    gzip: bytes
    #: Seconds since 1970 at which it expires; None if nothing on it depends on the clock.
    ends_at: float | None

    def is_true(self, version: int | None) -> bool:
        return self.version == version and (self.ends_at is None or time.time() < self.ends_at)

    @cached_property
    def etag(self) -> str:
        """Weak, because it is the same for each encoding."""
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
