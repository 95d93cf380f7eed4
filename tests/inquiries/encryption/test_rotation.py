"""Key rotation: every key is wrapped again while the portal keeps working."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inquiries import encryption, keyring, privacy
from inquiries.encryption import KeyRefused
from inquiries.ledger import audit_trail, events
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, DataKey, Inquiry, Note
from inquiries.search import lookup
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_addition, make_inquiry, make_note, make_staff
from tests.inquiries.encryption.keys import FIRST, SECOND, THIRD, field_keys, wrapped

pytestmark = pytest.mark.django_db


def rotate() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("rotate_keys", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def assert_all_is_valid(count: int) -> None:
    """Check sealed values, search index, chains and receipts under the current FIELD_KEYS."""
    keyring.check_keys()
    for inquiry in Inquiry.objects.exclude(state=State.ERASED):
        assert inquiry.full_name == "Ana Example"
    found = lookup.find_inquiries("Ana Example").inquiries
    assert len(found) == min(count, lookup.MAX_RESULTS)
    assert verify_ledger().faults == []


@pytest.mark.usefixtures("under_the_first")
def test_rotation_rewraps_every_key_and_leaves_sealed_values_alone() -> None:
    note, addition = make_note(), make_addition()
    by = note.event.by
    assert by
    inquiry = make_inquiry(State.CLAIMED, owner=by)
    columns = "full_name", "phone", "message", "chain_head"
    before = list(Inquiry.objects.order_by("pk").values_list(*columns))
    with field_keys(SECOND, FIRST):
        out, err = rotate()
        name = encryption.newest_key_id()
        assert out == f"6 keys wrapped by {name}; none by another\n"
        assert err == "3 keys\n6 keys\n"
        assert {by for _, by in wrapped().values()} == {name}
        assert rotate() == (f"0 keys wrapped by {name}; none by another\n", "")
        entry = AuditEntry.objects.get(kind=AuditEntry.Kind.KEYS_ROTATED)
        assert entry.detail == {"keys": 6, "newest": name}
    with field_keys(SECOND):
        assert list(Inquiry.objects.order_by("pk").values_list(*columns)) == before
        assert_all_is_valid(3)
        assert Note.objects.get().text == note.text
        assert addition.submission.phone == "(202) 555-0199"
        steps.add_note(inquiry, text="Still writing.", version=inquiry.version, by=by)
        assert_all_is_valid(3)
    with field_keys(FIRST), pytest.raises(KeyRefused):
        keyring.check_keys()


@pytest.mark.usefixtures("under_the_first")
def test_three_keys_can_be_rotated_in_and_out() -> None:
    make_inquiry()
    with field_keys(SECOND, FIRST):
        make_inquiry()
        assert_all_is_valid(2)
    with field_keys(THIRD, SECOND, FIRST):
        make_inquiry()
        assert len({by for _, by in wrapped().values()}) == 3
        assert_all_is_valid(3)
        rotate()
    with field_keys(THIRD):
        assert_all_is_valid(3)
    # Go back to an older key, because the newest one was lost.
    with field_keys(FIRST, THIRD):
        rotate()
    with field_keys(FIRST):
        assert_all_is_valid(3)


@pytest.mark.usefixtures("under_the_first")
def test_a_rotation_stopped_between_batches_resumes_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "_BATCH", 2)
    for _ in range(5):
        make_inquiry()

    class Killed(BaseException): ...

    def stop_at_5(count: int) -> None:
        if count >= 5:
            raise Killed

    with field_keys(SECOND, FIRST):
        with pytest.raises(Killed):
            keyring.rotate_keys(on_progress=stop_at_5)
        by = [by for _, by in wrapped().values()]
        assert 5 <= by.count(encryption.newest_key_id()) < 8, "half of it is done and stays done"
        assert_all_is_valid(5)
    with field_keys(SECOND), pytest.raises(KeyRefused, match="not among FIELD_KEYS"):
        keyring.check_keys()
    with field_keys(SECOND, FIRST):
        assert keyring.rotate_keys() == 8 - by.count(encryption.newest_key_id())
    with field_keys(SECOND):
        assert_all_is_valid(5)


@pytest.mark.django_db(transaction=True)
def test_a_rotation_killed_within_a_batch_leaves_that_batch_unchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, *_ = [make_inquiry().data_key.wrapped_by for _ in range(3)]
    wrap, wrapped_so_far = encryption.wrap, []

    def die_at_the_second(key: bytes, *, context: str) -> bytes:
        wrapped_so_far.append(context)
        if len(wrapped_so_far) == 5:  # three purpose keys, and the key of one request
            raise KeyboardInterrupt
        return wrap(key, context=context)

    first = settings_key()
    with field_keys(SECOND, first):
        with monkeypatch.context() as patch:
            patch.setattr(encryption, "wrap", die_at_the_second)
            with pytest.raises(KeyboardInterrupt):
                keyring.rotate_keys()
        assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == {old}
        assert_all_is_valid(3)


def settings_key() -> bytes:
    from django.conf import settings

    key: bytes = settings.FIELD_KEYS[0]
    return key


@pytest.mark.django_db(transaction=True)
def test_requests_can_arrive_and_be_erased_during_rotation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "_BATCH", 3)
    first = settings_key()
    officer = make_staff(Role.PRIVACY)
    doomed = [make_inquiry() for _ in range(6)]
    for _ in range(6):
        make_inquiry()

    def act(number: int) -> None:
        if number == 0:
            keyring.rotate_keys()
            return
        for inquiry in doomed[number - 1 :: 2]:
            privacy.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=1, by=officer)
            make_inquiry()

    with field_keys(SECOND, first):
        together(3, act)
        assert not DataKey.objects.filter(inquiry__in=doomed).exists(), "what is erased stays so"
        keyring.rotate_keys()
    with field_keys(SECOND):
        assert DataKey.objects.count() == 12
        assert_all_is_valid(12)


@pytest.mark.usefixtures("under_the_first")
def test_a_key_destroyed_during_rotation_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inquiry = make_inquiry()
    wrap = encryption.wrap

    def erased_meanwhile(key: bytes, *, context: str) -> bytes:
        if context == f"inquiries.datakey:{inquiry.pk}":
            assert DataKey.objects.filter(pk=inquiry.pk).delete()[0] == 1
        return wrap(key, context=context)

    monkeypatch.setattr(encryption, "wrap", erased_meanwhile)
    with field_keys(SECOND, FIRST):
        keyring.rotate_keys()
    assert not DataKey.objects.exists()


@pytest.mark.usefixtures("under_the_first")
def test_rotation_names_a_key_it_cannot_open() -> None:
    inquiry = make_inquiry()
    with field_keys(THIRD, SECOND), pytest.raises(CommandError, match="not among FIELD_KEYS"):
        rotate()
    DataKey.objects.filter(pk=inquiry.pk).update(wrapped=b"\x01" + bytes(60))
    with field_keys(SECOND, FIRST), pytest.raises(CommandError, match=str(inquiry.pk)):
        rotate()


@pytest.mark.usefixtures("under_the_first")
def test_the_chain_continues_across_a_rotation(coordinator: User) -> None:
    inquiry = make_inquiry()
    with field_keys(SECOND, FIRST):
        rotate()
    with field_keys(SECOND):
        events.record_reading(inquiry, by=coordinator)
        audit_trail.record_entry(AuditEntry.Kind.SEARCHED, by=coordinator, by_what="name", found=1)
        findings = verify_ledger()
        assert (findings.faults, findings.events) == ([], 2)
