"""In which language senders want to be spoken with, as it stands after what they corrected."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import Addition, Event, Inquiry, Language
from inquiries.team import languages


@dataclass(frozen=True)
class LanguageWish:
    """What staff is told: English, without an interpreter, is nothing."""

    language: Language | None
    interpreter: bool
    #: Sealed: for the page of one request, not for the queue.
    interpreter_language: str = ""

    def __bool__(self) -> bool:
        return self.language is not None or self.interpreter


def wish_of(sending: Inquiry) -> LanguageWish:
    """Of one request, as its page shows it."""
    which = sending.interpreter_language if sending.interpreter else ""
    return LanguageWish(languages.foreign_language(sending.language), sending.interpreter, which)


def wishes_for(rows: Iterable[Inquiry]) -> dict[UUID, LanguageWish]:
    """Of rows that `for_queue` gave: one query for all that the senders corrected."""
    rows = list(rows)
    wishes = {row.pk: _without_details(row) for row in rows}
    corrected = {row.pk: row for row in rows if row.added_at}
    for addition in _last_additions(corrected) if corrected else ():
        row = addition.event.inquiry = corrected[addition.event.inquiry_id]  # whose key opens it
        try:
            wishes[row.pk] = _without_details(addition.sending)
        except (KeyRefused, SealBroken):  # the queue stays
            continue
    return wishes


def _last_additions(corrected: Iterable[UUID]) -> Iterable[Addition]:
    """The one of each that counts now."""
    rows = Addition.objects.filter(
        event__inquiry__in=corrected, event__kind=Event.Kind.ADDED
    ).select_related("event")
    return {each.event.inquiry_id: each for each in rows.order_by("event__number")}.values()


def _without_details(sending: Inquiry) -> LanguageWish:
    return LanguageWish(languages.foreign_language(sending.language), sending.interpreter)
