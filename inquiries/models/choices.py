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
