"""What a sender says, declared once, and the browser it came from, before any of it is stored.

The form, the desk, the private page, the staff page, the paper form, sealing, erasure, the
download, and their tests all iterate over this declaration.
"""

import json
import secrets
from dataclasses import dataclass, field, fields
from enum import Enum, auto
from typing import Any, Self

from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(Enum):
    """Questions that appear together, in the order of the form."""

    SENDER = auto()
    #: Only for those who ask on someone else's behalf.
    PATIENT = auto()
    CONTACT = auto()
    #: Who else uses that phone and that inbox.
    SHARED = auto()
    #: When to make contact, and how much may be said.
    MANNER = auto()
    #: Before the question: people choose a language, and then write.
    LANGUAGE = auto()
    QUESTION = auto()


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What follows from a field, besides its column and its question in a form."""

    #: None if nobody is asked.
    group: Group | None = None
    #: What pages call the answer. Empty if each page shows it in its own way.
    label: str | Promise = ""
    #: Free text is sealed; a choice from one of our lists need not be.
    sealed: bool = True
    #: Kept in an erased request.
    outlives_erasure: bool = False
    #: The request has a column of the same name.
    has_column: bool = True
    #: Whether people may say here what they came to say, whatever was asked.
    is_prose: bool = False


def _said(group: Group | None = None, **more: Any) -> dict[str, Declared]:
    return {"declared": Declared(group=group, **more)}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The text and choices of one form, validated and normalized, in the order of its page."""

    relation: str = field(metadata=_said(Group.SENDER, sealed=False))
    full_name: str = field(metadata=_said(Group.SENDER))
    pronouns: str = field(default="", metadata=_said(Group.SENDER, label=_("Pronouns")))
    patient_name: str = field(default="", metadata=_said(Group.PATIENT))
    #: What entitles the sender to ask for another person (Authority); empty if they ask for
    #: themselves.
    authority: str = field(default="", metadata=_said(Group.PATIENT, sealed=False))
    contact_method: str = field(metadata=_said(Group.CONTACT, sealed=False))
    phone: str = field(default="", metadata=_said(Group.CONTACT, is_prose=True))
    #: The first number in it, in a machine-readable format.
    phone_e164: str = field(default="", metadata=_said())
    email: str = field(default="", metadata=_said(Group.CONTACT))
    #: Whether the sender confirmed an address that looked mistyped.
    email_checked: bool = field(default=False, metadata=_said(sealed=False))
    shared_phone: bool = field(default=False, metadata=_said(Group.SHARED, sealed=False))
    shared_email: bool = field(default=False, metadata=_said(Group.SHARED, sealed=False))
    voicemail: str = field(metadata=_said(Group.MANNER, sealed=False))
    #: Values of BestTime, comma-separated; empty means any time.
    best_time: str = field(default="", metadata=_said(Group.MANNER, sealed=False))
    time_zone: str = field(default="", metadata=_said(Group.MANNER, sealed=False))
    never_contact: str = field(default="", metadata=_said(Group.MANNER, is_prose=True))
    language: str = field(metadata=_said(Group.LANGUAGE, sealed=False))
    interpreter: bool = field(default=False, metadata=_said(Group.LANGUAGE, sealed=False))
    #: Can be a sign language too.
    interpreter_language: str = field(default="", metadata=_said(Group.LANGUAGE, is_prose=True))
    message: str = field(metadata=_said(Group.QUESTION, is_prose=True))
    #: The name of a category, which the request keeps as a row; empty if none was chosen.
    topic: str = field(
        default="",
        metadata=_said(Group.QUESTION, sealed=False, outlives_erasure=True, has_column=False),
    )
    consent_version: str = field(metadata=_said(sealed=False, outlives_erasure=True))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Ignore fields that have been removed since it was written; new ones get their default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})

    def as_json(self) -> str:
        """Leave out defaults, so that a field added later does not change earlier digests."""
        said = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }
        return json.dumps(said, sort_keys=True)

    def inquiry_fields(self) -> dict[str, Any]:
        """Return what a request stores in columns of the same names."""
        return {name: getattr(self, name) for name in COLUMNS}

    def digest(self) -> str:
        """Return a keyed hash, so that nobody who reads it can guess whose words they are."""
        return salted_hmac("inquiries.submission", self.as_json(), algorithm="sha256").hexdigest()


DECLARED: dict[str, Declared] = {
    each.name: each.metadata["declared"] for each in fields(Submission)
}
#: Columns of a request that hold what was said, unchanged.
COLUMNS = tuple(name for name, declared in DECLARED.items() if declared.has_column)
#: Empty values for the fields that an erasure clears.
NOTHING_SAID: dict[str, Any] = {
    each.name: "" if each.type is str else False
    for each in fields(Submission)
    if not DECLARED[each.name].outlives_erasure
}


#: What is searched for danger words: whoever is asked when not to call may say who beats them.
PROSE = tuple(name for name, declared in DECLARED.items() if declared.is_prose)


def prose_of(said: Any, *, unlike: Any = None) -> str:
    """Return the sender's own words in a Submission or a request, each answer a paragraph.

    `unlike`: leave out answers that are the same in this one.
    """
    answers = {name: getattr(said, name) for name in PROSE}
    new = [words for name, words in answers.items() if words != getattr(unlike, name, None)]
    return "\n\n".join(filter(None, new))


def asked(*groups: Group) -> tuple[str, ...]:
    """Return the names of the fields asked in these groups, in the order of the form."""
    return tuple(name for name, declared in DECLARED.items() if declared.group in groups)


def _new_ticket() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What a browser shows to prove who is sending, and the ticket that it gets in return."""

    ticket: str = field(default_factory=_new_ticket)
    #: The ticket of an earlier submission, from its confirmation; empty if there is none.
    shown: str = ""
    #: The private page that is open in the browser: the key of its request, the link that opened it
    #: (None for the confirmation), when (in seconds since the epoch), and the secret of the visit.
    page: tuple[str, int | None, float, str] | None = None

    @property
    def evidence(self) -> str:
        """Return all of it in one line; empty if the browser shows nothing."""
        return json.dumps([self.shown, self.page]) if self.shown or self.page else ""
