"""Hands a mail to the mail server, and says in a word of our own why it wasn't taken."""

import smtplib
from email.errors import MessageError

from django.core.mail import EmailMultiAlternatives

from inquiries.contact_details.email_addresses import on_the_wire
from inquiries.models import Delivery

#: The code for a mail server that does not answer.
UNREACHABLE = "unreachable"
_PERMANENT = 500


class Unsendable(Exception):
    """The mail was not accepted. `code` is our own word for why; `is_permanent`: don't retry.

    `smtp_code` is the mail server's answer, if it gave one.
    """

    def __init__(
        self, code: str, *, is_permanent: bool = False, smtp_code: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.is_permanent = is_permanent
        self.smtp_code = smtp_code


def hand_over(mail: EmailMultiAlternatives) -> None:
    """Send it to the mail server. Raise Unsendable, without the server's reply.

    If the connection breaks after the text was sent, nobody knows whether it was accepted. It is
    sent again, because a duplicate is better than no mail; both have the same Message-ID.
    """
    try:
        mail.to = [on_the_wire(each) for each in mail.to]
        mail.send()
    except smtplib.SMTPDataError as error:
        # The same text would get the same answer (RFC 5321, 4.2.1).
        is_final = error.smtp_code >= _PERMANENT
        smtp_code = error.smtp_code
        raise Unsendable("refused", is_permanent=is_final, smtp_code=smtp_code) from None
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise Unsendable("refused", is_permanent=_is_final(code), smtp_code=code) from None
    except smtplib.SMTPNotSupportedError:
        raise Unsendable(Delivery.NO_SMTPUTF8, is_permanent=True) from None
    except smtplib.SMTPResponseException as error:
        # A problem with the sender address or our account, which somebody can fix.
        raise Unsendable("refused", smtp_code=error.smtp_code) from None
    except (smtplib.SMTPException, OSError):
        raise Unsendable(UNREACHABLE) from None
    except (MessageError, UnicodeError, ValueError):
        raise Unsendable("address", is_permanent=True) from None


def _is_final(code: int) -> bool:
    """RFC 5321, 4.2.1: 5xx is permanent, but we retry those that somebody can fix."""
    return code in {550, 551, 553, 501}
