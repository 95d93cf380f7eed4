"""Who speaks which language: a request is offered first to whoever can answer it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquiries.models import Language
from inquiries.team import availability

if TYPE_CHECKING:
    from portal.models import User

#: What somebody speaks who has not said otherwise.
DEFAULT = (Language.ENGLISH,)


@dataclass(frozen=True)
class Speakers:
    """Who is here today and speaks the language that a sender asked for."""

    language: Language
    #: Whether the reader of the page speaks it.
    includes_reader: bool
    #: The others, by name.
    others: list["User"]

    @property
    def anyone(self) -> bool:
        return self.includes_reader or bool(self.others)


def languages_of(user: "User") -> tuple[Language, ...]:
    """In the order of `Language`. One query, unless the account was read with them."""
    said = getattr(user, "spoken_languages", None)
    codes = said.codes.split() if said else ()
    return tuple(each for each in Language if each in codes) or DEFAULT


def is_foreign(language: str) -> bool:
    """Whether staff has to be told of it: they work in English."""
    return foreign_language(language) is not None


def foreign_language(language: str) -> Language | None:
    """None of English, and of a language that we do not know."""
    is_known = language in Language.values and language != Language.ENGLISH
    return Language(language) if is_known else None


def speaks(user: "User", language: str) -> bool:
    return language in languages_of(user)


def speakers_first(users: Iterable["User"], language: str) -> list["User"]:
    """Those who speak it come first; among equals the order stays."""
    return sorted(users, key=lambda user: not speaks(user, language))


def find_speakers(language: str, reader: "User") -> Speakers | None:
    """None where `foreign_language` is."""
    asked = foreign_language(language)
    if asked is None:
        return None
    here = availability.available_coordinators()
    reader = next((user for user in here if user == reader), reader)  # with the languages
    others = [user for user in here if user != reader and speaks(user, asked)]
    return Speakers(asked, speaks(reader, asked), others)
