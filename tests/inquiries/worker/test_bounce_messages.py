"""What mails to a return address say: of each provider's form, and made to do harm."""

from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest

from inquiries.mail.bounces import Result
from inquiries.models import BounceReason
from inquiries.worker import bounce_messages
from inquiries.worker.bounce_messages import MOST_BYTES, read_message
from tests.inquiries.mail import bounced

pytestmark = pytest.mark.once

TO = f"bounce+{'a' * 24}.{'b' * 26}@{bounced.DOMAIN}"


@pytest.mark.parametrize(
    ("provider", "reason"),
    [
        (bounced.gmail, BounceReason.NO_ADDRESS),
        (bounced.microsoft, BounceReason.NO_ADDRESS),
        (bounced.exchange_blocked, BounceReason.BLOCKED),
        (bounced.postfix, BounceReason.FULL),
        (bounced.postfix_gave_up, BounceReason.NOT_SAID),
        (bounced.exim, BounceReason.NO_ADDRESS),
        (bounced.amazon, BounceReason.NO_ADDRESS),
        (bounced.yahoo, BounceReason.NO_ADDRESS),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_the_forms_of_providers_are_read(
    provider: Callable[[str], bytes], reason: BounceReason
) -> None:
    bounce = read_message(provider(TO))
    assert (bounce.result, bounce.reason) == (Result.FAILED, reason)
    assert any(TO in each for each in bounce.texts)


@pytest.mark.parametrize(
    ("raw", "result"),
    [
        (bounced.postfix_delayed(TO), Result.DELAYED),
        (bounced.report(TO, action="relayed", status="2.1.9"), Result.OTHER),
        (bounced.report(TO, action="", status="5.0.0 (undefined)"), Result.FAILED),
        (bounced.report(TO, action="", status="4.2.2"), Result.DELAYED),
        (bounced.report(TO, action="", status="5"), Result.OTHER),
        (bounced.report(TO, action="error"), Result.FAILED),
        (bounced.vacation(TO), Result.AUTO_REPLY),
        (f"To: {TO}\nX-Autoreply: yes\n\nuser unknown".encode(), Result.AUTO_REPLY),
        (f"To: {TO}\nPrecedence: auto_reply\n\nI'm away".encode(), Result.AUTO_REPLY),
        (f"To: {TO}\nSubject: Hello\n\nThank you for calling".encode(), Result.OTHER),
        (f"To: {TO}".encode(), Result.OTHER),
        (b"", Result.OTHER),
        (b"\x00\xff\xfe" * 1000, Result.OTHER),
    ],
    ids=range(13),
)
def test_only_a_final_report_is_a_failure(raw: bytes, result: Any) -> None:
    assert read_message(raw).result == result


def test_a_warning_without_a_status_report_is_a_delay() -> None:
    raw = (
        f"From: Mail Delivery System <Mailer-Daemon@mx.example.com>\nTo: {TO}\n"
        "Subject: Warning: message delayed 24 hours\n"
        "X-Failed-Recipients: \n\n"
        "This message was created automatically by mail delivery software.\n"
        "A message that you sent has not yet been delivered to one or more of its\n"
        "recipients after more than 24 hours on the queue on mx.example.com.\n\n"
        "The address to which the message has not yet been delivered is:\n\n"
        "  ana@example.com\n\n"
        "No action is required on your part. Delivery attempts will continue for\n"
    )
    assert read_message(raw.encode()).result in {Result.DELAYED, Result.OTHER}


def test_the_recipient_that_the_server_names_counts_too() -> None:
    assert read_message(bounced.gmail("list@example.com"), recipient=TO).texts[0] == TO
    raw = b"Delivered-To: " + TO.encode() + b"\r\n" + bounced.gmail("other@example.com")
    assert any(TO in each for each in read_message(raw).texts)


@pytest.mark.parametrize("depth", [51, 5_000])
def test_security_9_deeply_nested_parts_are_dropped_unread(depth: int) -> None:
    assert read_message(bounced.nested(TO, depth)).result == Result.UNREADABLE


def test_parts_within_the_limit_are_read() -> None:
    assert read_message(bounced.nested(TO, 40)).result == Result.OTHER


HOSTILE = {
    "20 megabytes": bounced.gmail(TO) + b"x" * 20_000_000,
    "one line": b"To: " + TO.encode() + b"\n\n" + b"<" * 20_000_000,
    "many empty parts": (
        f"To: {TO}\nContent-Type: multipart/mixed; boundary=b\n\n".encode() + b"--b\n\n" * 60_000
    ),
    "many header lines": b"To: a@example.com\n" * 20_000 + b"\n",
    "many folded lines": b"Subject: a\n" + b" b\n" * 80_000 + b"\n",
    "many recipients": b"X-Failed-Recipients: "
    + b"a@example.com, " * 60
    + b"\n\n"
    + b"<a@b> " * 9_000,
    "no end": f"To: {TO}\nContent-Type: multipart/report; boundary=b\n\n--b\n".encode(),
    "a report without fields": bounced.report(TO).replace(b"Action: failed", b"A: b"),
    "a report as text": bounced.report(TO).replace(b"message/delivery-status", b"text/plain"),
    "an unknown character set": bounced.report(TO).replace(b"utf-8", b"klingon-8"),
    "a wrong character set": bounced.report(TO, text="Ñandú").replace(b"utf-8", b"utf-16"),
    "a wrong encoding": bounced.report(TO).replace(
        b"charset=utf-8", b"charset=utf-8\r\nContent-Transfer-Encoding: base64"
    ),
    "encoded words": b"To: =?utf-8?b?" + b"A" * 900 + b"?=\nFrom: =?klingon?q?=FF?=\n\nhello",
    "no parts": f"To: {TO}\nContent-Type: multipart/report\n\n".encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_security_9_hostile_mails_are_read_without_harm(name: str) -> None:
    bounce = read_message(HOSTILE[name])
    assert bounce.result in Result


def test_what_is_beyond_the_limit_is_not_looked_at() -> None:
    to = b"From: MAILER-DAEMON@yahoo.com\nTo: " + TO.encode() + b"\n\n"
    for padding in (b"x\n" * 4_000, b"x" * MOST_BYTES):
        assert read_message(to + padding + bounced.yahoo(TO)).result == Result.OTHER


def test_a_parser_that_fails_drops_the_mail(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(message: Message) -> Any:
        raise RecursionError

    monkeypatch.setattr(bounce_messages, "all_failures", fail)
    assert read_message(bounced.yahoo(TO)).result == Result.UNREADABLE
    assert "ana@" not in caplog.messages[-1]


def test_nothing_of_a_mail_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        for make in (bounced.gmail, bounced.exim, bounced.yahoo, bounced.vacation):
            read_message(make(TO))
    assert caplog.messages == []
