"""Notices to staff: who has been told what, and in which mails."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from inquiries.models import Notice
from inquiries.worker import worker


def told() -> set[tuple[str, str]]:
    rows = Notice.objects.values_list("kind", "user__email")
    assert len(rows) == len(set(rows)), "each once"
    return set(rows)


def send_all() -> list[EmailMultiAlternatives]:
    """Send all mail that is due, and return the mails to staff."""
    mail.outbox.clear()
    while worker._send_mails():
        pass
    sent = [each for each in mail.outbox if isinstance(each, EmailMultiAlternatives)]
    return [each for each in sent if "notice." in each.extra_headers["Message-ID"]]


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


OWNER, CHIEF = "owner@example.org", "chief@example.org"
