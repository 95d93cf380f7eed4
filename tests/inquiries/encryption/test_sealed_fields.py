"""A sealed value as a Django model field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquiries.encryption import SealBroken
from inquiries.models import Inquiry, Note
from inquiries.models.sealed import Sealed, SealedField
from inquiries.states import State
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.encryption.sealed import SAID, get_raw, opened

# No NUL, which is refused, and no lone surrogate, which no form accepts.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


def test_a_value_is_opened_only_when_it_is_read(db: None) -> None:
    make_inquiry()
    inquiry = Inquiry.objects.get()
    assert isinstance(inquiry.__dict__["message"], Sealed)
    assert inquiry.message == "I would like to understand my test results."
    assert inquiry.__dict__["message"] == inquiry.message


def test_a_deferred_value_opens_when_it_is_read(db: None) -> None:
    make_inquiry(full_name="Ana Example")
    inquiry = Inquiry.objects.defer("full_name", "message").get()
    assert inquiry.get_deferred_fields() == {"full_name", "message"}
    assert inquiry.full_name == "Ana Example"
    assert inquiry.get_deferred_fields() == {"message"}
    inquiry.save()
    assert opened(inquiry, "full_name") == "Ana Example"
    assert opened(inquiry, "message") == "I would like to understand my test results."


def test_refreshing_from_the_database_restores_the_value(db: None) -> None:
    inquiry = make_inquiry(full_name="Ana Example")
    inquiry.full_name = "not saved"
    inquiry.refresh_from_db()
    assert inquiry.full_name == "Ana Example"
    inquiry.full_name = "not saved"
    inquiry.refresh_from_db(fields=["full_name"])
    assert inquiry.full_name == "Ana Example"


def test_saving_twice_keeps_the_value_whether_or_not_it_was_opened(db: None) -> None:
    make_inquiry(**SAID)
    before = get_raw(Inquiry.objects.get(), "message")
    Inquiry.objects.get().save()
    assert get_raw(Inquiry.objects.get(), "message") == before, "what nobody opened stays sealed"
    for _ in range(2):
        inquiry = Inquiry.objects.get()
        assert inquiry.message == SAID["message"]
        inquiry.save()
        inquiry.save()
    after = get_raw(Inquiry.objects.get(), "message")
    assert after == before, "or what its event binds would not hold"
    inquiry = Inquiry.objects.get()
    inquiry.message = "Other words."
    inquiry.save()
    changed = get_raw(Inquiry.objects.get(), "message")
    inquiry.message = SAID["message"]
    inquiry.save()
    again = get_raw(Inquiry.objects.get(), "message")
    assert len({before, changed, again}) == 3, "other words are sealed under a nonce of their own"
    assert {name: getattr(Inquiry.objects.get(), name) for name in SAID} == SAID


def test_queries_cannot_filter_or_set_a_sealed_value(db: None) -> None:
    inquiry = make_inquiry()
    rows, name = Inquiry.objects, "Ben Example"
    inquiry.full_name = name
    value = Value(name, output_field=SealedField(name="full_name"))
    queries: list[Callable[[], object]] = [
        lambda: rows.filter(full_name=name).exists(),
        lambda: rows.filter(full_name__in=[name]).exists(),
        lambda: rows.update(full_name=name),
        lambda: rows.update(full_name=value),
        lambda: rows.bulk_update([inquiry], ["full_name"]),
    ]
    for query in queries:
        with pytest.raises(TypeError, match="full_name is sealed"), transaction.atomic():
            query()
    assert opened(inquiry, "full_name") == "Ana Example"


def test_values_from_a_query_stay_sealed(db: None) -> None:
    make_inquiry(full_name="Ana Example")
    found: list[Any] = list(Inquiry.objects.values_list("full_name", "email").get())
    assert isinstance(found[0], Sealed)
    assert found[0].find(b"Ana") == -1
    assert found[1] == ""


def test_a_value_copied_to_another_field_by_a_query_does_not_open(db: None) -> None:
    inquiry = make_inquiry()
    Inquiry.objects.update(patient_name=F("full_name"))
    with pytest.raises(SealBroken):
        opened(inquiry, "patient_name")


def test_unsealed_bytes_are_not_stored(db: None) -> None:
    inquiry = make_inquiry()
    inquiry.__dict__["message"] = b"in clear"
    with pytest.raises(TypeError):
        inquiry.save()


def test_every_state_but_erased_keeps_the_text(db: None) -> None:
    for state in State:
        inquiry = make_inquiry(state, **SAID)
        expected = "" if state == State.ERASED else SAID["message"]
        assert opened(inquiry, "message") == expected


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts.filter(str.strip))
def test_any_text_in_a_note_is_read_back_unchanged(db: None, coordinator: User, text: str) -> None:
    inquiry = make_inquiry()
    noted = steps.add_note(inquiry, text=text, version=inquiry.version, by=coordinator)
    assert Note.objects.get(event__inquiry=noted).text == text
