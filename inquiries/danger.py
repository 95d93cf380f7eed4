"""Words that may mean that somebody is in danger now: a sign for a human, never a verdict.

The clinic edits the list in the admin. Found words put the emergency card first on the confirmation
and a mark on the request; nothing is graded, and nothing is refused.
"""

import time

from django.db import Error

from inquiries.models import DangerPhrase
from inquiries.wording import words_of

#: Shipped with the portal, and what counts while the database cannot be asked. Strong words only:
#: a mark on every second request would be no mark.
SHIPPED = {
    DangerPhrase.Language.ENGLISH: (
        *("suicide", "suicidal", "kill myself", "killing myself", "end my life", "ending my life"),
        *("want to die", "wish I was dead", "better off dead", "hurt myself", "harm myself"),
        *("overdose", "overdosed", "too many pills"),
        *("chest pain", "pain in my chest", "heart attack", "having a stroke", "face drooping"),
        *("can't breathe", "cannot breathe", "can not breathe", "trouble breathing"),
        *("short of breath", "coughing up blood", "vomiting blood", "throwing up blood"),
        *("passed out", "unconscious", "won't wake up", "will not wake up", "seizure"),
        *("throat is closing", "lips are blue", "bleeding heavily", "won't stop bleeding"),
    ),
    DangerPhrase.Language.SPANISH: (
        *("suicidio", "suicidarme", "suicidarse", "matarme", "quitarme la vida"),
        "acabar con mi vida",
        *("quiero morir", "quiero morirme", "no quiero vivir", "hacerme daño", "lastimarme"),
        *("sobredosis", "demasiadas pastillas"),
        *("dolor de pecho", "dolor en el pecho", "infarto", "derrame cerebral"),
        *("no puedo respirar", "me cuesta respirar", "falta de aire", "me falta el aire"),
        *("toso sangre", "vomito sangre", "vomitando sangre"),
        *("me desmayé", "se desmayó", "inconsciente", "no despierta", "convulsión", "convulsiones"),
        *("se me cierra la garganta", "labios azules", "no para de sangrar"),
    ),
}
_KEPT_SECONDS = 60


class _Known:
    """The list as this process last read it."""

    phrases: frozenset[tuple[str, ...]] = frozenset()
    read_at: float | None = None


def is_in(text: str) -> bool:
    """Whether one of the phrases stands in it, as whole words, however they are spelled."""
    words = words_of(text)
    phrases = _phrases()
    lengths = {len(phrase) for phrase in phrases}
    return any(
        tuple(words[start : start + length]) in phrases
        for length in lengths
        for start in range(len(words) - length + 1)
    )


def forget() -> None:
    """Read the list anew at the next request: somebody has edited it here."""
    _Known.read_at = None


def _phrases() -> frozenset[tuple[str, ...]]:
    now = time.monotonic()
    if _Known.read_at is None or now - _Known.read_at > _KEPT_SECONDS:
        try:
            there = list(DangerPhrase.objects.values_list("phrase", flat=True))
        except Error:
            there = []
        if there or not _Known.phrases:
            shipped = [phrase for phrases in SHIPPED.values() for phrase in phrases]
            _Known.phrases = frozenset(tuple(words_of(phrase)) for phrase in there or shipped)
        _Known.read_at = now
    return _Known.phrases - {()}
