"""Who speaks which language: a request is offered first to someone who can answer it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquiries.models import Language
from inquiries.team import availability

if TYPE_CHECKING:
    from portal.models import User

#: What someone speaks if they have not said otherwise.
DEFAULT = (Language.ENGLISH,)


@dataclass(frozen=True)
class Speakers:
    """Who is available today and speaks the language that a sender asked for."""

    language: Language
    #: Whether the person viewing the page speaks it.
    includes_reader: bool
    #: The other speakers, by name.
    others: list["User"]

    @property
    def anyone(self) -> bool:
        return self.includes_reader or bool(self.others)


def languages_of(user: "User") -> tuple[Language, ...]:
    """Return them in the order of `Language`. One query, unless loaded with the account."""
    said = getattr(user, "spoken_languages", None)
    codes = said.codes.split() if said else ()
    return tuple(each for each in Language if each in codes) or DEFAULT


def is_foreign(language: str) -> bool:
    """Whether staff need to be told about this language: they work in English."""
    return foreign_language(language) is not None


def foreign_language(language: str) -> Language | None:
    """Return None for English, and for a language that we do not know."""
    is_known = language in Language.values and language != Language.ENGLISH
    return Language(language) if is_known else None


def speaks(user: "User", language: str) -> bool:
    return language in languages_of(user)


def find_speakers(language: str, reader: "User") -> Speakers | None:
    """Return None if `foreign_language` does."""
    asked = foreign_language(language)
    if asked is None:
        return None
    here = availability.here.get()
    reader = next((user for user in here if user == reader), reader)  # loaded with their languages
    others = [user for user in here if user != reader and speaks(user, asked)]
    return Speakers(asked, speaks(reader, asked), others)
