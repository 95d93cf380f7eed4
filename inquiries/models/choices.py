"""Choices for the fields of a request."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relation(models.TextChoices):
    SELF = "self", _("Me")
    SOMEONE_ELSE = "someone_else", _("Someone I care for")


class Authority(models.TextChoices):
    """The authority the sender claims to ask for someone else; a coordinator verifies it."""

    ASKED = "asked", _("They know and asked me to contact you")
    GUARDIAN = "guardian", _("I’m a parent or legal guardian")
    REPRESENTATIVE = (
        "representative",
        _("I make decisions for them (for example, power of attorney)"),
    )
    UNAWARE = "unaware", _("They don’t know yet")


class IntakeChannel(models.TextChoices):
    """How a request came in."""

    WEB = "web", _("Website")
    PHONE = "phone", _("Phone call")
    DESK = "desk", _("In person")


class ContactMethod(models.TextChoices):
    PHONE = "phone", _("Phone call")
    TEXT = "text", _("Text message")
    EMAIL = "email", _("Email")


class Voicemail(models.TextChoices):
    """How much a voicemail message may say, since others may hear it."""

    NONE = "none", _("Don’t leave a message")
    CALLBACK_ONLY = "callback_only", _("Leave only a name and a number to call back")
    MAY_IDENTIFY = "may_identify", _("You can say who you are and why you’re calling")


class BestTime(models.TextChoices):
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")


class Helped(models.TextChoices):
    """What the sender says after the end: whether talking with us helped."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")


class Weekday(models.IntegerChoices):
    """Numbered as in Python: Monday is 0."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


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
