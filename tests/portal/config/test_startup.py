"""What the site checks once when it starts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from inquiries import encryption, keyring
from inquiries.models import AuditEntry
from portal.config import startup
from tests.concurrency import together
from tests.factories import make_inquiry
from tests.portal.real_site import PRODUCTION, REPOSITORY

pytestmark = pytest.mark.django_db

OTHER = encryption.new_key()


@pytest.fixture
def other_keys() -> Iterator[None]:
    with override_settings(FIELD_KEYS=[OTHER]):
        yield


def changes() -> list[Any]:
    entries = AuditEntry.objects.filter(kind=AuditEntry.Kind.SETTINGS_CHANGED).order_by("number")
    return [entry.detail["changed"] for entry in entries]


def test_a_changed_setting_is_recorded_once_and_only_by_name() -> None:
    startup.check_startup()
    assert changes() == [list(startup.WATCHED_SETTINGS)], "the first start knows no other"
    startup.check_startup()
    assert len(changes()) == 1
    with override_settings(STAFF_MFA_REQUIRED=True, ALLOWED_HOSTS=["secret.example"]):
        startup.check_startup()
        startup.check_startup()
    assert changes()[1:] == [["ALLOWED_HOSTS", "STAFF_MFA_REQUIRED"]]
    entry = AuditEntry.objects.latest("number")
    assert "secret.example" not in str(entry.detail)
    assert entry.details_in_words == "changed: ALLOWED_HOSTS, STAFF_MFA_REQUIRED"


def test_no_setting_is_recorded_before_there_are_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "has_keys", lambda: False)
    startup.check_startup()
    assert changes() == []


def test_keys_that_do_not_match_prevent_startup(other_keys: None) -> None:
    with pytest.raises(encryption.KeyRefused, match="which is not among FIELD_KEYS"):
        startup.check_startup()


def test_a_request_that_no_key_can_decrypt_prevents_startup() -> None:
    inquiry = make_inquiry()
    with override_settings(FIELD_KEYS=[OTHER]):
        inquiry.data_key.wrap(encryption.new_key()).save()
    with pytest.raises(encryption.KeyRefused):
        startup.check_startup()


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_together_record_one_entry() -> None:
    startup.check_startup()

    # The override applies to all threads; an override in one thread would not reach the others.
    with override_settings(RATE_LIMITS_ENABLED="changed"):
        together(4, lambda number: startup.check_startup())
    assert changes()[1:] == [["RATE_LIMITS_ENABLED"]]


@pytest.mark.once
def test_a_server_with_a_wrong_key_prints_one_sentence_and_serves_nothing(
    tmp_path: Path, new_database: Path
) -> None:
    shutil.copyfile(new_database, tmp_path / "portal.sqlite3")
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("COV", "PATH"))}
    env = {**kept, **PRODUCTION, "PORTAL_DATA_DIR": str(tmp_path)}

    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env={**env, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    wrong = {"FIELD_KEYS": "A" * 43}
    for arguments in (("-c", "import portal.wsgi"), ("manage.py", "migrate", "--verbosity", "0")):
        assert run(*arguments).returncode == 0
        stopped = run(*arguments, **wrong)
        assert stopped.returncode == 1
        (sentence,) = [line for line in stopped.stderr.splitlines() if not line.startswith("{")]
        assert sentence.startswith("The settings are not complete: Something was sealed with the")
        assert "A" * 43 not in stopped.stderr


@pytest.mark.once
def test_a_missing_database_does_not_prevent_startup(tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("COV", "PATH"))}
    started = subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"],
        cwd=REPOSITORY,
        env={**kept, **PRODUCTION, "PORTAL_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0
    assert "the database could not be asked at the start" in started.stderr
