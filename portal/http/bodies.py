"""The bodies of requests: whole before Django sees them, and not waited for without end.

Waiting takes no thread: who sends slowly holds up nobody but their own connection.
"""

import asyncio
from collections.abc import AsyncIterable
from http import HTTPStatus

from portal.http.limits import max_body

#: Seconds that a body may take, and one more for so many bytes of it: a poor mobile line is faster.
SECONDS = 20
BYTES_A_SECOND = 50_000
#: Bytes of unfinished bodies that a process holds; above it, those that are no small form go.
MOST_HELD = 64_000_000
SMALL_BODY = 100_000

_held = 0


class BodyRefused(Exception):
    """It did not come in time, came cut off, or there is no room for it; `status` says which."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def receive_body(parts: AsyncIterable[bytes], *, path: str, length: int | None) -> bytes:
    """The whole body; one that is longer than may be sent to `path`, by one byte too many.

    `length` is None where the sender does not say, as a proxy may pass a body on.
    Raise BodyRefused where it does not come whole and in time.
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
        # Cut off, it must not pass for what somebody wrote.
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
