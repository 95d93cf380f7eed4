"""The keys: read from FIELD_KEYS, refused where wrong, wrapped anew while the portal works."""

import base64
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import override_settings

from inquiries import encryption, keyring, privacy
from inquiries.encryption import KeyRefused
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import audit_trail, events
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, DataKey, Inquiry, Note, PurposeKey
from inquiries.search import lookup
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.config import environment, startup
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_addition, make_inquiry, make_note, make_staff

REPOSITORY = Path(__file__).resolve().parents[3]
FIRST, SECOND, THIRD = (bytes([number]) * 32 for number in (1, 2, 3))


def written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


@contextmanager
def field_keys(*newest_first: bytes) -> Iterator[None]:
    """As after a restart with these FIELD_KEYS."""
    purpose_key.cache_clear()
    with override_settings(FIELD_KEYS=list(newest_first)):
        yield
    purpose_key.cache_clear()


@pytest.fixture
def under_the_first(db: None) -> Iterator[None]:
    """An installation that has known one key so far."""
    PurposeKey.objects.all().delete()
    with field_keys(FIRST):
        keyring.make_missing_keys()
        yield


pytestmark = pytest.mark.django_db


# --- Reading FIELD_KEYS ---------------------------------------------------------------------------

WRONG = {
    "empty": "",
    "blank": "   ",
    "only a comma": ",",
    "no base64": "correct!horse!battery!staple",
    "16 bytes": written(FIRST[:16]),
    "31 bytes": written(FIRST[:31]),
    "33 bytes": written(FIRST + b"x"),
    "hexadecimal": FIRST.hex(),
    "a comma too much": f"{written(FIRST)},",
    "a comma before": f",{written(FIRST)}",
    "semicolons": f"{written(FIRST)};{written(SECOND)}",
    "two in one": written(FIRST).rstrip("=") + written(SECOND),
    "padding within": f"{written(FIRST)}{written(SECOND)}",
    "in quotes": f'"{written(FIRST)}"',
    "beyond ASCII": "é" * 43,
    "a second of 16 bytes": f"{written(FIRST)},{written(SECOND[:16])}",
    "the same twice": f"{written(FIRST)},{written(FIRST)}",
    "the same, otherwise written": f"{written(FIRST)}, {written(FIRST).rstrip('=')}",
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FIELD_KEYS", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.keys("FIELD_KEYS", "Set it.")
    said = str(refused.value)
    assert said.startswith("FIELD_KEYS")
    assert "\n" not in said
    for word in value.replace(",", " ").split():
        assert word not in said


@pytest.mark.parametrize(
    "value",
    [
        f"{written(FIRST)},{written(SECOND)}",
        f"{written(FIRST).rstrip('=')},{written(SECOND).rstrip('=')}",
        f"  {written(FIRST)} , {written(SECOND)}\n",
    ],
    ids=["as made", "without padding", "with blanks"],
)
def test_keys_are_read_newest_first(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FIELD_KEYS", value)
    assert environment.keys("FIELD_KEYS", "Set it.") == [FIRST, SECOND]


def manage(*arguments: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Call manage.py as an operator does, with this environment and nothing else."""
    return run([sys.executable, "manage.py", *arguments], folder, env)


def run(command: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=REPOSITORY,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_DATA_DIR": str(folder),
            "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "portal.example",
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.once
def test_a_start_with_a_wrong_value_ends_with_one_line_that_says_what_to_do(
    tmp_path: Path,
) -> None:
    secret = written(SECOND[:16])
    values = [None, "", f"{written(FIRST)},{secret}", f"{written(FIRST)},{written(FIRST)}"]
    with ThreadPoolExecutor(2) as pool:
        stopped = list(
            pool.map(
                lambda value: manage(
                    "check", folder=tmp_path, **({} if value is None else {"FIELD_KEYS": value})
                ),
                values,
            )
        )
    for each in stopped:
        assert each.returncode == 1
        (line,) = each.stderr.strip().splitlines()
        assert "FIELD_KEYS" in line
        assert "32 random bytes in URL-safe base64, newest first" in line
        assert secret not in line
    assert "is not set" in stopped[0].stderr
    assert "key 2 is not 32 bytes" in stopped[2].stderr
    assert "names a key twice" in stopped[3].stderr


# --- Keys that do not fit what the database holds -------------------------------------------------


@pytest.mark.usefixtures("under_the_first")
def test_the_start_refuses_keys_that_do_not_open_what_is_there() -> None:
    make_inquiry()
    for wrong in ([SECOND], [SECOND, THIRD]):
        with field_keys(*wrong), pytest.raises(KeyRefused, match="not among FIELD_KEYS") as refused:
            startup.check_startup()
        assert "Add that key again, after the newest." in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("under_the_first")
def test_the_start_passes_with_the_key_in_any_place() -> None:
    make_inquiry()
    for right in ([FIRST], [SECOND, FIRST], [FIRST, SECOND], [THIRD, SECOND, FIRST]):
        with field_keys(*right):
            startup.check_startup()
            assert Inquiry.objects.get().full_name == "Ana Example"


@pytest.mark.usefixtures("under_the_first")
def test_one_request_under_an_older_key_is_enough_to_refuse_a_start_without_it() -> None:
    old = make_inquiry()
    with field_keys(SECOND, FIRST):
        for key in PurposeKey.objects.all():
            key.wrap(key.secret).save()
        make_inquiry()
        keyring.check_keys()
    with field_keys(SECOND):
        with pytest.raises(KeyRefused, match="not among FIELD_KEYS"):
            keyring.check_keys()
        DataKey.objects.filter(pk=old.pk).delete()
        keyring.check_keys()


@pytest.mark.usefixtures("under_the_first")
@pytest.mark.parametrize("known", [1, 2, 3, 4, 5])
def test_a_strange_key_is_found_wherever_its_name_lies_among_the_known(known: int) -> None:
    inquiry = make_inquiry()
    ours = [FIRST, *(bytes([number]) * 32 for number in range(10, 10 + known))]
    with field_keys(*ours):
        keyring.check_keys()
        names = sorted(encryption.known_key_ids())
        strangers = ["00000000", "ffffffff", *(f"{int(name, 16) + 1:08x}" for name in names)]
        for stranger in strangers:
            DataKey.objects.filter(pk=inquiry.pk).update(wrapped_by=stranger)
            with pytest.raises(KeyRefused, match=stranger):
                keyring.check_keys()


@pytest.mark.usefixtures("under_the_first")
def test_a_refusal_names_no_key() -> None:
    make_inquiry()
    with field_keys(SECOND), pytest.raises(KeyRefused) as refused:
        keyring.check_keys()
    for key in (FIRST, SECOND):
        assert written(key).rstrip("=") not in str(refused.value)
        assert key.hex() not in str(refused.value)


@pytest.mark.usefixtures("under_the_first")
def test_a_key_that_was_changed_or_given_another_purpose_is_refused() -> None:
    chain, index = (PurposeKey.objects.get(purpose=each) for each in (Purpose.CHAIN, Purpose.INDEX))
    wrapped = bytes(chain.wrapped)
    for other in (bytes(index.wrapped), wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b""):
        PurposeKey.objects.filter(pk=chain.pk).update(wrapped=other)
        with pytest.raises(KeyRefused, match=r"does not open inquiries\.purposekey:chain"):
            keyring.check_keys()


@pytest.mark.usefixtures("under_the_first")
def test_without_its_keys_the_portal_says_to_migrate() -> None:
    PurposeKey.objects.all().delete()
    purpose_key.cache_clear()
    assert not keyring.has_keys()
    with pytest.raises(KeyRefused, match=r"Run manage\.py migrate"):
        purpose_key(Purpose.CHAIN)


@pytest.fixture(scope="module")
def installation(new_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite installation of its own, migrated under the key of the tests."""
    folder = tmp_path_factory.mktemp("installation")
    shutil.copyfile(new_database, folder / "portal.sqlite3")
    return folder


SITE = [sys.executable, "-c", "import portal.wsgi"]


@pytest.mark.once
@pytest.mark.parametrize(
    "command",
    [
        SITE,
        *(
            [sys.executable, "manage.py", *words]
            for words in (
                ("migrate", "--verbosity=0"),
                ("verify_ledger",),
                ("rotate_keys",),
            )
        ),
    ],
    ids=lambda command: command[-1].split()[-1],
)
def test_a_wrong_key_ends_every_start_with_one_clear_sentence(
    installation: Path, command: list[str]
) -> None:
    stopped = run(command, installation, {"FIELD_KEYS": written(SECOND)})
    assert stopped.returncode != 0
    assert "which is not among FIELD_KEYS" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert stopped.stdout == ""


@pytest.mark.once
def test_the_right_key_starts_the_site(installation: Path) -> None:
    started = run(
        SITE, installation, {"FIELD_KEYS": f"{written(SECOND)},{os.environ['FIELD_KEYS']}"}
    )
    assert started.returncode == 0, started.stderr


# --- Making the keys ------------------------------------------------------------------------------


def wrapped() -> dict[Any, tuple[bytes, str]]:
    return {
        (model.__name__, key.pk): (bytes(key.wrapped), key.wrapped_by)
        for model in (PurposeKey, DataKey)
        for key in model.objects.all()
    }


@pytest.mark.usefixtures("under_the_first")
def test_making_keys_again_changes_nothing() -> None:
    before = wrapped()
    assert {key for _, key in before} == set(Purpose)
    keyring.make_missing_keys()
    call_command("migrate", verbosity=0)
    assert wrapped() == before


@pytest.mark.usefixtures("under_the_first")
def test_a_new_installation_gets_a_key_for_each_purpose() -> None:
    PurposeKey.objects.all().delete()
    keyring.make_missing_keys()
    assert set(PurposeKey.objects.values_list("purpose", flat=True)) == set(Purpose)
    make_inquiry()
    PurposeKey.objects.all().delete()
    with pytest.raises(KeyRefused, match="Restore it from a backup"):
        keyring.make_missing_keys()


@pytest.mark.usefixtures("under_the_first")
def test_no_keys_are_made_beside_those_that_do_not_open() -> None:
    before = wrapped()
    with field_keys(SECOND), pytest.raises(KeyRefused, match="not among FIELD_KEYS"):
        keyring.make_missing_keys()
    assert wrapped() == before


@pytest.mark.usefixtures("under_the_first")
@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_that_requests_depend_on_is_not_quietly_replaced(purpose: Purpose) -> None:
    """With another key every chain would look changed, and no search would find anybody."""
    make_inquiry()
    PurposeKey.objects.filter(purpose=purpose).delete()
    with pytest.raises(KeyRefused):
        keyring.make_missing_keys()


@pytest.mark.django_db(transaction=True)
def test_two_who_migrate_at_once_make_one_set_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    PurposeKey.objects.all().delete()
    both, make = threading.Barrier(2), encryption.new_key

    def new_key_after_both_have_looked() -> bytes:
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return make()

    monkeypatch.setattr(encryption, "new_key", new_key_after_both_have_looked)
    together(2, lambda number: keyring.make_missing_keys())
    assert PurposeKey.objects.count() == len(Purpose)
    keyring.check_keys()


# --- Rotation -------------------------------------------------------------------------------------


def rotate() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("rotate_keys", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def assert_all_is_valid(count: int) -> None:
    """Sealed values, index, chains and receipts, under the FIELD_KEYS of now."""
    keyring.check_keys()
    for inquiry in Inquiry.objects.exclude(state=State.ERASED):
        assert inquiry.full_name == "Ana Example"
    _, found = lookup.find_inquiries("Ana Example")
    assert len(found) == min(count, lookup.MAX_RESULTS)
    assert verify_ledger().faults == []


@pytest.mark.usefixtures("under_the_first")
def test_rotation_wraps_every_key_anew_and_touches_nothing_that_was_sealed() -> None:
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
def test_three_keys_come_and_go_one_after_another() -> None:
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
    # Back to an older one, where the newest was lost to somebody.
    with field_keys(FIRST, THIRD):
        rotate()
    with field_keys(FIRST):
        assert_all_is_valid(3)


@pytest.mark.usefixtures("under_the_first")
def test_a_rotation_stopped_between_batches_goes_on_from_there(
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
def test_a_rotation_killed_within_a_batch_leaves_that_batch_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, *_ = [make_inquiry().data_key.wrapped_by for _ in range(3)]
    wrap, wrapped_so_far = encryption.wrap, []

    def die_at_the_second(key: bytes, *, context: str) -> bytes:
        wrapped_so_far.append(context)
        if len(wrapped_so_far) == 5:  # three purposes, and one request
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
def test_requests_come_in_and_are_erased_while_keys_are_rotated(
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
def test_a_key_destroyed_while_it_is_wrapped_anew_does_not_come_back(
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
def test_a_rotation_that_meets_a_key_it_cannot_open_says_which() -> None:
    inquiry = make_inquiry()
    with field_keys(THIRD, SECOND), pytest.raises(CommandError, match="not among FIELD_KEYS"):
        rotate()
    DataKey.objects.filter(pk=inquiry.pk).update(wrapped=b"\x01" + bytes(60))
    with field_keys(SECOND, FIRST), pytest.raises(CommandError, match=str(inquiry.pk)):
        rotate()


@pytest.mark.usefixtures("under_the_first")
def test_what_was_chained_before_a_rotation_binds_what_comes_after(coordinator: User) -> None:
    inquiry = make_inquiry()
    with field_keys(SECOND, FIRST):
        rotate()
    with field_keys(SECOND):
        events.record_reading(inquiry, by=coordinator)
        audit_trail.record_entry(AuditEntry.Kind.SEARCHED, by=coordinator, by_what="name", found=1)
        findings = verify_ledger()
        assert (findings.faults, findings.events) == ([], 2)
