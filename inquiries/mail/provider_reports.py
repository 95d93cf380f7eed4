"""Reads what mail providers report by webhook, as JSON: each of their forms becomes a Bounce.

Amazon SES (alone, or in SNS), Postmark, Mailgun, and SendGrid. Only a return address that we made
decides which mail it is; addresses and texts in a report are neither believed nor kept.
"""

import json
from collections.abc import Iterator
from typing import Any

from inquiries.mail.bounces import Bounce, Result, classify
from inquiries.models import BounceReason

#: SendGrid sends its reports in lists; whatever is beyond this has been made up.
_MOST_REPORTS = 2_000
#: Characters of one text that are looked at.
_MOST_TEXT = 2_000


def read_reports(said: Any) -> Iterator[Bounce]:
    """Yield what the reports of one delivery by webhook say; nothing if none is about a bounce."""
    for each in (said if isinstance(said, list) else [said])[:_MOST_REPORTS]:
        report = _unwrap(each)
        for read in (_read_ses, _read_postmark, _read_mailgun, _read_sendgrid):
            if bounce := read(report):
                yield bounce
                break


def subscription_address(said: Any) -> str:
    """Return the address at which an operator confirms a subscription of Amazon SNS, if it asks."""
    asks = _text(said, "Type") == "SubscriptionConfirmation"
    return _text(said, "SubscribeURL") if asks else ""


def _unwrap(said: Any) -> Any:
    """Return the report in a notification of Amazon SNS; anything else as it is."""
    if _text(said, "Type") != "Notification":
        return said
    try:
        return json.loads(said["Message"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}


def _read_ses(said: Any) -> Bounce | None:
    kind = _text(said, "notificationType") or _text(said, "eventType")
    if kind not in {"Bounce", "DeliveryDelay", "Reject"}:
        return None
    headers = _get(said, "mail", "headers")
    texts = (
        _text(said, "mail", "source"),
        *(_text(each, "value") for each in (headers if isinstance(headers, list) else [])[:100]),
    )
    if kind == "Reject":
        return Bounce(texts, Result.FAILED, BounceReason.BLOCKED)
    recipients = _get(said, "bounce", "bouncedRecipients")
    first = recipients[0] if isinstance(recipients, list) and recipients else {}
    # “Transient” is either a server that has given up or a vacation notice, which has no action.
    is_final = _text(said, "bounce", "bounceType") == "Permanent" or (
        kind == "Bounce" and _text(first, "action") == "failed"
    )
    if not is_final:
        return Bounce(texts, Result.DELAYED)
    subtype = _text(said, "bounce", "bounceSubType")
    by_subtype = {
        "NoEmail": BounceReason.NO_ADDRESS,
        "MailboxFull": BounceReason.FULL,
        "ContentRejected": BounceReason.BLOCKED,
        "Suppressed": BounceReason.NO_ADDRESS,
        "OnAccountSuppressionList": BounceReason.NO_ADDRESS,
    }
    reason = by_subtype.get(subtype) or classify(
        _text(first, "status"), _text(first, "diagnosticCode")
    )
    return Bounce(texts, Result.FAILED, reason)


#: What Postmark calls a bounce that is final.
_POSTMARK_FAILED = {
    "HardBounce": "",
    "BadEmailAddress": BounceReason.NO_ADDRESS,
    "DnsError": BounceReason.NO_ADDRESS,
    "SoftBounce": "",
    "Unknown": "",
    "Blocked": BounceReason.BLOCKED,
    "SpamNotification": BounceReason.BLOCKED,
    "DMARCPolicy": BounceReason.BLOCKED,
    "ManuallyDeactivated": BounceReason.BLOCKED,
}
_POSTMARK_OTHERS = {
    "AutoResponder": Result.AUTO_REPLY,
    "Transient": Result.DELAYED,
    "ChallengeVerification": Result.DELAYED,
}


def _read_postmark(said: Any) -> Bounce | None:
    kind = _text(said, "Type")
    if _text(said, "RecordType") != "Bounce":
        return None
    metadata = _get(said, "Metadata")
    values = metadata.values() if isinstance(metadata, dict) else ()
    texts = tuple(str(each)[:_MOST_TEXT] for each in values)
    if kind not in _POSTMARK_FAILED:
        return Bounce(texts, _POSTMARK_OTHERS.get(kind, Result.OTHER))
    text = f"{_text(said, 'Description')} {_text(said, 'Details')}"
    reason = BounceReason(_POSTMARK_FAILED[kind] or classify("", text))
    if kind == "HardBounce" and reason == BounceReason.NOT_SAID:
        reason = BounceReason.NO_ADDRESS
    return Bounce(texts, Result.FAILED, reason)


def _read_mailgun(said: Any) -> Bounce | None:
    event, kind = _get(said, "event-data"), _text(said, "event-data", "event")
    if kind not in {"failed", "rejected"}:
        return None
    texts = (_text(event, "user-variables", "bounce"), _text(event, "envelope", "sender"))
    if kind == "rejected":
        return Bounce(texts, Result.FAILED, BounceReason.BLOCKED)
    if _text(event, "severity") != "permanent":
        return Bounce(texts, Result.DELAYED)
    status = _get(event, "delivery-status")
    text = f"{_text(status, 'message')} {_text(status, 'description')}"
    return Bounce(texts, Result.FAILED, classify(_text(status, "enhanced-code"), text))


def _read_sendgrid(said: Any) -> Bounce | None:
    kind = _text(said, "event")
    if kind not in {"bounce", "dropped", "deferred"}:
        return None
    texts = (_text(said, "bounce"), _text(said, "unique_args", "bounce"))
    if kind == "deferred":
        return Bounce(texts, Result.DELAYED)
    reason = classify(_text(said, "status"), _text(said, "reason"))
    if reason == BounceReason.NOT_SAID and _text(said, "type") == "blocked":
        reason = BounceReason.BLOCKED
    return Bounce(texts, Result.FAILED, reason)


def _get(said: Any, *names: str) -> Any:
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _text(said: Any, *names: str) -> str:
    found = _get(said, *names)
    return found[:_MOST_TEXT] if isinstance(found, str) else ""
