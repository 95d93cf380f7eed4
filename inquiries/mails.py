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

from inquiries import deliveries, intake, links
from inquiries.links import may_link
from inquiries.models import AccessLink, Delivery, Inquiry
from inquiries.states import Outcome, State

_SUBJECTS = {
    Delivery.Kind.ACKNOWLEDGEMENT: "We have your request {reference}",
    Delivery.Kind.REPLY: "There is a message for you ({reference})",
    Delivery.Kind.LINK: "Your private link ({reference})",
}


#: The code of a mail server that does not answer.
UNREACHABLE = "unreachable"


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
    if (
        inquiry.state == State.ERASED
        or inquiry.outcome == Outcome.WITHDRAWN
        or not deliveries.may_write_to(sending)
    ):
        raise NotNeeded
    mail = _write(delivery, inquiry, sending)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise Unsendable("refused", for_good=_is_final(code)) from None
    except smtplib.SMTPResponseException:
        # Of the sender or of us, which somebody can mend.
        raise Unsendable("refused") from None
    except (smtplib.SMTPException, OSError):
        raise Unsendable(UNREACHABLE) from None
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
        "page": _link(delivery, inquiry) if may_link(inquiry, sending) else "",
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


def _link(delivery: Delivery, inquiry: Inquiry) -> str:
    """One a mail: that of an attempt that failed goes."""
    token = links.make(inquiry, mailed=True)
    if delivery.link_id:
        AccessLink.objects.filter(pk=delivery.link_id).delete()
    Delivery.objects.filter(pk=delivery.pk).update(link=links.find(token))
    return _absolute(reverse("inquiries:private_link", args=[token]))


def _absolute(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def _at_the_clinic(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.CLINIC.time_zone))
