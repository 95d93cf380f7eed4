"""Canned replies: what stands in braces, and how it is filled in for one request."""

import re
from typing import TYPE_CHECKING

from django.conf import settings

from inquiries.models import CannedReply, Inquiry
from inquiries.triage.words import NO_PHONE, PLACEHOLDERS, SINGLE_BRACE, UNKNOWN_PLACEHOLDER

if TYPE_CHECKING:
    from portal.models import User

_IN_BRACES = re.compile(r"\{([^{}]*)\}")
# In a message to the sender: what looks like one, and not every brace that somebody types.
_LEFT_OPEN = re.compile(r"\{\s*\w[\w ]*\}")


def fill_reply(reply: CannedReply, inquiry: Inquiry, sending: Inquiry, by: "User") -> str:
    """The text for this request, in one pass: what they are called is never read for placeholders.

    Without a phone number of the clinic, `{phone}` stays as it is, and cannot be sent so: “call us
    at our number” would send them looking for one.
    """
    filled_in = {
        "name": sending.full_name,
        "reference": inquiry.reference,
        "coordinator": by.public_name,
        "clinic": settings.CLINIC.name,
        "phone": settings.CLINIC.phone,
    }
    return _IN_BRACES.sub(lambda found: filled_in.get(found[1]) or found[0], reply.text)


def reply_problem(text: str) -> str:
    """Why this text can be no canned reply, as a sentence; empty where it can."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in _IN_BRACES.findall(text):
        if name not in PLACEHOLDERS:
            return UNKNOWN_PLACEHOLDER % {"placeholder": f"{{{name}}}", "known": known}
        if name == "phone" and not settings.CLINIC.phone:
            return str(NO_PHONE)
    if re.search("[{}]", _IN_BRACES.sub("", text)):
        return SINGLE_BRACE % {"known": known}
    return ""


def unfilled_placeholder(text: str) -> str:
    """The first placeholder that still stands in a message; empty where there is none."""
    found = _LEFT_OPEN.search(text)
    return found[0] if found else ""
