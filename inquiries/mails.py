"""Mails to the senders of requests: that something is there, never what it is.

No name, no topic, no article, no word of hers: others may read the screen, and mail servers do.
"""

import smtplib
from datetime import datetime
from email.errors import MessageError
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from inquiries import intake, links
from inquiries.models import ContactMethod, Delivery, Inquiry
from inquiries.states import State

_SUBJECTS = {
    Delivery.Kind.ACKNOWLEDGEMENT: "We have your request {reference}",
    Delivery.Kind.REPLY: "There is a message for you ({reference})",
    Delivery.Kind.LINK: "Your private link ({reference})",
}


class NotNeeded(Exception):
    """There is nobody to write to any more."""


class Unsendable(Exception):
    """The mail was not taken. `code` says why in a word of ours; `for_good`: nor will it be."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


def send(delivery: Delivery) -> None:
    """Write the mail as things stand now and hand it to the mail server.

    Raise NotNeeded or Unsendable. What a mail server says stays here: it names her address.
    """
    inquiry = Inquiry.objects.for_reading().get(pk=delivery.inquiry_id)
    sending = intake.latest(inquiry)
    if inquiry.state == State.ERASED or not sending.email:
        raise NotNeeded
    mail = _write(delivery, inquiry, sending)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise Unsendable("refused", for_good=_is_final(code)) from None
    except smtplib.SMTPResponseException as error:
        raise Unsendable("refused", for_good=_is_final(error.smtp_code)) from None
    except (TimeoutError, smtplib.SMTPException, OSError):
        raise Unsendable("unreachable") from None
    except (MessageError, UnicodeError, ValueError):
        raise Unsendable("address", for_good=True) from None


def _is_final(code: int) -> bool:
    """RFC 5321, 4.2.1: five hundred and more is a no for good; but not for what may be mended."""
    return code in {550, 551, 553, 501}


def _write(delivery: Delivery, inquiry: Inquiry, sending: Inquiry) -> EmailMultiAlternatives:
    context = {
        "reference": inquiry.reference,
        "due_at": _at_the_clinic(inquiry.due_at) if inquiry.awaits_answer else None,
        "clinic": settings.CLINIC,
        "page": _link(inquiry) if _may_link(sending) else "",
        "ask": _absolute(reverse("inquiries:coordinator")),
    }
    name = f"mail/{delivery.kind}"
    mail = EmailMultiAlternatives(
        subject=_SUBJECTS[Delivery.Kind(delivery.kind)].format(reference=inquiry.reference),
        body=render_to_string(f"{name}.txt", context),
        to=[sending.email],
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: no machine answers it
            # The same for every attempt, so that a mail sent twice is shown once.
            "Message-ID": f"<{inquiry.reference}.{delivery.pk}@{_domain()}>".lower(),
        },
    )
    mail.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return mail


def _may_link(sending: Inquiry) -> bool:
    """Only who chose mail, and reads it alone: whoever has the link is half way in."""
    return sending.contact_method == ContactMethod.EMAIL and not sending.shared_email


def _link(inquiry: Inquiry) -> str:
    return _absolute(reverse("inquiries:private_link", args=[links.make(inquiry)]))


def _absolute(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def _at_the_clinic(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.CLINIC.time_zone))
