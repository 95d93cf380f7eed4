"""Request content is sealed before it reaches the database, and opens only in its own place."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from inquiries import encryption, privacy
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import Addition, DataKey, Inquiry, Message, Note, PurposeKey
from inquiries.models.sealed import Sealed, SealedField
from inquiries.states import ErasureReason
from inquiries.submission import DECLARED
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_addition, make_inquiry, make_note
from tests.inquiries.encryption.sealed import SAID, get_raw, opened, set_raw

NOTED = "Prefers Thursdays, husband interprets."
CORRECTED = "Please write to my neighbour instead."
#: None of these may appear anywhere in the database, in any case or encoding.
CLEAR = (
    *("Wilhelmina", "Ashgrove", "Bartholomew", "Quillfeather", "555-0147", "2025550147"),
    *("membranous", "quillwort", "Thursdays", "interprets", "neighbour"),
)

SEALED = [
    (model, field.name)
    for model in (Inquiry, Note, Addition, Message)
    for field in model._meta.concrete_fields
    if isinstance(field, SealedField)
]


def everything_in_the_database() -> Iterator[str]:
    """Yield every cell of every table as text in which Latin words show in any encoding."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own names
            for row in cursor.fetchall():
                for cell in row:
                    if isinstance(cell, bytes | memoryview):
                        yield bytes(cell).decode("latin-1")
                    else:
                        yield str(cell)


@pytest.fixture
def told(db: None, coordinator: User) -> Inquiry:
    """A request with content of its own, a correction and a note."""
    inquiry = make_inquiry(key="told", **SAID)
    inquiry = make_inquiry(key="told", **SAID | {"message": CORRECTED})
    return steps.add_note(inquiry, text=NOTED, version=inquiry.version, by=coordinator)


def test_the_raw_database_contains_none_of_the_senders_words(told: Inquiry) -> None:
    cells = list(everything_in_the_database())
    assert any(told.reference in cell for cell in cells), "all cells were read"
    for word in CLEAR:
        found = [cell for cell in cells if word.lower() in cell.lower()]
        assert not found, f"{word}: {found[0][:80]!r}"


def test_every_value_is_sealed_for_its_place_with_its_requests_key(
    told: Inquiry,
) -> None:
    secret = told.data_key.secret
    for name in ("full_name", "patient_name", "phone", "phone_e164", "email", "message"):
        raw = get_raw(told, name)
        context = f"inquiries.inquiry.{name}:{told.pk}"
        assert encryption.unseal(raw, key=secret, context=context) == SAID[name]
    note = Note.objects.get()
    context = f"inquiries.note.text:{told.pk}/{note.event.number}"
    assert encryption.unseal(get_raw(note, "text"), key=secret, context=context) == NOTED
    addition = Addition.objects.get()
    context = f"inquiries.addition.written:{told.pk}/{addition.event.number}"
    written = encryption.unseal(get_raw(addition, "written"), key=secret, context=context)
    assert CORRECTED in written


def test_every_request_has_its_own_key_and_no_key_is_stored_in_the_clear(db: None) -> None:
    secrets = [make_inquiry().data_key.secret for _ in range(5)]
    secrets += [key.secret for key in PurposeKey.objects.all()]
    assert len(set(secrets)) == len(secrets)
    cells = "\n".join(everything_in_the_database())
    for secret in secrets:
        assert secret.decode("latin-1") not in cells


def test_every_text_field_about_a_person_is_sealed() -> None:
    assert {(model.__name__, name) for model, name in SEALED} == {
        *(("Inquiry", name) for name in ("full_name", "patient_name", "phone", "phone_e164")),
        *(("Inquiry", name) for name in ("email", "message", "never_contact")),
        *(("Inquiry", name) for name in ("interpreter_language", "page_code")),
        *(("Inquiry", name) for name, declared in DECLARED.items() if declared.sealed),
        *(("Note", "text"), ("Addition", "written"), ("Message", "text")),
    }


def test_an_empty_text_is_stored_and_read_as_empty(db: None) -> None:
    inquiry = make_inquiry(email="", patient_name="")
    assert get_raw(inquiry, "email") == b""
    assert Inquiry.objects.get().email == ""
    assert Inquiry.objects.get(email="", patient_name="") == inquiry


def test_a_value_moved_to_another_field_does_not_open(db: None) -> None:
    inquiry = make_inquiry(patient_name="Ben Example")
    set_raw(inquiry, full_name=get_raw(inquiry, "patient_name"))
    with pytest.raises(SealBroken, match="full_name"):
        opened(inquiry, "full_name")
    assert opened(inquiry, "patient_name") == "Ben Example", "the rest opens as before"


@pytest.mark.parametrize(
    "field", ["full_name", "patient_name", "phone", "phone_e164", "email", "message"]
)
def test_a_value_moved_to_another_request_does_not_open(db: None, field: str) -> None:
    mine, others = make_inquiry(**SAID), make_inquiry(**SAID)
    set_raw(mine, **{field: get_raw(others, field)})
    with pytest.raises(SealBroken, match=f"inquiry.{field}:{mine.pk} was changed"):
        opened(mine, field)


def test_a_value_moved_to_another_request_with_its_key_does_not_open(db: None) -> None:
    mine, others = make_inquiry(), make_inquiry()
    set_raw(mine, message=get_raw(others, "message"))
    key = others.data_key
    DataKey.objects.filter(pk=mine.pk).update(wrapped=key.wrapped, wrapped_by=key.wrapped_by)
    with pytest.raises(KeyRefused, match=f"does not open inquiries.datakey:{mine.pk}"):
        opened(mine, "message")
    # Not even someone with the installation's keys can move it by wrapping it for its new place.
    moved = DataKey.objects.get(pk=mine.pk).wrap(others.data_key.secret)
    moved.save()
    with pytest.raises(SealBroken):
        opened(mine, "message")


def test_a_note_moved_to_another_event_of_its_request_does_not_open(
    db: None, coordinator: User
) -> None:
    inquiry = make_inquiry()
    for text in ("First.", "Second."):
        inquiry = steps.add_note(inquiry, text=text, version=inquiry.version, by=coordinator)
    first, second = Note.objects.order_by("pk")
    raw = [get_raw(first, "text"), get_raw(second, "text")]
    set_raw(first, text=raw[1])
    set_raw(second, text=raw[0])
    for note in (first, second):
        with pytest.raises(SealBroken, match=r"note\.text"):
            opened(note, "text")


def test_a_note_moved_to_an_event_of_another_request_does_not_open(
    db: None, coordinator: User
) -> None:
    note = make_note()
    other = steps.add_note(make_inquiry(), text="Other.", version=1, by=coordinator).events.last()
    assert other
    Note.objects.filter(event=other).delete()
    Note.objects.filter(pk=note.pk).update(event=other)
    with pytest.raises(SealBroken):
        opened(note, "text")


def test_an_addition_replaced_by_random_bytes_does_not_open(db: None) -> None:
    addition = make_addition()
    set_raw(addition, written=os.urandom(100))
    with pytest.raises(SealBroken):
        opened(addition, "written")


def test_clear_text_put_into_the_database_is_rejected_and_not_shown(db: None) -> None:
    inquiry = make_inquiry()
    set_raw(inquiry, message=b"Send the money to account 12345.")
    with pytest.raises(SealBroken, match="not a sealed value"):
        opened(inquiry, "message")


@pytest.mark.parametrize("length", [1, 12, 13, 28, 29, -1])
def test_a_truncated_value_in_the_database_is_rejected(db: None, length: int) -> None:
    inquiry = make_inquiry()
    set_raw(inquiry, message=get_raw(inquiry, "message")[:length])
    with pytest.raises(SealBroken):
        opened(inquiry, "message")


def test_a_request_whose_key_is_gone_says_so(db: None) -> None:
    inquiry = make_inquiry()
    DataKey.objects.filter(pk=inquiry.pk).delete()
    with pytest.raises(SealBroken, match="its key is gone"):
        opened(inquiry, "message")


def test_an_erased_request_has_no_key_and_its_text_from_a_backup_does_not_open(
    db: None, privacy: User
) -> None:
    inquiry = make_inquiry()
    kept = get_raw(inquiry, "message")
    erase(inquiry, by=privacy)
    assert not DataKey.objects.exists()
    assert opened(inquiry, "message") == ""
    note = Inquiry.objects.get()
    note.__dict__["message"] = Sealed(kept)
    with pytest.raises(SealBroken, match="its key is gone"):
        _ = note.message


def erase(inquiry: Inquiry, *, by: User) -> None:
    privacy.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by)
