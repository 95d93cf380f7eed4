"""Requests of an earlier release get the search entries that it did not make."""

from typing import Any

import pytest

from inquiries import encryption
from inquiries.intake import indexing
from inquiries.ledger.verification import verify_ledger
from inquiries.models import IndexEntry, Inquiry
from inquiries.privacy import erase_inquiry
from inquiries.search import lookup
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a request as an earlier release did: with fewer search entries."""

    def make(**fields: Any) -> Inquiry:
        real = lookup.index_digests
        with monkeypatch.context() as patch:
            known = {lookup.name_digest("ana")}
            patch.setattr(lookup, "index_digests", lambda each: real(each) & known)
            inquiry = make_inquiry(
                **{"full_name": "Ana Fischer", "phone": "202-555-0134", **fields}
            )
            if fields.get("key"):
                make_inquiry(**{**fields, "message": "And at night?", "phone": "202-555-0199"})
        Inquiry.objects.filter(pk=inquiry.pk).update(index_version=None)
        return inquiry

    return make


def found(typed: str) -> list[Inquiry]:
    return lookup.find_inquiries(typed)[1]


def test_an_older_request_is_found_by_what_was_added(older: Any, coordinator: User) -> None:
    inquiry = older()
    steps.add_note(inquiry, text="Call again.", version=inquiry.version, by=coordinator)
    assert inquiry not in found("Fisher")
    assert indexing.index_requests() == 1
    assert inquiry in found("Fisher")
    assert inquiry in found("0134")
    assert indexing.index_requests() == 0
    assert not verify_ledger().faults


def test_what_was_sent_again_is_found_too(older: Any) -> None:
    inquiry = older(key="form")
    indexing.index_requests()
    assert inquiry in found("0199")
    assert not verify_ledger().faults


def test_a_request_that_lacks_nothing_is_only_marked() -> None:
    inquiry = make_inquiry()
    Inquiry.objects.update(index_version=None)
    events = inquiry.events.count()
    assert indexing.index_requests() == 1
    assert inquiry.events.count() == events


def test_an_erased_request_gets_no_entries(older: Any, privacy: User) -> None:
    inquiry = older(state=State.CLOSED)
    inquiry.refresh_from_db()
    erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    assert indexing.index_requests() == 1
    assert not IndexEntry.objects.filter(inquiry=inquiry).exists()


def test_a_request_that_was_changed_without_a_key_is_left_for_the_verification(older: Any) -> None:
    inquiry = older()
    Inquiry.objects.filter(pk=inquiry.pk).update(reference="2222-2222-2222")
    assert indexing.index_requests() == 0
    assert Inquiry.objects.get().index_version is None


def test_a_request_whose_key_is_refused_is_left(
    older: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    older()

    def refuse(*args: object, **kwargs: object) -> None:
        raise encryption.SealBroken

    monkeypatch.setattr(lookup, "index_digests", refuse)
    assert indexing.index_requests() == 0
