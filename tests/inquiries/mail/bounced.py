"""Mails that came back, as the servers of different providers write them. Written by hand."""

from django.core import mail
from django.utils import timezone

from inquiries.mail import return_addresses
from inquiries.models import Delivery, Inquiry
from inquiries.worker import worker
from tests.factories import make_inquiry

DOMAIN = "bounces.portal.example"


def send_confirmation(email: str = "ana@example.com") -> tuple[Inquiry, str]:
    """Return a request whose confirmation was sent, and where that mail comes back to."""
    inquiry = make_inquiry(contact_method="email", email=email, phone="202-555-0143")
    sent = len(mail.outbox)
    worker._send_mails()
    assert inquiry.deliveries.get().state == Delivery.State.SENT
    return inquiry, mail.outbox[sent].from_email


def token_of(address: str) -> str:
    return address.partition("@")[0].partition("+")[2]


def address_for(delivery: Delivery, email: str = "ana@example.com") -> str:
    """Return an address as a mail of this delivery has it that was sent now."""
    inbox = return_addresses.mark_inbox(email)
    sent = return_addresses.SentMail(
        is_notice=False,
        first=delivery.pk,
        last=delivery.pk,
        inbox=inbox,
        sent_at=timezone.now(),
    )
    return f"bounce+{return_addresses._write_token(sent)}@{DOMAIN}"


def report(  # noqa: PLR0917 - as a report is made of
    to: str,
    status: str = "5.1.1",
    action: str = "failed",
    text: str = "Your message was not delivered.",
    code: str = "smtp; 550 5.1.1 unknown",
    sender: str = "MAILER-DAEMON@mx.example.com",
    final: str = "ana@example.com",
) -> bytes:
    """Return a status report (RFC 3464)."""
    return "\r\n".join(
        [
            "Return-Path: <>",
            f"From: Mail Delivery System <{sender}>",
            f"To: {to}",
            "Subject: Delivery Status Notification",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=edge",
            "",
            "--edge",
            "Content-Type: text/plain; charset=utf-8",
            "",
            text,
            "--edge",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.com",
            "",
            f"Final-Recipient: rfc822; {final}",
            f"Action: {action}",
            f"Status: {status}",
            f"Diagnostic-Code: {code}",
            "",
            "--edge",
            "Content-Type: message/rfc822",
            "",
            "Subject: We have your request",
            "",
            "Someone here will contact you.",
            "--edge--",
            "",
        ]
    ).encode()


def gmail(to: str) -> bytes:
    return report(
        to,
        text="Address not found. Your message wasn't delivered to ana@example.com because the "
        "address couldn't be found, or is unable to receive mail.",
        code="smtp; 550-5.1.1 The email account that you tried to reach does not exist.",
        sender="mailer-daemon@googlemail.example.com",
    )


def microsoft(to: str) -> bytes:
    return report(
        to,
        status="5.1.10",
        code="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
        text="ana wasn't found at example.com.",
        sender="postmaster@outlook.example.com",
    )


def exchange_blocked(to: str) -> bytes:
    return report(
        to,
        status="5.7.1",
        code="smtp;550 5.7.1 Unfortunately, messages from this server weren't sent. Blocked.",
        sender="postmaster@outlook.example.com",
    )


def postfix(to: str) -> bytes:
    return report(
        to,
        text="This is the mail system at host mx.example.com.\r\n\r\n<ana@example.com>: host "
        "in.example.com said: 552 5.2.2 mailbox full",
        status="5.2.2",
        code="smtp; 552 5.2.2 <ana@example.com>: mailbox full",
    )


def postfix_gave_up(to: str) -> bytes:
    """Five days later: the status is temporary, and the mail is not going to arrive."""
    return report(
        to, status="4.4.1", code="X-Postfix; connect to in.example.com: Connection timed out"
    )


def postfix_delayed(to: str) -> bytes:
    return report(to, status="4.4.1", action="delayed", text="You do not need to resend.")


def amazon(to: str) -> bytes:
    return report(
        to,
        status="5.1.1",
        code="smtp; 550 5.1.1 user unknown",
        sender="MAILER-DAEMON@amazonses.example.com",
        text="An error occurred while trying to deliver the mail to the following recipients",
    )


def exim(to: str) -> bytes:
    """Without a status report: a header names the recipient."""
    return "\r\n".join(
        [
            "Return-Path: <>",
            "X-Failed-Recipients: ana@example.com",
            "Auto-Submitted: auto-replied",
            "From: Mail Delivery System <Mailer-Daemon@mx.example.com>",
            f"To: {to}",
            "Subject: Mail delivery failed: returning message to sender",
            "",
            "A message that you sent could not be delivered to one or more of its recipients.",
            "",
            "  ana@example.com",
            "    Unrouteable address",
            "",
        ]
    ).encode()


def yahoo(to: str) -> bytes:
    """Without a status report: only sentences."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@yahoo.com",
            f"To: {to}",
            "Subject: Failure Notice",
            "X-Originating-IP: [192.0.2.1]",
            "",
            "Message from yahoo.com.",
            "Unable to deliver message to the following address(es).",
            "",
            "<ana@yahoo.com>:",
            "This user doesn't have a yahoo.com account (ana@yahoo.com) [0]",
            "",
            "--- Original message follows.",
            "",
        ]
    ).encode()


def vacation(to: str) -> bytes:
    return "\r\n".join(
        [
            "From: Ana <ana@example.com>",
            f"To: {to}",
            "Auto-Submitted: auto-replied (vacation)",
            "Subject: Out of office",
            "",
            "I'm away until Monday. My old address: user unknown.",
            "",
        ]
    ).encode()


def nested(to: str, depth: int) -> bytes:
    """Parts within parts within parts."""
    lines = [f"To: {to}", "MIME-Version: 1.0"]
    for each in range(depth):
        lines += [f"Content-Type: multipart/mixed; boundary=b{each}", "", f"--b{each}"]
    return "\r\n".join([*lines, "", "deep"]).encode()
