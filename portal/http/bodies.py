"""Request bodies: complete before Django sees them, and received within a time limit.

Waiting takes no thread: a slow sender holds up nobody but their own connection.
"""

import asyncio
from collections.abc import AsyncIterable
from http import HTTPStatus

from portal.http.limits import max_body

#: Seconds that a body may take, plus one for every so many bytes: even a poor mobile connection is
#: faster.
SECONDS = 20
BYTES_A_SECOND = 50_000
#: Bytes of unfinished bodies that a process holds; above that, all but small bodies are refused.
MOST_HELD = 64_000_000
SMALL_BODY = 100_000

_held = 0


class BodyRefused(Exception):
    """The body came too late or incomplete, or there is no room for it; `status` says which."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def receive_body(parts: AsyncIterable[bytes], *, path: str, length: int | None) -> bytes:
    """Return the whole body; one that is longer than `path` allows comes with one byte too many.

    `length` is None where the sender gives none, as when a proxy passes a body on.
    Raise BodyRefused if it does not arrive whole and in time.
    """
    most = max_body(path)
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS + (length or 0) / BYTES_A_SECOND):
            async for part in parts:
                _hold(len(part), body)
                body += part
                if len(body) > most:
                    return bytes(body[: most + 1])
    except TimeoutError:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from None
    finally:
        _release(body)
    if length is not None and len(body) < length:
        # A truncated body must not pass for what somebody wrote.
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT)
    return bytes(body)


def _hold(more: int, body: bytearray) -> None:
    global _held  # noqa: PLW0603 - one count for the process, changed in its one event loop
    if _held + more > MOST_HELD and len(body) + more > SMALL_BODY:
        raise BodyRefused(HTTPStatus.SERVICE_UNAVAILABLE)
    _held += more


def _release(body: bytearray) -> None:
    global _held  # noqa: PLW0603 - as above
    _held -= len(body)
