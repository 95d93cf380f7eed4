"""A lost key: what still can be read, and how to go on without it."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inquiries import keyring, lost_keys
from inquiries.encryption import KeyRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import DataKey, Event, Inquiry, PurposeKey
from inquiries.states import ErasureReason, State
from portal.config import startup
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.encryption.keys import FIRST, SECOND, field_keys

pytestmark = pytest.mark.django_db


def give_up(*words: str) -> str:
    out = StringIO()
    call_command("give_up_key", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def id_of(inquiry: Inquiry) -> str:
    return DataKey.objects.get(pk=inquiry.pk).wrapped_by


@pytest.fixture
def lost(coordinator: User, under_the_first: Any) -> list[Inquiry]:
    """Two requests under the first key; the keys of the database were rotated to the second."""
    inquiries = [make_inquiry(), make_inquiry(State.CLAIMED, owner=coordinator)]
    with field_keys(SECOND, FIRST):
        for key in PurposeKey.objects.all():
            key.wrap(key.secret).save()
    return inquiries


def test_a_lost_key_stops_the_start_and_what_is_not_sealed_is_listed(lost: list[Inquiry]) -> None:
    with field_keys(SECOND):
        with pytest.raises(KeyRefused, match=id_of(lost[0])):
            startup.check_startup()
        listed = give_up(id_of(lost[0])).splitlines()
        assert [line.split("\t")[0] for line in listed] == [each.reference for each in lost]
        assert [line.split("\t")[2] for line in listed] == ["new", "claimed"]
        assert DataKey.objects.count() == 2, "only listed"


def test_given_up_the_site_starts_takes_new_requests_and_its_ledger_is_whole(
    lost: list[Inquiry],
) -> None:
    with field_keys(SECOND, FIRST):
        kept = make_inquiry()
    with field_keys(SECOND):
        listed = give_up(id_of(lost[0]), "--erase")
        assert all(each.reference in listed for each in lost)
        startup.check_startup()
        assert {each.state for each in Inquiry.objects.exclude(pk=kept.pk)} == {State.ERASED}
        for inquiry in lost:
            erased = Event.objects.get(inquiry=inquiry, kind=Event.Kind.ERASED)
            assert erased.detail["reason"] == ErasureReason.KEY_LOST
            assert erased.headline == str(Event.Kind.ERASED.label)
        assert Inquiry.objects.get(pk=kept.pk).full_name == "Ana Example"
        assert make_inquiry().full_name == "Ana Example"
        assert verify_ledger().faults == []
        with pytest.raises(CommandError, match="Nothing in the database needs"):
            give_up(id_of(kept))


def test_if_the_key_is_found_nothing_was_lost(lost: list[Inquiry]) -> None:
    with field_keys(SECOND), pytest.raises(KeyRefused):
        startup.check_startup()
    with field_keys(SECOND, FIRST):
        startup.check_startup()
        assert {each.full_name for each in Inquiry.objects.all()} == {"Ana Example"}
        with pytest.raises(KeyRefused, match="is not lost"):
            lost_keys.give_up_key(id_of(lost[0]))


@pytest.mark.usefixtures("under_the_first")
def test_where_the_only_key_is_lost_the_requests_are_listed_and_kept() -> None:
    inquiry = make_inquiry()
    with field_keys(SECOND):
        assert keyring.count_lost() == {id_of(inquiry): len(PurposeKey.objects.all()) + 1}
        assert inquiry.reference in give_up(id_of(inquiry))
        with pytest.raises(CommandError, match="Keep this database, and start a new one"):
            give_up(id_of(inquiry), "--erase")
    with field_keys(FIRST):
        assert Inquiry.objects.get().full_name == "Ana Example"
