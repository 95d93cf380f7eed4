"""Mail to the mail server, even for addresses with non-ASCII letters before the @ (RFC 6531)."""

import smtplib
from email import message_from_bytes
from email.policy import SMTPUTF8

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from inquiries.contact_details.email_addresses import needs_smtputf8


class EmailBackend(smtp.EmailBackend):
    """Django's own backend would encode such an address as an encoded word: a different address."""

    def _send(self, email_message: EmailMessage) -> bool:
        recipients = email_message.recipients()
        if not any(map(needs_smtputf8, recipients)):
            return bool(super()._send(email_message))  # type: ignore[misc] # the stubs leave it out
        server = self.connection
        if server is None:  # Django's backend has opened it, or raised
            return False
        server.ehlo_or_helo_if_needed()
        if not server.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError("The mail server does not announce SMTPUTF8.")
        message = message_from_bytes(email_message.message().as_bytes(), policy=SMTPUTF8)
        message.replace_header("To", ", ".join(email_message.to))
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        server.sendmail(email_message.from_email, recipients, message.as_bytes(), options)
        return True
