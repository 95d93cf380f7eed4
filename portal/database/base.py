"""PostgreSQL for processes that cannot wait: Django's own backend, behind a circuit breaker.

The module's name is Django's: `ENGINE` is "portal.database". A process that serves visitors calls
`stop_waiting`; commands and the worker go on waiting as long as the server takes.
"""

import os
import socket
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base
from psycopg.abc import PQGen

from inquiries.circuit_breaker import DATABASE_BREAKER
from portal.database.standby import STANDBY_SECONDS, FollowedConnection

#: Seconds for a connection, including its check, before the server is asked for a sign of life; and
#: seconds more for one that gives it, because it is merely busy.
CONNECT_SECONDS = 0.8
BUSY_SECONDS = 1.2
#: Seconds without an answer before the server is asked for a sign of life, and seconds for that.
SILENT_SECONDS = 0.4
SIGN_SECONDS = 0.5
# With this request a client asks whether the server speaks TLS. The server answers with one letter,
# before it asks who is there
# (https://www.postgresql.org/docs/current/protocol-message-formats.html).
_SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
_PULSE = 0.1
_patience = threading.local()


def own_name() -> str:
    """Name this process in pg_stat_activity, as “portal MACHINE PROCESS”: 63 bytes at most."""
    machine = socket.gethostname().replace(" ", "-")[:40]
    return f"portal {machine} {os.getpid()}"


class Connection(FollowedConnection):
    """Gives up when the server does not answer, and leaves a server that is read-only."""

    def wait(self, gen: PQGen[Any], interval: float = _PULSE, timeout: float | None = None) -> Any:
        try:
            return super().wait(self._watched(gen), _PULSE, timeout)
        except psycopg.errors.ReadOnlySqlTransaction:
            # After a failover this server is a standby; the next connection finds the other one.
            if not DatabaseWrapper.waits:
                self.close()
            raise

    def _watched(self, gen: PQGen[Any]) -> Generator[Any, Any, Any]:
        began = time.monotonic()
        ask_at, standby_until = began + SILENT_SECONDS, began + STANDBY_SECONDS
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                now = time.monotonic()
                if not ready and not DatabaseWrapper.waits:
                    if now > getattr(_patience, "ends_at", float("inf")):
                        self._give_up()
                    if now > ask_at:
                        if not _is_alive(self.info.hostaddr or self.info.host, self.info.port):
                            self._give_up()
                        ask_at = time.monotonic() + 1
                if not ready and now > standby_until:
                    self.end_wait_for_standby()
                    standby_until = time.monotonic() + STANDBY_SECONDS
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _give_up(self) -> None:
        DATABASE_BREAKER.trip()
        self.close()
        raise psycopg.OperationalError("the database does not answer")


def _is_alive(host: str, port: int) -> bool:
    """Whether the server responds to a new client; one that is merely busy does."""
    with suppress(OSError), _reach(host, port) as line:
        line.sendall(_SSL_REQUEST)
        return bool(line.recv(1))
    return False


def _reach(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), SIGN_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(SIGN_SECONDS)
    line.connect(str(Path(host) / f".s.PGSQL.{port}"))
    return line


def _is_any_alive(params: dict[str, Any]) -> bool:
    """Whether a server of these connection parameters responds; they may name several."""
    hosts = str(params.get("host") or "").split(",")
    ports = str(params.get("port") or 5432).split(",")
    ports = ports if len(ports) == len(hosts) else ports * len(hosts)
    return any(_is_alive(host, int(port)) for host, port in zip(hosts, ports, strict=True) if host)


class DatabaseWrapper(base.DatabaseWrapper):
    #: Whether this process may wait for the server.
    waits: ClassVar[bool] = True

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        if pool := settings_dict["OPTIONS"].get("pool"):
            pool["connection_class"] = Connection

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("application_name", own_name())
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raise OperationalError at once while the breaker knows that the database is down."""
        if not self.waits:
            if DATABASE_BREAKER.is_open:
                raise OperationalError("the database did not answer lately")
            if DATABASE_BREAKER.is_tripped:
                DATABASE_BREAKER.trip()  # one tries; nobody else waits meanwhile
        try:
            connection = self._connect(conn_params)
            if isinstance(connection, Connection):
                connection.settle()
        except (psycopg.OperationalError, OperationalError, InterfaceError):
            DATABASE_BREAKER.trip()
            raise
        finally:
            _patience.ends_at = float("inf")
        DATABASE_BREAKER.reset()
        return connection

    def _connect(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection in time. A server that is merely busy gets more time than others."""
        if self.waits:
            return self._checked_connection(conn_params)
        try:
            return self._connect_within(CONNECT_SECONDS, conn_params)
        except (psycopg.OperationalError, OperationalError, InterfaceError):
            if not _is_any_alive(conn_params):
                raise
        return self._connect_within(BUSY_SECONDS, conn_params)

    def _connect_within(self, seconds: float, conn_params: dict[str, Any]) -> Any:
        _patience.ends_at = time.monotonic() + seconds
        if pool := self.pool:  # type: ignore[attr-defined]  # the stubs are older
            pool.timeout = seconds
        return self._checked_connection(conn_params)

    def _checked_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a pooled connection that answers, or else a new one.

        If one pooled connection is dead, so are the others: the database was away. The pool's own
        check would find them one at a time, and wait a second after each.
        """
        pool = self.pool  # type: ignore[attr-defined]
        connection = super().get_new_connection(conn_params)
        if not pool:
            return connection
        try:
            pool.check_connection(connection)
        except psycopg.OperationalError:
            pool.putconn(connection)
            pool.drain()
            if time.monotonic() > getattr(_patience, "ends_at", float("inf")):
                raise  # it did not answer at all
            return super().get_new_connection(conn_params)
        return connection


def stop_waiting() -> None:
    """For a process that serves visitors: stop waiting for a database that does not answer."""
    DatabaseWrapper.waits = False
