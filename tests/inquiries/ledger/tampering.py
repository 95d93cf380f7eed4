"""Tampering by somebody who has the database, and a request with a history to tamper with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from inquiries import privacy
from inquiries.ledger import events as ledger
from inquiries.models import (
    Addition,
    AuditEntry,
    AuditTrail,
    Clock,
    DataKey,
    Event,
    IndexEntry,
    Inquiry,
    Note,
    Receipt,
)
from inquiries.outcomes import Outcome
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.models import User
from tests.emptying import without_triggers
from tests.factories import make_inquiry


@contextmanager
def owning_the_database() -> Iterator[None]:
    """Act as somebody who can drop the triggers and put them back."""
    settle()
    with without_triggers():
        yield
        settle()


def settle() -> None:
    """Check deferred constraints now: PostgreSQL alters no table while checks are pending."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def story(by: User) -> Inquiry:
    """A closed request with a note and a reading: received, claimed, noted, closed, read."""
    inquiry = make_inquiry(State.CLAIMED, owner=by)
    inquiry = steps.add_note(inquiry, text="Call after five.", version=inquiry.version, by=by)
    inquiry = steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=by)
    ledger.record_reading(inquiry, by=by)
    return inquiry


def erase(inquiry: Inquiry, *, by: User) -> Inquiry:
    return privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by
    )


def rows_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    return list(model._default_manager.order_by("pk").values_list())


def event(number: int) -> Any:
    return Event.objects.filter(number=number)


def remove_events(*numbers: int) -> None:
    Note.objects.filter(event__number__in=numbers).delete()
    Event.objects.filter(number__in=numbers).delete()


def roll_back_the_count(to: int) -> None:
    remove_events(*range(to + 1, 6))
    last = Event.objects.get(number=to)
    Inquiry.objects.update(chain_length=to, chain_head=last.mac)


def vanish(inquiry: Inquiry, *, with_receipt: bool) -> None:
    Note.objects.filter(event__inquiry=inquiry).delete()
    Addition.objects.filter(event__inquiry=inquiry).delete()
    with owning_the_database():
        Event.objects.filter(inquiry=inquiry)._raw_delete("default")
        for model in (IndexEntry, DataKey, Clock):
            model._default_manager.filter(inquiry=inquiry).delete()
        Inquiry.objects.filter(pk=inquiry.pk)._raw_delete("default")
        if with_receipt:
            Receipt.objects.filter(inquiry_id=inquiry.pk).delete()


def entry(number: int) -> Any:
    return AuditEntry.objects.filter(number=number)


def cut_the_trail_off() -> None:
    """Reset only the trail's count and head: the entries stay."""
    AuditTrail.objects.update(chain_length=2, chain_head=entry(2).get().mac)
