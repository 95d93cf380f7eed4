"""What somebody sent us, and from which browser: checked, normalised, nothing of it stored yet."""

import json
import secrets
from dataclasses import dataclass, field, fields
from typing import Any, Self

from django.utils.crypto import salted_hmac


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The words and choices of one form."""

    relation: str
    #: By what right she writes for somebody else: Authority; empty where she writes for herself.
    authority: str = ""
    full_name: str
    patient_name: str = ""
    contact_method: str
    phone: str = ""
    phone_e164: str = ""
    email: str = ""
    #: Others use that phone, or can read that inbox.
    shared_phone: bool = False
    shared_email: bool = False
    #: Whether the sender said that the address is right, though it looked mistyped.
    email_checked: bool = False
    #: When and how never to contact her, in her words.
    never_contact: str = ""
    voicemail: str
    best_time: str = ""
    time_zone: str = ""
    language: str
    interpreter: bool = False
    #: Of the interpreter, in her words: also a sign language.
    interpreter_language: str = ""
    message: str
    #: The name of a category; empty where she chose none.
    topic: str = ""
    consent_version: str

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Fields that have gone since it was written are left out, new ones have their default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})

    def as_json(self) -> str:
        """Without what is as it was left: a field that comes later changes no digest of before."""
        said = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }
        return json.dumps(said, sort_keys=True)

    def inquiry_fields(self) -> dict[str, Any]:
        """What a request keeps of it as it is; its topic is kept as a category."""
        return {name: value for name, value in vars(self).items() if name != "topic"}

    def digest(self) -> str:
        """Keyed, so that nobody who reads it can try out whose words they might be."""
        return salted_hmac("inquiries.submission", self.as_json(), algorithm="sha256").hexdigest()


def _new_ticket() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What a browser shows of who sends, and the ticket that it is given in return."""

    ticket: str = field(default_factory=_new_ticket)
    #: The ticket of an earlier sending, from its confirmation; empty for none.
    shown: str = ""
    #: The private page that is open in the browser: the key of its request, the link that opened it
    #: (None for the confirmation), and when, in seconds since the epoch.
    page: tuple[str, int | None, float] | None = None

    @property
    def evidence(self) -> str:
        """All that it shows, in one line; empty where it shows nothing."""
        return json.dumps([self.shown, self.page]) if self.shown or self.page else ""
