"""Checks of the mail server; a real email is sent only when the operator asks for it."""

import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from inquiries.mail import bounces
from inquiries.models import BounceCount
from portal.doctor import Check, Problem, check, host

#: Seconds for each answer of the mail server.
_PATIENCE = 10
# Fewer may be spam.
_MANY_BOUNCES, _WEEK = 10, 7


@check
def mail_can_be_sent() -> Problem | None:
    """Connects and signs in, and sends nothing."""
    if not settings.EMAIL_IS_SET:
        return Problem("No mail server is set. Mail is waiting.", "Set EMAIL_URL.")
    try:
        with get_connection(timeout=_PATIENCE):
            return None
    except Exception as error:  # noqa: BLE001 - refused, away, wrong name, no certificate
        return _explain(error)


def trial_mail(address: str) -> Check:
    """Return a check that sends an email there. Its text says nothing but that it is a trial."""

    def send() -> Problem | None:
        if not settings.EMAIL_IS_SET:
            return Problem("No email was sent, because no mail server is set.", "Set EMAIL_URL.")
        message = EmailMessage(
            "Care Portal: trial",
            f"manage.py doctor on {host()} sent this. If you can read it, mail works.",
            to=[address],
            connection=get_connection(timeout=_PATIENCE),
        )
        try:
            message.send()
        except Exception as error:  # noqa: BLE001 - as above
            return _explain(error)
        return None

    return send


@check
def bounces_are_read() -> Problem | None:
    """Otherwise nobody learns that an email came back after the mail server had accepted it."""
    if not settings.RETURN_ADDRESS:
        return Problem(
            "Emails that come back aren't read, so a patient may wait for one that didn't arrive.",
            "Set PORTAL_BOUNCES. docs/operations/bounces.md has the steps.",
            is_advice=True,
        )
    counts = bounces.count_recent(_WEEK)
    strange = sum(counts.get(each, 0) for each in BounceCount.DROPPED)
    if strange < _MANY_BOUNCES or strange < sum(counts.values()):
        return None
    return Problem(
        f"{strange} emails came back within a week, and not one had a return address of ours.",
        "Check that PORTAL_BOUNCES reaches the mailbox or webhook with the part after the plus.",
        is_advice=True,
    )


def _explain(error: Exception) -> Problem:
    """Say what is wrong in our words: the server's may repeat a name or a password."""
    match error:
        case smtplib.SMTPAuthenticationError():
            what = "The mail server refused the user name or the password."
            return Problem(what, "Correct them in EMAIL_URL.")
        case ssl.SSLError():
            what = "The mail server's certificate or TLS isn't right."
            return Problem(what, "Check the server's name in EMAIL_URL, and its certificate.")
        case smtplib.SMTPSenderRefused():
            what = f"The mail server doesn't accept mail from {settings.DEFAULT_FROM_EMAIL}."
            return Problem(what, "Set PORTAL_MAIL_FROM to an address that it may send for.")
        case smtplib.SMTPRecipientsRefused():
            what = "The mail server doesn't accept mail to that address."
            return Problem(what, "Name another with --mail-to, or ask who runs the server.")
        case smtplib.SMTPResponseException(smtp_code=code):
            what = f"The mail server refused the email with code {code}."
            return Problem(what, "Look for that code in the mail server's log.")
        case _:
            what = "The mail server refused the connection."
            what_to_do = "Check EMAIL_URL: server, port, user name, password, and TLS."
            return Problem(what, what_to_do)
