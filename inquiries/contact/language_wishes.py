"""The language each sender wants to speak, including any later corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import Addition, Event, Inquiry, Language
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


def wishes_for(rows: Iterable[Inquiry]) -> dict[UUID, LanguageWish]:
    """Return wishes for rows from `for_queue`: one query for all the senders' corrections."""
    rows = list(rows)
    wishes = {row.pk: _without_details(row) for row in rows}
    corrected = {row.pk: row for row in rows if row.added_at}
    for addition in _last_additions(corrected) if corrected else ():
        row = addition.event.inquiry = corrected[addition.event.inquiry_id]  # needed for its key
        try:
            wishes[row.pk] = _without_details(addition.sending)
        except (KeyRefused, SealBroken):  # the queue must still load
            continue
    return wishes


def _last_additions(corrected: Iterable[UUID]) -> Iterable[Addition]:
    """Return the latest addition to each request, which is the one that counts."""
    rows = Addition.objects.filter(
        event__inquiry__in=corrected, event__kind=Event.Kind.ADDED
    ).select_related("event")
    return {each.event.inquiry_id: each for each in rows.order_by("event__number")}.values()


def _without_details(sending: Inquiry) -> LanguageWish:
    return LanguageWish(languages.foreign_language(sending.language), sending.interpreter)
