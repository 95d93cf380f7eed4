"""An erasure removes all content, and leaves a tombstone that keeps counts and chains intact."""

from typing import Any

import pytest
from django.test import Client

from inquiries import privacy
from inquiries.ledger import events as ledger
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Addition, DataKey, Event, IndexEntry, Inquiry, Note, Receipt
from inquiries.search import lookup
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_inquiry, make_staff
from tests.inquiries.privacy.erasing import (
    CANARIES,
    ERASABLE,
    FIRST,
    NOTE,
    erase,
    everything_stored,
    make_eventful,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"


@pytest.mark.parametrize("state", ERASABLE)
def test_an_erasure_leaves_none_of_the_text_in_any_column(
    state: State, coordinator: User, officer: User
) -> None:
    inquiry = make_eventful(state, coordinator)
    if state == State.CLAIMED:
        steps.add_note(inquiry, text=NOTE, version=inquiry.version, by=coordinator)
    assert inquiry.state == state
    sealed = everything_stored()
    ciphertexts = [
        value
        for column, values in sealed.items()
        for value in values
        if len(value) >= 29 and value[:1] == b"\x01" and "inquiries" in column
    ]
    digests = sealed["inquiries_indexentry.digest"]
    wrapped = sealed["inquiries_datakey.wrapped"]
    assert len(ciphertexts) >= 8
    assert digests
    key_digest, content_digest = inquiry.key_digest, inquiry.content_digest
    erase(inquiry, officer)
    left = everything_stored()
    every_value = [value for values in left.values() for value in values]
    for canary in CANARIES:
        assert not any(canary.encode() in value for value in every_value), canary
    for gone in (*ciphertexts, *digests, *wrapped):
        assert gone not in every_value or gone in sealed["inquiries_purposekey.wrapped"]
    for digest in (key_digest, content_digest):
        assert digest
        assert digest.encode() not in every_value
    for model in (Note, Addition, IndexEntry, DataKey):
        assert not model._default_manager.exists(), model


@pytest.mark.parametrize("state", ERASABLE)
def test_an_erasure_leaves_a_tombstone_that_keeps_counts_and_chains_intact(
    state: State, coordinator: User, officer: User
) -> None:
    inquiry = make_eventful(state, coordinator)
    before = list(inquiry.events.values_list("number", "kind", "mac"))
    tombstone = erase(inquiry, officer)
    tombstone.refresh_from_db()
    assert tombstone.state == State.ERASED
    for kept in ("reference", "received_at", "added_at", "topic", "outcome", "owner", "due_at"):
        assert getattr(tombstone, kept) == getattr(inquiry, kept), kept
    events = list(tombstone.events.values_list("number", "kind", "mac"))
    assert events[:-1] == before, "what happened stays"
    last = tombstone.events.last()
    assert last
    assert (last.kind, last.by) == (Event.Kind.ERASED, officer)
    assert last.detail == {"reason": ErasureReason.ASKED}
    assert Receipt.objects.filter(inquiry_id=tombstone.pk).exists()
    findings = verify_ledger()
    assert findings.faults == []
    assert findings.conservation == "1 receipts = 0 open + 0 quarantined + 0 closed + 1 erased"


def test_an_erasure_affects_no_other_request(coordinator: User, officer: User) -> None:
    other = make_eventful(State.CLOSED, coordinator)
    words = (other.full_name, other.message, Note.objects.get().text)
    rows = IndexEntry.objects.filter(inquiry=other).count()
    erase(make_inquiry(**FIRST), officer)
    other = Inquiry.objects.for_reading().get(pk=other.pk)
    assert (other.full_name, other.message, Note.objects.get().text) == words
    assert IndexEntry.objects.filter(inquiry=other).count() == rows
    assert other in lookup.find_inquiries("xaviera")[1]


@pytest.mark.parametrize("state", ERASABLE)
@pytest.mark.parametrize("role", ["", *Role])
def test_only_the_privacy_officer_can_erase(state: State, role: str) -> None:
    inquiry = make_inquiry(state)
    by = make_staff(role)
    if role == Role.PRIVACY:
        assert erase(inquiry, by).state == State.ERASED
        return
    with pytest.raises(StepRefused, match="Your role does not include this step: Erase"):
        erase(inquiry, by)
    inquiry.refresh_from_db()
    assert inquiry.state == state
    assert DataKey.objects.filter(inquiry=inquiry).exists()


def test_a_superuser_can_erase_only_through_the_same_step(client: Client) -> None:
    inquiry = make_inquiry()
    by = make_staff(is_superuser=True)
    with pytest.raises(StepRefused, match="changed after you opened it"):
        erase(inquiry, by, version=7)
    client.force_login(by)
    for address in (f"{QUEUE}{inquiry.pk}/delete/", f"{QUEUE}{inquiry.pk}/history/"):
        assert client.post(address, {"post": "yes"}).status_code == 404
    client.post(QUEUE, {"action": "delete_selected", "_selected_action": str(inquiry.pk)})
    assert Inquiry.objects.filter(pk=inquiry.pk, state=State.NEW).exists()
    assert erase(inquiry, by).events.last().by == by  # type: ignore[union-attr]


def test_an_erased_request_cannot_be_erased_again_or_reopened(
    coordinator: User, officer: User
) -> None:
    inquiry = erase(make_inquiry(State.CLOSED), officer)
    with pytest.raises(StepRefused, match=r"not possible now\. It was erased\."):
        erase(inquiry, officer)
    with pytest.raises(StepRefused, match=r"not possible now\. It was erased\."):
        steps.reopen(inquiry, version=inquiry.version, by=coordinator)


def test_the_same_form_sent_again_after_an_erasure_is_a_new_request(officer: User) -> None:
    key = "one-form-on-one-screen"
    first = erase(make_inquiry(key=key, **FIRST), officer)
    again = make_inquiry(key=key, **FIRST)
    assert again.pk != first.pk
    assert again.reference != first.reference
    assert again.full_name == FIRST["full_name"]
    third = make_inquiry(key=key, **FIRST)
    assert third == again, "and sent once more it is that one"
    assert lookup.find_inquiries(first.reference)[1] == [first]
    assert lookup.find_inquiries("firstcanary@example.org")[1] == [again]
    assert verify_ledger().faults == []


def test_a_request_whose_key_is_lost_can_still_be_erased(officer: User) -> None:
    inquiry = make_inquiry()
    DataKey.objects.filter(inquiry=inquiry).update(wrapped_by="gone")
    erased = privacy.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=1, by=officer)
    assert erased.state == State.ERASED


def test_an_erasure_that_fails_halfway_erases_nothing(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry(**FIRST)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ledger, "record_event", fail)
    with pytest.raises(RuntimeError):
        erase(inquiry, officer)
    inquiry = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    assert (inquiry.state, inquiry.message) == (State.NEW, FIRST["message"])
    assert lookup.find_inquiries("xaviera")[1] == [inquiry]
