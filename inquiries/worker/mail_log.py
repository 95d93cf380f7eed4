"""What became of each mail: a line in the log, and counts for whoever watches the worker.

A line names a mail by its number and says what the mail server answered, as a code. It never has
an address or a text.
"""

import logging
from collections import Counter

from django.conf import settings

from inquiries.models import Delivery, Notice

logger = logging.getLogger(__name__)

#: SMTP's answer to a mail that was taken (RFC 5321, 4.2.3).
_TAKEN = 250
SENT, DROPPED, FAILED = "sent", "dropped", "failed"
#: How many mails ended how since this process started, by recipient (`sender` or `staff`).
results: Counter[tuple[str, str]] = Counter()


def record_result(
    mail: Delivery | list[Notice], result: str, *, reason: str = "", code: int | None = None
) -> None:
    """Log and count one attempt. `code` is the mail server's; `reason` is our word for a failure.

    A failure here is one attempt: whether it was the last, the row of the mail says.
    """
    is_delivery = isinstance(mail, Delivery)
    results["sender" if is_delivery else "staff", result] += 1
    first = mail if isinstance(mail, Delivery) else mail[0]
    told: dict[str, object] = {
        "delivery" if is_delivery else "notice": first.pk,
        "mail": str(first.kind),
        "attempt": first.attempts,
        "kind": reason or None,
        "code": code if code or result != SENT or not settings.EMAIL_HOST else _TAKEN,
    }
    if not isinstance(mail, Delivery):
        told["count"] = len(mail)
    if result == FAILED:
        logger.warning("a mail was not taken", extra=told)
    elif result == SENT:
        logger.info("a mail was sent", extra=told)
    else:
        logger.info("a mail was no longer needed", extra=told)
