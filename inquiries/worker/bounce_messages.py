"""Reads one mail that came to a return address: what it says of which mail of ours.

Anybody can send one. What is too large or too deep is cut or dropped before it is parsed, and none
of it is kept. Only the worker and `take_bounce` import this.
"""

import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from flufl.bounce import all_failures

from inquiries.mail.bounces import Bounce, Result, classify

# It writes a line for each format that it tries, and its failures are logged here.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

#: Bytes that are read of a mail. What a server says comes first; our own mail, after it.
MOST_BYTES = 262_144
#: Lines that are read: each format is looked for in each line.
_MOST_LINES = 4_000
#: Bytes of a line (RFC 5322, 2.1.1), and parts in all.
_LONGEST_LINE = 998
_MOST_PARTS = 50
#: Lines that may separate parts; thousands of empty parts take seconds.
_MOST_EDGES = 500
#: Characters of a report in which words for the reason are looked for.
_MOST_WORDS = 20_000
_EDGE = re.compile(rb"^--", re.MULTILINE)
_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
#: Where the address stands to which it was sent. The last ones are written by our own server.
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")
_DAEMONS = re.compile(r"mailer-daemon|postmaster|mail delivery (?:sub)?system", re.IGNORECASE)


def read_message(raw: bytes, *, recipient: str = "") -> Bounce:
    """Return what a mail says; `recipient` is where the mail server says that it was sent."""
    lines = raw[:MOST_BYTES].splitlines()[:_MOST_LINES]
    raw = b"\n".join(line[:_LONGEST_LINE] for line in lines)
    if len(_PART.findall(raw)) > _MOST_PARTS or len(_EDGE.findall(raw)) > _MOST_EDGES:
        return Bounce((recipient,), Result.UNREADABLE)
    try:
        return _read(message_from_bytes(raw), recipient)
    except Exception:
        # Parsers of mail fail in many ways; the exception's text may quote the mail.
        logging.getLogger(__name__).exception("a mail to a return address could not be read")
        return Bounce((recipient,), Result.UNREADABLE)


def _read(message: Message, recipient: str) -> Bounce:
    to = (recipient, *(str(each) for name in _TO for each in message.get_all(name, [])))
    reports = [*_status_reports(message)]
    if reports:
        return _read_reports(to, message, reports)
    if _is_auto_reply(message):
        return Bounce(to, Result.AUTO_REPLY)
    if not getaddresses([str(message["From"] or "")]):
        del message["From"]
        message["From"] = "nobody@example.invalid"  # flufl.bounce fails without one
    delayed, failed = all_failures(message)
    # Newer Pythons read an empty header as one empty address (strict parsing, gh-102988).
    if not any(failed):
        return Bounce(to, Result.DELAYED if delayed else Result.OTHER)
    return Bounce(to, Result.FAILED, classify("", _text_of(message)))


# --- Status reports (RFC 3464) --------------------------------------------------------------------


def _status_reports(message: Message) -> Iterator[Message]:
    """Yield what is said of each recipient; of the message as a whole, nothing is needed."""
    for part in message.walk():
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message) and (block["Action"] or block["Status"]):
                    yield block


def _read_reports(to: tuple[str, ...], message: Message, reports: list[Message]) -> Bounce:
    """Return the worst: each of our mails has one recipient, who may forward it to others."""
    failed = [each for each in reports if _result_of(each) == Result.FAILED]
    if failed:
        said = f"{failed[0]['Diagnostic-Code'] or ''} {_text_of(message)}"
        return Bounce(to, Result.FAILED, classify(_status_of(failed[0]), said))
    is_late = any(_result_of(each) == Result.DELAYED for each in reports)
    return Bounce(to, Result.DELAYED if is_late else Result.OTHER)


def _result_of(report: Message) -> Result:
    """“failed” is final whatever the status: the server has stopped trying (RFC 3464, 2.3.3)."""
    action = str(report["Action"] or "").strip().lower()
    if action.startswith(("fail", "error")):
        return Result.FAILED
    if action.startswith("delay"):
        return Result.DELAYED
    if action:  # delivered, relayed, expanded
        return Result.OTHER
    return {"5": Result.FAILED, "4": Result.DELAYED}.get(_status_of(report)[:1], Result.OTHER)


def _status_of(report: Message) -> str:
    """Return the enhanced status code, without the comment that some servers add."""
    found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", str(report["Status"] or ""))
    return found[1] if found else ""


# --- Other mails ----------------------------------------------------------------------------------


def _is_auto_reply(message: Message) -> bool:
    """Whether it is a vacation notice or the like, which says nothing about our mail (RFC 3834)."""
    if message["X-Failed-Recipients"] or _DAEMONS.search(str(message["From"] or "")):
        return False
    sent_by = str(message["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    is_marked = any(message[name] for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response"))
    return is_marked or sent_by != "no" or str(message["Precedence"]).lower() == "auto_reply"


def _text_of(message: Message) -> str:
    """Return what the server wrote for people: the first text."""
    for part in message.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            return content[:_MOST_WORDS].decode("latin-1") if isinstance(content, bytes) else ""
    return ""
