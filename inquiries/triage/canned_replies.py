"""Canned replies: what stands in braces, and how it is filled in for one request."""

import re
from typing import TYPE_CHECKING

from django.conf import settings

from inquiries.models import CannedReply, Inquiry

if TYPE_CHECKING:
    from portal.models import User

#: What may stand in braces, with what comes in its place.
PLACEHOLDERS = {
    "name": "the name of the sender",
    "reference": "the reference of her request",
    "coordinator": "your name, as she sees it",
    "clinic": "the name of the clinic",
    "phone": "the phone number of the clinic",
}
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
# In a message to her: what looks like one, and not every brace that somebody types.
_LEFT_OPEN = re.compile(r"\{\s*\w[\w ]*\}")


def fill_reply(reply: CannedReply, inquiry: Inquiry, sending: Inquiry, by: "User") -> str:
    """The text for this request, in one pass: what she is called is never read for placeholders.

    Without a phone number of the clinic, `{phone}` stays as it is, and cannot be sent so: “call us
    at our number” would send her looking for one.
    """
    words = {
        "name": sending.full_name,
        "reference": inquiry.reference,
        "coordinator": by.public_name,
        "clinic": settings.CLINIC.name,
        "phone": settings.CLINIC.phone,
    }
    return _IN_BRACES.sub(lambda found: words.get(found[1]) or found[0], reply.text)


def reply_problem(text: str) -> str:
    """Why this text can be no canned reply, as a sentence; empty where it can."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in _IN_BRACES.findall(text):
        if name not in PLACEHOLDERS:
            return f"Nothing is known to put in the place of {{{name}}}. There are: {known}."
        if name == "phone" and not settings.CLINIC.phone:
            return "This clinic gives no phone number (CLINIC_PHONE) to put in the place of {phone}"
    if re.search("[{}]", _IN_BRACES.sub("", text)):
        return f"A brace stands alone. They come in pairs, around one of these: {known}."
    return ""


def unfilled_placeholder(text: str) -> str:
    """The first placeholder that still stands in a message; empty where there is none."""
    found = _LEFT_OPEN.search(text)
    return found[0] if found else ""
