"""The language each sender wants to speak, including any later corrections."""

from dataclasses import dataclass

from inquiries.models import Inquiry, Language
from inquiries.team import languages


@dataclass(frozen=True)
class LanguageWish:
    """The language wish that staff see. It is falsy for English without an interpreter."""

    language: Language | None
    interpreter: bool
    #: Encrypted: shown on the page of a single request, not in the queue.
    interpreter_language: str = ""

    def __bool__(self) -> bool:
        return self.language is not None or self.interpreter


def wish_of(sending: Inquiry) -> LanguageWish:
    """Return the wish of one request, as its page shows it."""
    which = sending.interpreter_language if sending.interpreter else ""
    return LanguageWish(languages.foreign_language(sending.language), sending.interpreter, which)


def stored_wish_of(inquiry: Inquiry) -> LanguageWish:
    """Return the same without details, as it is stored with the request: see `stored_plan`."""
    language = languages.foreign_language(inquiry.current_language)
    return LanguageWish(language, inquiry.current_interpreter)
