"""What to do next with a request, as it is stored with it and shown in lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlannedStep(models.TextChoices):
    """What to do next with a request, where no name may be shown; see `contact.next_step`."""

    CHECK = "check", _("Decide whether a person wrote this")
    CLAIM = "claim", _("Claim it")
    CALL = "call", _("Call the sender")
    TEXT = "text", _("Text the sender")
    WRITE = "write", _("Write to the sender")
    ANSWER = "answer", _("Contact the sender")
    EMAIL_FAILED = "email_failed", _("An email failed. Contact them another way")
    CLOSE_OR_WAIT = "close_or_wait", _("Close it, or wait for the sender")
    WAIT = "wait", _("Nothing until it resumes")
    READ = "read", _("Read it now: may be urgent")
    READ_CALL = "read_call", _("Read it now: may be urgent. Then call now")
    READ_WRITE = "read_write", _("Read it now: may be urgent. Then write now")
    READ_ASK = "read_ask", _("Read it now: may be urgent. Then ask a lead now")
    READ_CLAIM_CALL = "read_claim_call", _("Read it now: may be urgent. Then claim it and call now")
    READ_CLAIM_WRITE = (
        "read_claim_write",
        _("Read it now: may be urgent. Then claim it and write now"),
    )
    READ_CLAIM_ASK = (
        "read_claim_ask",
        _("Read it now: may be urgent. Then claim it and ask a lead now"),
    )
    ASK_HOW = "ask_how", _("Ask a lead how to reach the sender")
    ASK_WHEN = "ask_when", _("Ask a lead when to reach the sender")
    TRY_NUMBERS = "try_numbers", _("There are two phone numbers. Try both")
    TRY_ADDRESSES = "try_addresses", _("There are two email addresses. Try both")
    TRY_WAYS = "try_ways", _("There is another way to reach them. Try both")
    ASK_SENDER = "ask_sender", _("The form was sent again, maybe by someone else. Ask the sender")
