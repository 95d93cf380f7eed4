"""Requests of the previous release, whose events bind nothing, are bound once as they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.db import transaction

from inquiries.ledger import backfill, bindings
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import patient_mail
from inquiries.models import AccessLink, Clock, Event, Inquiry
from inquiries.triage import steps
from inquiries.worker import jobs
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.ledger.raw import eventful, execute
from tests.inquiries.ledger.recounting import recount
from tests.inquiries.ledger.tampering import owning_the_database

pytestmark = pytest.mark.django_db


@contextmanager
def as_the_release_before() -> Iterator[None]:
    """Its events and mails lack today's fields, and its verbs do not check the rows they find."""
    with (
        mock.patch.object(bindings, "bind_event"),
        mock.patch.object(patient_mail, "delivery_mac", return_value=""),
    ):
        yield


@pytest.fixture
def old(coordinator: User) -> Inquiry:
    with as_the_release_before():
        return eventful(coordinator)


def test_a_database_from_the_previous_release_is_whole_and_counted_separately(
    old: Inquiry,
) -> None:
    make_inquiry()
    out, err = recount()
    assert out.endswith("whole\n")
    assert "1 requests from the previous release are bound by their events alone" in err


def test_the_worker_binds_it_once_and_records_that_in_its_chain(old: Inquiry) -> None:
    assert jobs.JOBS["verify"].do() is True
    last = old.events.last()
    assert last
    assert (last.kind, last.by, last.version) == (Event.Kind.BOUND, None, old.version)
    assert jobs.JOBS["verify"].do() is True
    assert old.events.filter(kind=Event.Kind.BOUND).count() == 1
    assert "of the release before" not in recount()[1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inquiries_inquiry SET voicemail = 'may_identify'",
        "DELETE FROM inquiries_clock",
        "DELETE FROM inquiries_indexentry",
        "UPDATE inquiries_delivery SET address = 'x'",
        "UPDATE inquiries_accesslink SET revoked_at = NULL",
        "UPDATE inquiries_note SET text = 'x'",
        "UPDATE inquiries_event SET bound = NULL WHERE kind = 'bound'",
    ],
)
def test_changes_to_a_bound_request_are_detected(old: Inquiry, statement: str) -> None:
    backfill.bind_requests([old.pk])
    assert verify_ledger().faults == []
    with owning_the_database():
        assert execute(statement)
    assert verify_ledger().faults


def test_a_request_that_fails_verification_is_not_bound(old: Inquiry) -> None:
    with owning_the_database():
        execute("DELETE FROM inquiries_note")
    assert backfill.bind_requests([old.pk]) == 0
    assert verify_ledger().faults


def test_alternating_steps_of_both_releases_raise_no_false_alarm(
    old: Inquiry, coordinator: User
) -> None:
    """This happens while one node after another is upgraded."""
    assert backfill.bind_requests([old.pk]) == 1
    current = Inquiry.objects.get(pk=old.pk)
    for number in range(4):
        with as_the_release_before() if number % 2 else transaction.atomic():
            current = steps.log_attempt(
                current, method="phone", reached="nobody", version=current.version, by=coordinator
            )
        assert verify_ledger().faults == []
    assert verify_ledger().unbound == [old.pk]
    assert backfill.bind_requests([old.pk]) == 1
    assert verify_ledger().unbound == []
    assert verify_ledger().faults == []


def test_a_request_from_this_release_is_bound_from_the_start(coordinator: User) -> None:
    inquiry = eventful(coordinator)
    assert backfill.bind_requests([inquiry.pk]) == 0
    assert not inquiry.events.filter(bound__isnull=True).exclude(kind=Event.Kind.READ).exists()
    assert Clock.objects.exists()
    assert AccessLink.objects.exists()
