"""What a request says is sealed before the database sees it, and opens where it was sealed only."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import F, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquiries import encryption, privacy
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import Addition, DataKey, Inquiry, Message, Note, PurposeKey
from inquiries.models.sealed import Sealed, SealedField
from inquiries.states import ErasureReason, State
from inquiries.submission import DECLARED
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_addition, make_inquiry, make_note

KEY = bytes(range(32))
CONTEXT = "inquiries.inquiry.message:1"

# No NUL, which is refused, and no half of a surrogate pair, which no form lets in.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
quickly = settings(max_examples=40, deadline=None)

SAID: dict[str, Any] = {
    "full_name": "Wilhelmina Ashgrove",
    "patient_name": "Bartholomew Quillfeather",
    "phone": "(202) 555-0147",
    "phone_e164": "+12025550147",
    "email": "wilhelmina@ashgrove.example",
    "message": "My quillwort test says membranous; may I still travel?",
    "relation": "someone_else",
}
NOTED = "She prefers Thursdays, husband interprets."
CORRECTED = "Please write to my neighbour instead."
#: None of these may stand anywhere in the database, in whatever case or coding.
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


def set_raw(row: models.Model, **columns: bytes) -> None:
    """Write into a row as somebody does who has the database."""
    for column, value in columns.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {row._meta.db_table} SET {column} = %s "  # noqa: S608 - our own names
                f"WHERE {pk_column(row)} = %s",
                [value, pk_value(row)],
            )


def get_raw(row: models.Model, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {row._meta.db_table} "  # noqa: S608 - our own names
            f"WHERE {pk_column(row)} = %s",
            [pk_value(row)],
        )
        return bytes(cursor.fetchone()[0])


def pk_column(row: models.Model) -> str:
    column = row._meta.pk.column
    assert column
    return column


def pk_value(row: models.Model) -> Any:
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def everything_in_the_database() -> Iterator[str]:
    """Every cell of every table, as text that any coding of a Latin word would show in."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own names
            for row in cursor.fetchall():
                for cell in row:
                    if isinstance(cell, bytes | memoryview):
                        yield bytes(cell).decode("latin-1")
                    else:
                        yield str(cell)


# --- The primitive --------------------------------------------------------------------------------


@quickly
@given(texts)
def test_what_is_sealed_opens_as_it_was(text: str) -> None:
    sealed = encryption.seal(text, key=KEY, context=CONTEXT)
    assert encryption.unseal(sealed, key=KEY, context=CONTEXT) == text


@quickly
@given(st.text(st.characters(min_codepoint=1, max_codepoint=127), min_size=4, max_size=80))
def test_nothing_of_the_text_shows(text: str) -> None:
    assert text.encode() not in encryption.seal(text, key=KEY, context=CONTEXT)


@quickly
@given(texts)
def test_the_same_text_is_never_sealed_the_same(text: str) -> None:
    once, twice = (encryption.seal(text, key=KEY, context=CONTEXT) for _ in range(2))
    assert once != twice
    assert once[1:13] != twice[1:13], "a nonce used twice would give the key away"


@quickly
@given(text=texts, data=st.data())
def test_one_bit_changed_is_noticed(text: str, data: st.DataObject) -> None:
    sealed = bytearray(encryption.seal(text, key=KEY, context=CONTEXT))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        encryption.unseal(bytes(sealed), key=KEY, context=CONTEXT)


def test_a_value_cut_anywhere_or_added_to_is_noticed() -> None:
    sealed = encryption.seal("Ana Example", key=KEY, context=CONTEXT)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            encryption.unseal(sealed[:length], key=KEY, context=CONTEXT)
    with pytest.raises(SealBroken):
        encryption.unseal(sealed + b"\x00", key=KEY, context=CONTEXT)


@quickly
@given(st.binary(max_size=100))
def test_garbage_is_refused_and_never_shown(garbage: bytes) -> None:
    with pytest.raises(SealBroken):
        encryption.unseal(garbage, key=KEY, context=CONTEXT)


@quickly
@given(texts, texts)
def test_another_context_or_key_does_not_open_it(text: str, other: str) -> None:
    sealed = encryption.seal(text, key=KEY, context=f"{CONTEXT}{other}")
    with pytest.raises(SealBroken):
        encryption.unseal(sealed, key=KEY, context=f"{CONTEXT}{other}0")
    with pytest.raises(SealBroken):
        encryption.unseal(sealed, key=KEY[::-1], context=f"{CONTEXT}{other}")


def test_what_was_said_does_not_stand_in_the_refusal() -> None:
    sealed = encryption.seal("Ana Example", key=KEY, context=CONTEXT)
    with pytest.raises(SealBroken) as refused:
        encryption.unseal(sealed, key=KEY, context="elsewhere")
    assert "Ana" not in str(refused.value)
    assert str(refused.value) == "elsewhere was changed, or moved from elsewhere."


def test_a_length_shows_in_steps_of_32_bytes_only() -> None:
    lengths = [len(encryption.seal("x" * size, key=KEY, context=CONTEXT)) for size in range(1, 129)]
    around = 1 + 12 + 16  # format, nonce, tag
    assert lengths == [around + 32 * (1 + size // 32) for size in range(128)]


def test_a_text_with_nul_is_refused_because_it_would_come_back_shorter() -> None:
    for text in ("\x00", "Ana\x00", "A\x00na"):
        with pytest.raises(ValueError, match="NUL"):
            encryption.seal(text, key=KEY, context=CONTEXT)


def test_the_cipher_is_aes_256_gcm_as_others_implement_it() -> None:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    sealed = encryption.seal("Ana Example", key=KEY, context=CONTEXT)
    nonce, body, tag = sealed[1:13], sealed[13:-16], sealed[-16:]
    opener = Cipher(algorithms.AES(KEY), modes.GCM(nonce, tag)).decryptor()
    opener.authenticate_additional_data(CONTEXT.encode())
    assert sealed[:1] == b"\x01"
    assert opener.update(body) + opener.finalize() == b"Ana Example".ljust(32, b"\x00")


def test_a_data_key_is_32_random_bytes() -> None:
    made = {encryption.new_key() for _ in range(100)}
    assert len(made) == 100
    assert {len(key) for key in made} == {32}


# --- The database holds nothing in clear ----------------------------------------------------------


@pytest.fixture
def told(db: None, coordinator: User) -> Inquiry:
    """A request with words of its own, a correction, a note and a reading."""
    inquiry = make_inquiry(key="told", **SAID)
    inquiry = make_inquiry(key="told", **SAID | {"message": CORRECTED})
    return steps.add_note(inquiry, text=NOTED, version=inquiry.version, by=coordinator)


def test_the_raw_bytes_of_the_database_hold_no_word_that_was_said(told: Inquiry) -> None:
    cells = list(everything_in_the_database())
    assert any(told.reference in cell for cell in cells), "all cells were read"
    for word in CLEAR:
        found = [cell for cell in cells if word.lower() in cell.lower()]
        assert not found, f"{word}: {found[0][:80]!r}"


def test_every_sealed_value_is_sealed_by_the_key_of_its_request_in_its_place(
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


def test_every_request_has_a_key_of_its_own_and_none_lies_in_clear(db: None) -> None:
    secrets = [make_inquiry().data_key.secret for _ in range(5)]
    secrets += [key.secret for key in PurposeKey.objects.all()]
    assert len(set(secrets)) == len(secrets)
    cells = "\n".join(everything_in_the_database())
    for secret in secrets:
        assert secret.decode("latin-1") not in cells


def test_every_text_field_that_says_something_about_a_person_is_sealed() -> None:
    assert {(model.__name__, name) for model, name in SEALED} == {
        *(("Inquiry", name) for name in ("full_name", "patient_name", "phone", "phone_e164")),
        *(("Inquiry", name) for name in ("email", "message", "never_contact")),
        *(("Inquiry", name) for name in ("interpreter_language", "page_code")),
        *(("Inquiry", name) for name, declared in DECLARED.items() if declared.sealed),
        *(("Note", "text"), ("Addition", "written"), ("Message", "text")),
    }


def test_an_empty_text_is_stored_empty_and_read_empty(db: None) -> None:
    inquiry = make_inquiry(email="", patient_name="")
    assert get_raw(inquiry, "email") == b""
    assert Inquiry.objects.get().email == ""
    assert Inquiry.objects.get(email="", patient_name="") == inquiry


# --- Moved, cut, changed --------------------------------------------------------------------------


def opened(row: models.Model, field: str) -> Any:
    """As the next page reads it."""
    return getattr(type(row)._default_manager.get(pk=row.pk), field)


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
    mine, hers = make_inquiry(**SAID), make_inquiry(**SAID)
    set_raw(mine, **{field: get_raw(hers, field)})
    with pytest.raises(SealBroken, match=f"inquiry.{field}:{mine.pk} was changed"):
        opened(mine, field)


def test_a_value_moved_to_another_request_with_its_key_does_not_open(db: None) -> None:
    mine, hers = make_inquiry(), make_inquiry()
    set_raw(mine, message=get_raw(hers, "message"))
    key = hers.data_key
    DataKey.objects.filter(pk=mine.pk).update(wrapped=key.wrapped, wrapped_by=key.wrapped_by)
    with pytest.raises(KeyRefused, match=f"does not open inquiries.datakey:{mine.pk}"):
        opened(mine, "message")
    # Even where somebody has the keys of the installation, and wraps it for its new place.
    moved = DataKey.objects.get(pk=mine.pk).wrap(hers.data_key.secret)
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


def test_a_note_does_not_open_beside_another_event_either(db: None, coordinator: User) -> None:
    note = make_note()
    other = steps.add_note(make_inquiry(), text="Other.", version=1, by=coordinator).events.last()
    assert other
    Note.objects.filter(event=other).delete()
    Note.objects.filter(pk=note.pk).update(event=other)
    with pytest.raises(SealBroken):
        opened(note, "text")


def test_an_addition_does_not_open_as_a_note(db: None) -> None:
    addition = make_addition()
    set_raw(addition, written=os.urandom(100))
    with pytest.raises(SealBroken):
        opened(addition, "written")


def test_clear_text_slipped_into_the_database_is_refused_and_not_shown(db: None) -> None:
    inquiry = make_inquiry()
    set_raw(inquiry, message=b"Send the money to account 12345.")
    with pytest.raises(SealBroken, match="not a sealed value"):
        opened(inquiry, "message")


@pytest.mark.parametrize("length", [1, 12, 13, 28, 29, -1])
def test_a_value_cut_in_the_database_is_refused(db: None, length: int) -> None:
    inquiry = make_inquiry()
    set_raw(inquiry, message=get_raw(inquiry, "message")[:length])
    with pytest.raises(SealBroken):
        opened(inquiry, "message")


def test_a_request_whose_key_is_gone_says_so(db: None) -> None:
    inquiry = make_inquiry()
    DataKey.objects.filter(pk=inquiry.pk).delete()
    with pytest.raises(SealBroken, match="its key is gone"):
        opened(inquiry, "message")


def test_an_erased_request_has_no_key_and_what_a_backup_kept_of_it_does_not_open(
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


# --- As a field of Django -------------------------------------------------------------------------


def test_a_value_is_opened_when_it_is_read_and_not_before(db: None) -> None:
    make_inquiry()
    inquiry = Inquiry.objects.get()
    assert isinstance(inquiry.__dict__["message"], Sealed)
    assert inquiry.message == "I would like to understand my test results."
    assert inquiry.__dict__["message"] == inquiry.message


def test_a_deferred_value_opens_when_it_is_asked_for(db: None) -> None:
    make_inquiry(full_name="Ana Example")
    inquiry = Inquiry.objects.defer("full_name", "message").get()
    assert inquiry.get_deferred_fields() == {"full_name", "message"}
    assert inquiry.full_name == "Ana Example"
    assert inquiry.get_deferred_fields() == {"message"}
    inquiry.save()
    assert opened(inquiry, "full_name") == "Ana Example"
    assert opened(inquiry, "message") == "I would like to understand my test results."


def test_a_value_is_the_same_after_it_is_read_again_from_the_database(db: None) -> None:
    inquiry = make_inquiry(full_name="Ana Example")
    inquiry.full_name = "not saved"
    inquiry.refresh_from_db()
    assert inquiry.full_name == "Ana Example"
    inquiry.full_name = "not saved"
    inquiry.refresh_from_db(fields=["full_name"])
    assert inquiry.full_name == "Ana Example"


def test_saving_twice_opened_or_not_keeps_what_was_said(db: None) -> None:
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
    assert after != before, "sealed anew, under a nonce of its own"
    assert {name: getattr(Inquiry.objects.get(), name) for name in SAID} == SAID


def test_a_query_neither_finds_nor_sets_a_sealed_value(db: None) -> None:
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


def test_values_of_a_query_stay_sealed(db: None) -> None:
    make_inquiry(full_name="Ana Example")
    found: list[Any] = list(Inquiry.objects.values_list("full_name", "email").get())
    assert isinstance(found[0], Sealed)
    assert found[0].find(b"Ana") == -1
    assert found[1] == ""


def test_a_value_that_one_query_copies_to_another_field_does_not_open(db: None) -> None:
    inquiry = make_inquiry()
    Inquiry.objects.update(patient_name=F("full_name"))
    with pytest.raises(SealBroken):
        opened(inquiry, "patient_name")


def test_bytes_that_nobody_sealed_are_not_stored_as_if_they_were(db: None) -> None:
    inquiry = make_inquiry()
    inquiry.__dict__["message"] = b"in clear"
    with pytest.raises(TypeError):
        inquiry.save()


def test_the_states_that_erase_nothing_keep_every_word(db: None) -> None:
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
def test_whatever_is_written_down_in_a_note_is_read_the_same(
    db: None, coordinator: User, text: str
) -> None:
    inquiry = make_inquiry()
    noted = steps.add_note(inquiry, text=text, version=inquiry.version, by=coordinator)
    assert Note.objects.get(event__inquiry=noted).text == text
