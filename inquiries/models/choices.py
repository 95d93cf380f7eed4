"""What can be chosen from in a request."""

from django.db import models

from inquiries.states import State


class Relation(models.TextChoices):
    SELF = "self", "Myself"
    SOMEONE_ELSE = "someone_else", "Someone I care for"


class Authority(models.TextChoices):
    """By what right somebody asks for another person. Claimed; a coordinator makes sure."""

    ASKED = "asked", "They know about it and asked me to"
    GUARDIAN = "guardian", "I am a parent or legal guardian"
    REPRESENTATIVE = "representative", "I may decide for them (power of attorney or the like)"
    UNAWARE = "unaware", "They do not know about it yet"


class IntakeChannel(models.TextChoices):
    """How a request came in."""

    WEB = "web", "Website"
    PHONE = "phone", "Phone call"
    DESK = "desk", "At the desk"


class ContactMethod(models.TextChoices):
    PHONE = "phone", "Phone call"
    TEXT = "text", "Text message"
    EMAIL = "email", "Email"


#: What to do for who waits for an answer.
HOW_TO_ANSWER: dict[str, str] = {
    ContactMethod.PHONE: "Call her",
    ContactMethod.TEXT: "Text her",
    ContactMethod.EMAIL: "Write to her",
}
#: What somebody should do now, in a few words, where that does not depend on who asked.
NEXT_STEP_LABELS: dict[str, str] = {
    State.QUARANTINED: "Look: a person’s, or a machine’s?",
    State.NEW: "Claim it",
    State.WAITING: "Nothing until it wakes",
}


class Voicemail(models.TextChoices):
    """How much a message on a voicemail may say: others may hear it."""

    NONE = "none", "Do not leave a message"
    CALLBACK_ONLY = "callback_only", "Leave only a name and number to call back"
    MAY_IDENTIFY = "may_identify", "You may say who you are and why you call"


class BestTime(models.TextChoices):
    MORNING = "morning", "Morning"
    AFTERNOON = "afternoon", "Afternoon"
    EVENING = "evening", "Evening"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"
