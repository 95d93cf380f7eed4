"""Reads the mailbox to which undelivered mails come back, by IMAP over TLS."""

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings

from inquiries.mail.bounces import Result, take_bounce
from inquiries.models import BounceCount
from inquiries.worker.bounce_messages import MOST_BYTES, read_message

logger = logging.getLogger(__name__)

#: Seconds for one answer of the server, and for one run; what is left waits for the next.
_TIMEOUT = 20.0
_LONGEST_RUN = 60.0
_MOST_MESSAGES = 200
#: These may be a person's answer: they are only marked as read.
_LEFT_FOR_PEOPLE = frozenset({*BounceCount.DROPPED, Result.OTHER})


def read_mailbox(*, on_progress: Callable[[int], None] = lambda count: None) -> bool:
    """Take what is new, one mail after another. Return whether the server let us."""
    try:
        with _open_mailbox() as server:
            _read_new(server, on_progress)
    except (imaplib.IMAP4.error, OSError) as error:
        # Its text may quote the mailbox's name or what was sent.
        logger.warning("the mailbox of bounces can't be read", extra={"kind": _kind_of(error)})
        return False
    return True


def _kind_of(error: Exception) -> str:
    return "refused" if isinstance(error, imaplib.IMAP4.error) else "unreachable"


@contextmanager
def _open_mailbox() -> Iterator[imaplib.IMAP4_SSL]:
    box: Any = settings.BOUNCE_MAILBOX
    context = ssl.create_default_context()
    server = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=_TIMEOUT)
    try:
        server.login(box.user, box.password)
        folder = box.folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, _ = server.select(f'"{folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error(answer)
        yield server
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()
        with suppress(OSError):
            server.shutdown()  # logging out leaves it open if the connection has broken


def _read_new(server: imaplib.IMAP4_SSL, on_progress: Callable[[int], None]) -> None:
    """Each mail is deleted, or marked as read, only after what it says is stored."""
    _, found = server.uid("SEARCH", "UNSEEN", "UNDELETED")
    uids = found[0].split() if found and found[0] else []
    began = time.monotonic()
    for number, uid in enumerate(uids[:_MOST_MESSAGES]):
        if time.monotonic() - began > _LONGEST_RUN:
            break
        raw = _fetch(server, uid.decode("ascii"))
        if not raw:  # somebody has deleted it meanwhile
            continue
        result = take_bounce(read_message(raw))
        flag = r"(\Seen)" if result in _LEFT_FOR_PEOPLE else r"(\Deleted)"
        answer, _ = server.uid("STORE", uid.decode("ascii"), "+FLAGS.SILENT", flag)
        if answer != "OK":  # otherwise it would be read again each time
            raise imaplib.IMAP4.error(answer)
        on_progress(number)
    server.expunge()  # also what an interrupted run left


def _fetch(server: imaplib.IMAP4_SSL, uid: str) -> bytes:
    """Return the beginning of a mail, without marking it as read; empty if it is gone."""
    _, answer = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    for each in answer:
        if isinstance(each, tuple) and re.search(rb"BODY\[\]", each[0], re.IGNORECASE):
            content: bytes = each[1]
            return content
    return b""
