"""The keyring: created once; without keys that fit the database, nothing starts."""

import os
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from inquiries import encryption, keyring
from inquiries.encryption import KeyRefused
from inquiries.keyring import Purpose, purpose_key
from inquiries.models import DataKey, Inquiry, PurposeKey
from portal.config import startup
from tests.concurrency import together
from tests.factories import make_inquiry
from tests.inquiries.encryption.keys import (
    FIRST,
    SECOND,
    THIRD,
    field_keys,
    run,
    wrapped,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("under_the_first")
def test_startup_rejects_keys_that_do_not_open_existing_data() -> None:
    make_inquiry()
    for wrong in ([SECOND], [SECOND, THIRD]):
        with field_keys(*wrong), pytest.raises(KeyRefused, match="not among FIELD_KEYS") as refused:
            startup.check_startup()
        assert "Add that key again, after the newest." in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("under_the_first")
def test_startup_accepts_the_key_in_any_position() -> None:
    make_inquiry()
    for right in ([FIRST], [SECOND, FIRST], [FIRST, SECOND], [THIRD, SECOND, FIRST]):
        with field_keys(*right):
            startup.check_startup()
            assert Inquiry.objects.get().full_name == "Ana Example"


@pytest.mark.usefixtures("under_the_first")
def test_even_one_request_under_an_older_key_prevents_startup_without_it() -> None:
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
def test_an_unknown_key_is_found_wherever_its_id_sorts_among_known_ids(known: int) -> None:
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
def test_the_error_contains_no_key() -> None:
    make_inquiry()
    with field_keys(SECOND), pytest.raises(KeyRefused) as refused:
        keyring.check_keys()
    for key in (FIRST, SECOND):
        assert written(key).rstrip("=") not in str(refused.value)
        assert key.hex() not in str(refused.value)


@pytest.mark.usefixtures("under_the_first")
def test_a_purpose_key_that_was_altered_or_swapped_is_rejected() -> None:
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
    """An SQLite installation of its own, migrated under the tests' key."""
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
def test_with_a_wrong_key_every_command_stops_with_one_clear_sentence(
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
def test_no_keys_are_created_while_existing_ones_do_not_open() -> None:
    before = wrapped()
    with field_keys(SECOND), pytest.raises(KeyRefused, match="not among FIELD_KEYS"):
        keyring.make_missing_keys()
    assert wrapped() == before


@pytest.mark.usefixtures("under_the_first")
@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_that_requests_depend_on_is_not_quietly_replaced(purpose: Purpose) -> None:
    """With another key, every chain would look tampered with, and searches would find nobody."""
    make_inquiry()
    PurposeKey.objects.filter(purpose=purpose).delete()
    with pytest.raises(KeyRefused):
        keyring.make_missing_keys()


@pytest.mark.django_db(transaction=True)
def test_concurrent_migrations_create_one_set_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
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
