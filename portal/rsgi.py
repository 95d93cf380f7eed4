"""Entry point for granian: `granian --interface rsgi portal.rsgi:application`.

With RSGI, waiting for a body takes no thread, and can be given up. Django itself is called as by
any WSGI server, in a few threads.
"""

import asyncio
import io
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined] # re-exported

from portal import wsgi

# Models can load only now, after `wsgi` has set up the portal.
from portal.config.server import MOST_AT_WORK
from portal.http import bodies, limits
from portal.page_cache import layer

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined] # as above

logger = logging.getLogger(__name__)

#: Where requests wait for their turn, and are worked on.
_threads = ThreadPoolExecutor(MOST_AT_WORK, thread_name_prefix="work")
#: Bytes of an answer that are handed over at once, so that a slow reader holds no thread.
_MOST_AT_ONCE = 20_000_000
#: Seconds to send one part of a longer answer.
_PART_SECONDS = 30


async def application(scope: "Scope", protocol: "HTTPProtocol") -> None:
    environ = _environ(scope)
    if answer := layer.answer_at_once(environ):
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        return
    if scope.method == "POST":
        await _read_body(environ, protocol)
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(_threads, _answer, environ, protocol, loop)
    except ProtocolClosed:
        pass  # the client has left
    except Exception:
        logger.exception("an answer did not go out")
        with suppress(ProtocolClosed, ProtocolError):
            protocol.response_bytes(HTTPStatus.INTERNAL_SERVER_ERROR, [], b"")


async def _read_body(environ: dict[str, Any], protocol: "HTTPProtocol") -> None:
    said = environ.get("CONTENT_LENGTH")
    length, path = int(said) if said else None, environ["PATH_INFO"]
    if length is not None and length > limits.max_body(path):
        return  # refused for its length, unread
    try:
        body = await bodies.receive_body(protocol, path=path, length=length)
    except bodies.BodyRefused as refused:
        environ[limits.REFUSAL] = refused.status
        body = b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))


def _answer(
    environ: dict[str, Any], protocol: "HTTPProtocol", loop: asyncio.AbstractEventLoop
) -> None:
    """Do all of it in one thread: what Django opens there, it closes there."""
    start: list[Any] = []
    result = wsgi.application(environ, lambda *said: start.extend(said))  # type: ignore[arg-type]
    try:
        status, headers = int(start[0].split(" ", 1)[0]), start[1]
        length = next((int(value) for name, value in headers if name == "Content-Length"), None)
        if length is None or length > _MOST_AT_ONCE:
            _stream(result, protocol.response_stream(status, headers), loop)
        else:
            protocol.response_bytes(status, headers, b"".join(result))
    finally:
        if close := getattr(result, "close", None):
            close()


def _stream(result: Iterable[bytes], transport: Any, loop: asyncio.AbstractEventLoop) -> None:
    for part in result:
        sent = asyncio.run_coroutine_threadsafe(_send(transport, part), loop)
        sent.result(_PART_SECONDS)


async def _send(transport: Any, part: bytes) -> None:
    await transport.send_bytes(part)


def _environ(scope: "Scope") -> dict[str, Any]:
    """Return the environment that a WSGI server would pass (PEP 3333)."""
    address, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": address.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "HTTP_HOST": scope.authority or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for the one with a hyphen, which only the proxy sets
        between = "; " if name == "cookie" else ","
        headers[name] = f"{headers[name]}{between}{value}" if name in headers else value
    for name, value in headers.items():
        key = name.replace("-", "_").upper()
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ
