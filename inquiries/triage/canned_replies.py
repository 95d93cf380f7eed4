"""Canned replies: what stands in braces, and how it is filled in for one request."""

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from inquiries.models import CannedReply, Inquiry
from inquiries.triage import reply_words as words

if TYPE_CHECKING:
    from portal.models import User

#: What may stand in braces, in a reply of any language.
PLACEHOLDERS = words.PLACEHOLDERS
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
# In a message to the sender: what looks like one, and not every brace that somebody types.
_LEFT_OPEN = re.compile(r"\{\s*\w[\w ]*\}")


def fill_reply(reply: CannedReply, inquiry: Inquiry, sending: Inquiry, by: "User") -> str:
    """The text for this request, in one pass: the sender's name is never read for placeholders.

    Without a phone number of the clinic, `{phone}` stays as it is, and cannot be sent so: “call us
    at our number” would send people looking for one.
    """
    filled = {
        "name": sending.full_name,
        "reference": inquiry.reference,
        "coordinator": by.public_name,
        "clinic": settings.CLINIC.name,
        "phone": settings.CLINIC.phone,
    }
    return _IN_BRACES.sub(lambda found: filled.get(found[1]) or found[0], reply.text)


def title_with_original(reply: CannedReply) -> str:
    """For the list to choose from: also for who does not read its language."""
    if original := reply.english_original:
        return _("%(title)s (%(original)s)") % {"title": reply.title, "original": original.title}
    return reply.title


def reply_problem(text: str) -> str:
    """Why this text can be no canned reply, as a sentence; empty where it can."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in _IN_BRACES.findall(text):
        if name not in PLACEHOLDERS:
            return words.UNKNOWN_PLACEHOLDER % {"name": f"{{{name}}}", "known": known}
        if name == "phone" and not settings.CLINIC.phone:
            return str(words.NO_CLINIC_PHONE)
    if re.search("[{}]", _IN_BRACES.sub("", text)):
        return words.LONE_BRACE % {"known": known}
    return ""


def unfilled_placeholder(text: str) -> str:
    """The first placeholder that still stands in a message; empty where there is none."""
    found = _LEFT_OPEN.search(text)
    return found[0] if found else ""
