"""Security 3: a writer to the database without any key does not go unnoticed.

Each attack is SQL past the verbs, with the triggers off; `verify_ledger` names the request.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models

from inquiries import keyring
from inquiries.ledger import anchors
from inquiries.ledger.verification import verify_ledger
from inquiries.models import (
    AccessLink,
    Addition,
    Clock,
    DataKey,
    Delivery,
    Inquiry,
    Message,
    Note,
)
from inquiries.models.stored_plan import PLAN_COLUMNS
from portal.models import Role, User
from tests.factories import FIRST, make_inquiry, make_staff
from tests.inquiries.ledger.raw import eventful, execute, fetch, is_refused, other_value
from tests.inquiries.ledger.recounting import recount, recount_with_faults
from tests.inquiries.ledger.tampering import owning_the_database

pytestmark = pytest.mark.django_db

#: Columns that the worker or `rotate_keys` may update; each has an attack of its own below. What
#: the queue shows is renewed by the worker: contact/test_stored_plan.py.
MOVING: dict[type[models.Model], set[str]] = {
    Inquiry: set(PLAN_COLUMNS),
    Clock: {"warned_percent"},
    Addition: set(),
    Message: set(),
    Note: set(),
    AccessLink: {"revoked_at"},
    Delivery: {"state", "attempts", "due_at", "settled_at", "failure", "link", "mac"},
    DataKey: {"wrapped_by"},
}
COLUMNS = [
    (model, field.name)
    for model, moving in MOVING.items()
    for field in model._meta.concrete_fields
    if not field.primary_key and field.name not in moving
]


@pytest.mark.parametrize(
    ("model", "name"), COLUMNS, ids=[f"{model.__name__}.{name}" for model, name in COLUMNS]
)
def test_a_change_to_any_column_is_detected(
    model: type[models.Model], name: str, coordinator: User
) -> None:
    """Tries voicemail, never-contact, urgency, due time, time zone, sealed fields, and the rest."""
    inquiry = eventful(coordinator)
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    row = model._default_manager.order_by("-pk").first()
    assert row
    now = row.__dict__[field.attname]
    value = field.get_db_prep_value(other_value(field, now), connection)
    pk = row._meta.pk.get_db_prep_value(row.pk, connection)
    where = (
        f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE {row._meta.pk.column} = %s"  # noqa: S608 - our own names
    )
    with owning_the_database():
        if value is None and (now is None or not field.null):
            pytest.skip("there is nothing else to point to")
        if is_refused(where, value, pk):
            return
    named = inquiry.reference if name != "reference" else "other"
    assert [each for each in verify_ledger().faults if each.startswith(named)], (now, value)


def _move_due_time() -> None:
    execute("UPDATE inquiries_clock SET due_at = started_at")
    execute("UPDATE inquiries_inquiry SET due_at = received_at")


def _keep_whom_to_tell_quiet() -> None:
    execute("UPDATE inquiries_clock SET warn_at = NULL, warned_percent = 100")


def _add_a_clock() -> None:
    clock = Clock.objects.filter(stopped_at__isnull=False)[0]
    clock.pk = None
    clock.save(force_insert=True)


def _add_a_link() -> None:
    link = AccessLink.objects.all()[0]
    link.pk, link.token_digest = None, "0" * 64
    link.save(force_insert=True)


def _change_a_sender_of_mail() -> None:
    first = fetch("SELECT min(id) FROM inquiries_event")
    execute("UPDATE inquiries_delivery SET sent_with_id = %s", first)


def _swap_words_of_messages() -> None:
    first, second = Message.objects.order_by("pk").values_list("pk", "event_id")
    texts = dict(Message.objects.values_list("pk", "text"))
    for mine, other in ((first[0], second[0]), (second[0], first[0])):
        execute("UPDATE inquiries_message SET text = %s WHERE id = %s", bytes(texts[other]), mine)


ATTACKS: dict[str, Callable[[], object]] = {
    "voicemail consent": lambda: execute("UPDATE inquiries_inquiry SET voicemail = 'may_identify'"),
    "never-contact emptied: it opens as nothing": lambda: execute(
        "UPDATE inquiries_inquiry SET never_contact = %s", b""
    ),
    "urgency": lambda: execute("UPDATE inquiries_inquiry SET urgency = 'soon', urgent = false"),
    "due time, of the row and its clocks": _move_due_time,
    "time zone": lambda: execute("UPDATE inquiries_inquiry SET time_zone = 'Asia/Tokyo'"),
    "retention date": lambda: execute("UPDATE inquiries_inquiry SET added_at = received_at"),
    "owner": lambda: execute(
        "UPDATE inquiries_inquiry SET owner_id = %s WHERE owner_id IS NOT NULL",
        _db_key(make_staff(Role.COORDINATOR)),
    ),
    "a clock deleted": lambda: execute("DELETE FROM inquiries_clock WHERE kind = 'closure'"),
    "a clock added": _add_a_clock,
    "nobody is told of a deadline": _keep_whom_to_tell_quiet,
    "all search entries deleted": lambda: execute("DELETE FROM inquiries_indexentry"),
    "one search entry deleted": lambda: execute(
        "DELETE FROM inquiries_indexentry WHERE id = (SELECT max(id) FROM inquiries_indexentry)"
    ),
    "a correction taken away": lambda: execute("DELETE FROM inquiries_addition"),
    "two messages swapped": _swap_words_of_messages,
    "a link slipped in": _add_a_link,
    "an ended link opened again": lambda: execute(
        "UPDATE inquiries_accesslink SET revoked_at = NULL"
    ),
    "a mail sent elsewhere": lambda: execute("UPDATE inquiries_delivery SET address = %s", b"x"),
    "a mail sent as of another sending": _change_a_sender_of_mail,
    "a mail unbound": lambda: execute("UPDATE inquiries_delivery SET mac = ''"),
    "the key overwritten": lambda: execute("UPDATE inquiries_datakey SET wrapped = %s", b"x" * 61),
    "events unbound": lambda: execute("UPDATE inquiries_event SET bound = NULL"),
}


def _db_key(row: models.Model) -> Any:
    return row._meta.pk.get_db_prep_value(row.pk, connection)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_changes_that_bypass_the_steps_are_reported(
    attack: Callable[[], object], coordinator: User
) -> None:
    inquiry = eventful(coordinator)
    assert recount()[0].endswith("whole\n")
    with owning_the_database():
        attack()
    out, _, last, status = recount_with_faults()
    assert status == 1
    assert "not whole" in last
    assert f"{inquiry.reference}: " in out


def test_search_entries_moved_to_another_request_are_detected_on_both() -> None:
    mine, theirs = make_inquiry(full_name="Ana Example"), make_inquiry(full_name="Ben Sample")
    ours, others = _db_key(mine), _db_key(theirs)
    execute("DELETE FROM inquiries_indexentry WHERE inquiry_id = %s", others)
    execute("UPDATE inquiries_indexentry SET inquiry_id = %s WHERE inquiry_id = %s", others, ours)
    said = "its search entries are not those of what was sent."
    assert sorted(verify_ledger().faults) == sorted(
        f"{each.reference}: {said}" for each in (mine, theirs)
    )


@pytest.mark.parametrize("name", ["message", "full_name", "phone"])
def test_swapping_two_requests_ciphertexts_is_detected(name: str) -> None:
    mine, theirs = make_inquiry(), make_inquiry(message="Of somebody else.")
    sealed = {each.pk: bytes(each.__dict__[name]) for each in Inquiry.objects.all()}
    for each, other in ((mine, theirs), (theirs, mine)):
        statement = f"UPDATE inquiries_inquiry SET {name} = %s WHERE id = %s"  # noqa: S608
        execute(statement, sealed[other.pk], _db_key(each))
    assert len(verify_ledger().faults) == 2


def test_the_anchor_detects_a_deleted_email() -> None:
    make_inquiry(contact_method="email", email="ana@example.org")
    anchors.write_anchor()
    execute("DELETE FROM inquiries_delivery")
    (fault,) = verify_ledger().faults
    assert "there were 1 deliveries; of these, 0 are there" in fault


def test_data_left_in_an_erased_request_is_reported(coordinator: User, privacy: User) -> None:
    from tests.inquiries.ledger.tampering import erase

    inquiry = eventful(coordinator)
    entry = fetch("SELECT digest FROM inquiries_indexentry")
    erase(inquiry, by=privacy)
    assert verify_ledger().faults == []
    execute(
        "INSERT INTO inquiries_indexentry (inquiry_id, digest) VALUES (%s, %s)",
        _db_key(inquiry),
        entry,
    )
    (fault,) = verify_ledger().faults
    assert "was erased, but its key, search entries" in fault


def test_staff_steps_on_a_tampered_row_do_not_make_it_valid(coordinator: User) -> None:
    """The next verb saves the whole row, but its event also records what it found."""
    from inquiries.triage import steps

    inquiry = make_inquiry()
    execute("UPDATE inquiries_inquiry SET voicemail = 'may_identify'")
    steps.claim(inquiry, version=inquiry.version, by=coordinator)
    assert verify_ledger().faults == [
        f"{inquiry.reference}: was changed without an event before event 2."
    ]


def test_a_tampered_clock_is_detected_after_a_step_moves_it_on(
    coordinator: User,
) -> None:
    from inquiries.triage import steps

    inquiry = make_inquiry()
    execute("UPDATE inquiries_clock SET started_at = due_at WHERE kind = 'first_attempt'")
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    steps.log_attempt(inquiry, method="phone", reached="nobody", version=2, by=coordinator)
    assert any("before event 3" in fault for fault in verify_ledger().faults)


def test_search_entries_deleted_before_a_correction_are_detected_after_it() -> None:
    make_inquiry(key="form", sender=FIRST)
    execute("DELETE FROM inquiries_indexentry")
    make_inquiry(key="form", message="And at night?")
    assert any("before event 2" in fault for fault in verify_ledger().faults)


def test_key_rotation_keeps_everything_valid(coordinator: User, settings: Any) -> None:
    """Wrapping the keys again changes no row that an event binds."""
    eventful(coordinator)
    keyring.purpose_key.cache_clear()
    settings.FIELD_KEYS = [b"n" * 32, *settings.FIELD_KEYS]
    try:
        assert keyring.rotate_keys() > 0
        settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
        keyring.purpose_key.cache_clear()
        assert verify_ledger().faults == []
    finally:
        keyring.purpose_key.cache_clear()


def test_event_bindings_do_not_reveal_erased_entries(coordinator: User, privacy: User) -> None:
    """Even with all keys of the installation and a correct guess, the data key is missing."""
    from inquiries.ledger import bindings
    from tests.inquiries.ledger.tampering import erase

    inquiry = make_inquiry()
    entries = [bytes(row.digest) for row in inquiry.index_entries.all()]
    bound = inquiry.events.get().bound
    assert bound
    assert bound["entries"] == bindings.digest_entries(entries, inquiry.data_key)
    erase(inquiry, by=privacy)
    guessed = DataKey(inquiry=inquiry).wrap(b"0" * 32)
    assert bound["entries"] != bindings.digest_entries(entries, guessed)
