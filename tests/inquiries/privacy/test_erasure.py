"""An erasure removes all content: each field, each row, by the verb and by the database.

These lists are closed: a field or a model that is added later fails here until somebody has decided
whether it is erased or kept.
"""

from dataclasses import fields
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from inquiries import privacy as verbs
from inquiries import private_links
from inquiries.models import (
    AccessLink,
    Addition,
    Clock,
    DataKey,
    Delivery,
    Event,
    IndexEntry,
    Inquiry,
    Message,
    Note,
    Notice,
    Offer,
    Origin,
    Referral,
    Task,
)
from inquiries.models.sealed import SealedField
from inquiries.models.stored_plan import PLAN_COLUMNS
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason
from inquiries.submission import NOTHING_SAID, Submission
from inquiries.triage import steps
from portal.models import User
from tests.factories import (
    make_article,
    make_category,
    make_inquiry,
    make_notice,
    make_offer,
    make_referral,
)
from tests.inquiries.examples import example

pytestmark = pytest.mark.django_db

#: What stays of an erased request, so that it does not vanish unnoticed. No text of the sender's.
STAYS = {
    "reference": {"id", "reference"},
    "times": {
        *("received_at", "due_at", "closed_at", "wakes_at", "added_at", "wrote_at"),
        *("answered_at", "erased_at"),
    },
    "topic and consent text": {"topic", "consent_version"},
    "outcome, and how it was worked on": {
        *("state", "owner", "outcome", "version", "channel", "urgency", "is_graded"),
        # Flags that the portal set, without the words that led to them.
        *("urgent", "suspicion", "mails_held"),
    },
    "chain of events": {"chain_length", "chain_head"},
    "which kinds of search entries it had": {"index_version"},
}
STAYING = set().union(*STAYS.values())
GOING = [field for field in Inquiry._meta.concrete_fields if field.name not in STAYING]
#: Only the verb clears these: the previous release, still running during an upgrade, leaves them.
NOT_IN_THE_DATABASE_YET = {"said_answered", "helped", "burst", "lead_asked_at", *PLAN_COLUMNS}

#: Every field of the form, with a value other than its default.
EVERYTHING_SAID: dict[str, Any] = {
    "relation": "someone_else",
    "authority": "guardian",
    "full_name": "Xaviera Canary",
    "patient_name": "Yolanda Canary",
    "contact_method": "email",
    "phone": "(202) 555-0161 ext. 9",
    "phone_e164": "+12025550161",
    "email": "canary@example.org",
    "shared_phone": True,
    "shared_email": True,
    "email_checked": True,
    "never_contact": "Never in the evening.",
    "voicemail": "may_identify",
    "best_time": "morning,evening",
    "time_zone": "Pacific/Kiritimati",
    "language": "es",
    "interpreter": True,
    "interpreter_language": "Mixtec",
    "message": "Please call.",
}
EVERYTHING_SAID |= {name: example(name) for name in NOTHING_SAID.keys() - EVERYTHING_SAID.keys()}

#: Related rows of a request or its events that hold text or lead to it.
ROWS_GOING: set[type[models.Model]] = {
    *(Message, AccessLink, Note, Addition, IndexEntry, DataKey, Origin, Referral, Task),
    *(Offer,),
}
#: Rows that are kept, with their text columns that are not chosen from a list of ours.
ROWS_STAYING: dict[type[models.Model], set[str]] = {
    Event: {"mac"},
    Clock: {"calendar"},  # the calendar's name
    # An internal code, a keyed hash that is erased, and one whose key is erased.
    Delivery: {"failure", "address", "mac"},
    Notice: {"failure"},
}


def make_full() -> Inquiry:
    """Make a request with a value in every field that an erasure must empty."""
    first = make_inquiry()
    inquiry = make_inquiry(article=make_article(), topic=make_category(), **EVERYTHING_SAID)
    Inquiry.objects.filter(pk=inquiry.pk).update(
        duplicate_of=first,
        undelivered_at=timezone.now(),
        lead_asked_at=timezone.now(),
        said_answered=True,
        helped="yes",
        burst=uuid4(),
        callable_from=timezone.now(),
        callable_until=timezone.now(),
    )
    inquiry.refresh_from_db()
    return inquiry


def erase(inquiry: Inquiry, by: User) -> None:
    inquiry.refresh_from_db()
    verbs.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by)


def held_by(inquiry: Inquiry) -> dict[str, Any]:
    """Return the values left in the fields that must be empty, as the database returns them."""
    values = Inquiry.objects.filter(pk=inquiry.pk).values(*(field.name for field in GOING)).get()
    return {name: value for name, value in values.items() if value}


# --- The request itself ---------------------------------------------------------------------------


def test_every_request_field_is_listed_as_erased_or_kept() -> None:
    names = {field.name for field in Inquiry._meta.concrete_fields}
    assert names >= STAYING, "no name of a field that has gone"
    said = {field.name for field in fields(Submission)}
    assert said & STAYING == {"topic", "consent_version"}
    assert set(EVERYTHING_SAID) == said - STAYING, "each is tried, a new one too"


def test_an_erasure_empties_every_field_that_is_not_kept(privacy: User) -> None:
    inquiry = make_full()
    assert set(held_by(inquiry)) == {field.name for field in GOING}, "or nothing is tried"
    erase(inquiry, privacy)
    assert held_by(inquiry) == {}


def test_an_erasure_leaves_no_trace_of_the_address(privacy: User) -> None:
    inquiry = make_full()
    assert bytes(inquiry.deliveries.get().address)
    erase(inquiry, privacy)
    assert not bytes(inquiry.deliveries.get().address)


def test_an_erasure_keeps_the_topic_but_not_the_article(privacy: User) -> None:
    inquiry = make_full()
    assert inquiry.topic
    assert inquiry.article
    erase(inquiry, privacy)
    erased = Inquiry.objects.get(pk=inquiry.pk)
    assert erased.topic == inquiry.topic
    assert (erased.article, erased.revision) == (None, None)


def test_the_database_rejects_an_erased_request_that_still_has_content(privacy: User) -> None:
    inquiry = make_full()
    before = held_by(inquiry)
    erase(inquiry, privacy)
    refused = set()
    for field in GOING:
        said = b"\x01sealed" if isinstance(field, SealedField) else before[field.name]
        try:
            with transaction.atomic():
                Inquiry.objects.filter(pk=inquiry.pk).update(**{field.attname: said})
        except IntegrityError as error:
            refused |= {field.name} if "inquiry_erased_says_nothing" in str(error) else set()
    assert refused == {field.name for field in GOING} - NOT_IN_THE_DATABASE_YET


# --- What hangs on it -----------------------------------------------------------------------------


def rows_of(inquiry: Inquiry) -> dict[type[models.Model], int]:
    """Count the rows of each model that belong to the request, directly or through its events."""
    found = {}
    models_of_it: list[type[models.Model]] = [*ROWS_GOING, *ROWS_STAYING]
    for model in models_of_it:
        path = "inquiry" if hasattr(model, "inquiry") else "event__inquiry"
        found[model] = model._default_manager.filter(**{path: inquiry}).count()
    return found


def make_eventful(owner: User) -> Inquiry:
    """Make a request with at least one row of every related model."""
    key = uuid4().hex
    make_inquiry(key=key, network="203.0.113.9", **EVERYTHING_SAID)
    inquiry = make_inquiry(key=key, **EVERYTHING_SAID | {"message": "Please write."})
    inquiry = correspondence.write_message(inquiry, text="Hello?")
    steps.add_note(inquiry, text="Call after five.", version=inquiry.version, by=owner)
    private_links.create_link(inquiry)
    make_notice(inquiry=inquiry)
    make_referral(inquiry, owner)
    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    make_offer(steps.claim(inquiry, version=inquiry.version, by=owner))
    return inquiry


def test_every_model_related_to_a_request_is_listed_as_erased_or_kept() -> None:
    hanging = {
        relation.related_model
        for model in (Inquiry, Event)
        for relation in model._meta.related_objects
    }
    assert hanging - {Inquiry} == ROWS_GOING | set(ROWS_STAYING)


def test_an_erasure_deletes_every_row_with_text_of_this_request_only(
    coordinator: User, privacy: User
) -> None:
    inquiry, other = make_eventful(coordinator), make_eventful(coordinator)
    before = rows_of(inquiry)
    assert all(before.values()), "of each at least one, or nothing is tried"
    others = rows_of(other)
    erase(inquiry, privacy)
    after = rows_of(inquiry)
    assert {model for model in before if not after[model]} == ROWS_GOING
    assert rows_of(other) == others


@pytest.mark.parametrize("model", ROWS_STAYING)
def test_models_that_are_kept_have_no_free_text(model: type[models.Model]) -> None:
    texts = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.BinaryField)
        and not field.choices
    }
    assert texts == ROWS_STAYING[model]
