"""A synchronous standby: a commit waits for it, but not for one that is away.

PostgreSQL has no end to that wait: with `synchronous_standby_names` set and no standby there, each
commit would hang, and soon every page with it. Ending the wait undoes nothing: the commit is then
on one machine (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION).
"""

import logging
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from psycopg.errors import Diagnostic

from inquiries.circuit_breaker import STANDBY_BREAKER

#: Seconds that a commit waits for the standby.
STANDBY_SECONDS = 2.0
# How PostgreSQL begins its warning about a commit whose wait was ended.
_ENDED = "canceling wait for synchronous replication"
# A record of the server's log that means nothing, so that there is something to commit.
_NOTHING = "SELECT pg_logical_emit_message(true, 'portal', '')"

logger = logging.getLogger(__name__)


class FollowedConnection(psycopg.Connection[Any]):
    """Knows whether the standby has what was committed."""

    #: Whether the standby has not confirmed a commit of this connection that waited for it.
    lacks_copy = False
    #: Whether its commits don't wait for the standby.
    is_alone = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.add_notice_handler(self._note)

    def end_wait_for_standby(self) -> None:
        """End what this connection waits for if that is the standby. Anything else goes on."""
        with suppress(psycopg.Error):
            if _waits_for_standby(self.info):
                # It returns once the server knows, so nothing that follows can be canceled instead.
                self.cancel_safe(timeout=STANDBY_SECONDS)

    def settle(self) -> None:
        """Before it is used: wait for the standby, unless that is known to be away."""
        if settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]:
            return  # a pooler would give what is set here to others
        is_away = STANDBY_BREAKER.is_open
        if is_away != self.is_alone:
            self.execute(f"SET synchronous_commit TO {'local' if is_away else 'DEFAULT'}")
            self.is_alone = is_away
        if not is_away and STANDBY_BREAKER.is_tripped:
            STANDBY_BREAKER.trip()  # one finds out; nobody else waits meanwhile
            self.lacks_copy = False
            self.execute(_NOTHING)
            if not self.lacks_copy:
                STANDBY_BREAKER.reset()

    def _note(self, said: Diagnostic) -> None:
        if (said.message_primary or "").startswith(_ENDED):
            self.lacks_copy = True
            STANDBY_BREAKER.trip()
            logger.error("a commit is on one machine only: the standby does not answer")


def _waits_for_standby(info: psycopg.ConnectionInfo) -> bool:
    parameters: dict[str, Any] = {**info.get_parameters(), "password": info.password}
    with psycopg.connect(**{**parameters, "connect_timeout": 1}, autocommit=True) as other:
        asked = "SELECT wait_event = 'SyncRep' FROM pg_stat_activity WHERE pid = %s"
        row = other.execute(asked, [info.backend_pid]).fetchone()
    return bool(row and row[0])
