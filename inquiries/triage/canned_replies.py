"""Canned replies: their placeholders in braces, and how these are filled in for one request."""

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from inquiries.models import CannedReply, Inquiry
from inquiries.triage import reply_words as words

if TYPE_CHECKING:
    from portal.models import User

#: Names allowed in braces, in replies of any language.
PLACEHOLDERS = words.PLACEHOLDERS
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
# Applied to a message to the sender: it matches what looks like a placeholder, not every brace.
_LEFT_OPEN = re.compile(r"\{\s*\w[\w ]*\}")


def fill_reply(reply: CannedReply, inquiry: Inquiry, sending: Inquiry, by: "User") -> str:
    """Return the text for this request. The sender's name is never read for placeholders.

    If the clinic has no phone number, `{phone}` stays as it is, and the message cannot be sent that
    way: “call us at our number” would send people looking for one.
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
    """Return the title for a list of choices, readable for those who don't read its language."""
    if original := reply.english_original:
        return _("%(title)s (%(original)s)") % {"title": reply.title, "original": original.title}
    return reply.title


def reply_problem(text: str) -> str:
    """Return a sentence that says why this text cannot be a canned reply; empty if it can."""
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
    """Return the first placeholder still left in a message; empty if there is none."""
    found = _LEFT_OPEN.search(text)
    return found[0] if found else ""
