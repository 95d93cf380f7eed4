"""What single checks say, in the process of the tests: the rest is in test_broken_setups.py."""

import os
import secrets
import smtplib
import ssl
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import NotSupportedError, connection
from django.db.utils import ProgrammingError

from inquiries import encryption, privacy
from inquiries.models import DataKey, PurposeKey
from inquiries.states import ErasureReason
from portal import doctor
from portal.config import environment
from portal.database import condition
from portal.database.condition import Replication
from portal.doctor import cache, database, folders, keys, mail, switches
from portal.doctor.mail import trial_mail
from portal.models import Role
from tests.factories import make_inquiry, make_staff
from tests.inquiries.mail.mail_server import mail_server
from tests.inquiries.mail.test_mail_server import mail_server as refusing_server

pytestmark = pytest.mark.django_db

HIDDEN = "Ana-Example-hidden"


def what(problem: doctor.Problem | None) -> str:
    return problem.what if problem else ""


# --- A check that breaks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuntimeError(HIDDEN), "It broke: RuntimeError."),
        (ProgrammingError(HIDDEN), "The database refused a query: ProgrammingError."),
    ],
)
def test_a_check_that_breaks_hides_no_other_and_its_message_is_left_out(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> None:
        raise error

    breaks.__module__ = "portal.doctor.folders"
    monkeypatch.setitem(doctor.CHECKS, "breaks", breaks)
    results = {result.check: result for result in doctor.run_checks()}
    assert list(results) == list(doctor.all_checks())
    assert results["breaks"].is_wrong
    assert what(results["breaks"].problem) == f"This could not be checked. {says}"
    assert HIDDEN not in str(results["breaks"].as_json())


# --- Folders --------------------------------------------------------------------------------------


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.SPOOL_DIR = settings.MEDIA_ROOT = str(tmp_path / "new")
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    return tmp_path


def test_a_umask_that_lets_others_read_is_reported(own_folder: Path) -> None:
    assert folders.new_files_are_private() is None
    before = os.umask(0o022)
    try:
        assert "could read new files in the data folder" in what(folders.new_files_are_private())
    finally:
        os.umask(before)
    assert not list(own_folder.iterdir()), "no trace stays, and no folder is created"


@pytest.mark.once
def test_a_disk_that_fills_up_is_reported(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = os.statvfs(own_folder)
    assert folders.disks_have_room() is None
    monkeypatch.setattr(folders, "LEAST_ROOM", disk.f_bavail * disk.f_frsize // 5)
    advice = folders.disks_have_room()
    assert advice
    assert advice.is_advice
    assert "MB left" in advice.what
    monkeypatch.setattr(folders, "_LEAST_FILES", 10**18)
    problem = folders.disks_have_room()
    assert problem
    assert not problem.is_advice
    assert "more files only" in problem.what


def test_a_folder_that_takes_no_file_is_reported_by_the_machine_s_name(settings: Any) -> None:
    settings.MEDIA_ROOT = "/proc/self"
    problem = folders.pictures_can_be_written()
    assert problem
    assert doctor.host() in problem.what
    assert "PORTAL_MEDIA" in problem.what_to_do
    settings.DATA_DIR = Path("/proc/self")
    assert folders.new_files_are_private() is None, "another check says so"


# --- The database ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(connection.features, "minimum_database_version", (99, 1))
        patch.setattr(connection, "ensure_connection", connection.check_database_version_supported)
        with pytest.raises(NotSupportedError):
            connection.check_database_version_supported()
        assert "which needs version 99.1" in what(database.database_answers())


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Replication(is_standby=False), ""),
        (Replication(is_standby=True, seconds=59), ""),
        (Replication(is_standby=True, seconds=61), "is a standby, and 61 seconds behind"),
        (Replication(is_standby=True, is_cut_off=True), "is a standby, and 0 seconds behind"),
        (Replication(is_standby=False, replicas=(("near", 59, 64_000_000),)), ""),
        (Replication(is_standby=False, replicas=(("far", 61, 0),)), "behind: far."),
        (Replication(is_standby=False, replicas=(("far", 0, 64_000_001),)), "behind: far."),
        (Replication(is_standby=False, gone=("second",)), "replication slot second"),
        (Replication(is_standby=False, hidden=1), "can't be seen"),
    ],
)
def test_a_replica_that_is_behind_is_named(
    found: Replication, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "replication", lambda: found)
    problem = database.replicas_keep_up()
    assert says in problem.what if problem else not says


@pytest.mark.skipif("config.option.database == 'sqlite'")
def test_several_machines_with_a_cache_each_are_told_to_share_one(settings: Any) -> None:
    said = connection.get_connection_params()
    address = {name: said[name] for name in ("host", "port", "user", "dbname") if name in said}
    with psycopg.connect(**address, application_name="portal other-machine 7"):
        counted = condition.connection_counts()
        assert counted
        assert counted.machines == 2
        assert counted.processes >= 1, "and perhaps those of tests beside this one"
        problem = cache.cache_is_shared_by_machines()
        assert problem
        assert problem.is_advice
        settings.CACHE_URL = "redis://127.0.0.1:1"
        assert cache.cache_is_shared_by_machines() is None
    settings.CACHE_URL = ""
    with connection.cursor() as cursor:  # within a transaction, the server repeats what it said
        cursor.execute("SELECT pg_stat_clear_snapshot()")
    assert cache.cache_is_shared_by_machines() is None


# --- Keys -----------------------------------------------------------------------------------------


def test_the_newest_request_that_was_not_erased_is_opened() -> None:
    assert keys.newest_request_can_be_opened() is None
    make_inquiry()
    newest = make_inquiry()
    DataKey.objects.filter(pk=newest.pk).update(wrapped=encryption.wrap(bytes(32), context="x"))
    assert what(keys.newest_request_can_be_opened()).startswith(
        f"The newest request, {newest.reference}, can't be opened"
    )
    by = make_staff(Role.PRIVACY)
    privacy.erase_inquiry(newest, reason=ErasureReason.ASKED, version=newest.version, by=by)
    assert keys.newest_request_can_be_opened() is None


def test_a_purpose_key_that_does_not_open_is_named() -> None:
    PurposeKey.objects.filter(purpose="chain").update(wrapped=b"\x01" + bytes(60))
    assert "inquiries.purposekey:chain" in what(keys.field_keys_open_everything())


def test_a_secret_that_others_can_not_reach_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text("x")
    file.chmod(0o644)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(environment, "secret_files", {"SECRET_KEY": file})
    assert keys.secrets_are_private() is None


# --- Cache and mail -------------------------------------------------------------------------------


def test_a_cache_that_other_processes_do_not_see_is_reported(settings: Any) -> None:
    assert cache.cache_is_shared_by_processes() is None
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    before = settings.CACHES
    settings.CACHES = {**before, "default": memory}
    assert "each of them counts" in what(cache.cache_is_shared_by_processes())
    settings.CACHES = before


@pytest.mark.once
@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, ""),
        ({"mail": "550 no"}, "doesn't accept mail from"),
        ({"rcpt": "550 no"}, "doesn't accept mail to that address"),
        ({"data": "554 no"}, "refused the email with code 554"),
        ({"text": ""}, "refused the connection"),
    ],
)
def test_a_trial_email_says_what_the_server_refused(
    answers: dict[str, str], says: str, settings: Any
) -> None:
    settings.EMAIL_IS_SET = True
    with refusing_server(settings, **answers) as texts:
        problem = trial_mail("operator@example.org")()
    assert says in problem.what if problem else not says
    assert bool(texts) is not any(answers.values())


@pytest.mark.once
def test_mail_without_a_server_or_a_valid_certificate_is_named(settings: Any) -> None:
    settings.EMAIL_IS_SET = False
    assert "no mail server is set" in what(trial_mail("operator@example.org")())
    assert "certificate or TLS" in what(mail._explain(ssl.SSLError(1, HIDDEN)))
    refused = mail._explain(smtplib.SMTPAuthenticationError(535, HIDDEN.encode()))
    assert HIDDEN not in refused.what + refused.what_to_do


@pytest.mark.once
def test_without_a_flag_no_email_is_sent(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    with mail_server() as heard:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", heard.port
        assert mail.mail_can_be_sent() is None
        assert not heard.messages


# --- Switches -------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("is_demo", [False, True])
def test_what_is_only_for_the_demo_is_a_problem_anywhere_else(
    is_demo: bool, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    secret = os.environ["SECRET_KEY"] if is_demo else "of another"
    (tmp_path / "demo.env").write_text(f"SECRET_KEY={secret}\n")
    settings.STAFF_MFA_REQUIRED = settings.HTTPS = settings.RATE_LIMITS_ENABLED = False
    for check in (
        switches.staff_need_a_second_factor,
        switches.https_is_on,
        switches.rate_limits_are_on,
    ):
        problem = check()
        assert problem
        assert problem.is_advice is is_demo


@pytest.mark.once
def test_a_weak_secret_key_and_debug_are_problems_everywhere(settings: Any) -> None:
    settings.DEBUG, settings.SECRET_KEY = True, "a" * 60
    assert what(switches.debug_is_off())
    assert what(switches.secret_key_is_strong())
    settings.DEBUG, settings.SECRET_KEY = False, secrets.token_urlsafe(50)
    assert not what(switches.debug_is_off())
    assert not what(switches.secret_key_is_strong())
    settings.SECRET_KEY = f"django-insecure-{secrets.token_urlsafe(50)}"
    assert what(switches.secret_key_is_strong())
