"""The doctor tests what production needs, and says what is wrong and how to fix it."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from inquiries import wall_clock
from inquiries.intake import spool
from inquiries.models import BounceCount, Job
from portal import doctor
from portal.config.clinic import TOLD_BY_CLINIC
from portal.database import condition
from portal.database.condition import ConnectionCounts
from portal.doctor import cache
from tests.factories import make_submission
from tests.portal.real_site import PRODUCTION, REPOSITORY

pytestmark = pytest.mark.django_db

#: Everything that only the clinic can say about itself.
TOLD = dict.fromkeys(TOLD_BY_CLINIC, "We say who we are.")


@pytest.fixture(autouse=True)
def _all_is_well(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    settings.RETURN_ADDRESS = "bounce@bounces.portal.example"
    settings.CLINIC = replace(settings.CLINIC, **TOLD, translations={"es": TOLD})
    settings.STAFF_MFA_REQUIRED = settings.HTTPS = True
    # Nobody listens there, and nobody is asked for its address.
    settings.PORTAL_URL = "https://127.0.0.1:1"
    settings.BACKUP_MARK = str(tmp_path / "backup")
    settings.MEDIA_ROOT, settings.ANCHORS_FILE = str(tmp_path), str(tmp_path / "anchors.jsonl")
    (tmp_path / "backup").touch()
    tmp_path.chmod(0o700)
    Job.objects.create(name="worker", due_at=timezone.now(), done_at=timezone.now())


def problems() -> set[str]:
    """Leave out that nobody listens, and that the tests use PostgreSQL as its superuser."""
    wrong = {result.check for result in doctor.run_checks() if result.problem}
    return wrong - {"site can be reached", "database role is no superuser"}


@pytest.mark.once
def test_all_checks_say_ok_and_exit_with_0_on_a_healthy_site(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("doctor", "--json")
    told = json.loads(capsys.readouterr().out)
    assert [each["check"] for each in told] == list(doctor.all_checks())
    verdicts = {each["check"]: each["verdict"] for each in told}
    assert verdicts.pop("site can be reached") == "advice"
    assert set(verdicts.values()) == {"ok", "untried"}
    call_command("doctor")
    assert capsys.readouterr().out.splitlines()[0] == "ok       data folder can be written"


@pytest.mark.once
def test_problems_come_with_instructions_and_exit_status_1(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_IS_SET = False
    with pytest.raises(CommandError, match="1 of"):
        call_command("doctor", "--json")
    told = json.loads(capsys.readouterr().out)
    wrong = [each for each in told if each["verdict"] == "problem"]
    assert wrong == [
        {
            "check": "mail can be sent",
            "verdict": "problem",
            "what": "No mail server is set. Mail is waiting.",
            "what_to_do": "Set EMAIL_URL.",
        }
    ]


def test_a_data_folder_readable_by_others_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert problems() == {"data folder is private"}


def test_a_file_in_place_of_a_folder_is_reported(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = str(tmp_path / "file")
    assert "spool can be written" in problems()
    settings.DATA_DIR = tmp_path / "file"
    assert "data folder can be written" in problems()


def test_a_silent_worker_or_one_from_the_future_is_reported() -> None:
    for days in (-1, 1):
        Job.objects.update(done_at=timezone.now() + timedelta(days=days))
        assert problems() == {"worker is alive"}
    Job.objects.all().delete()
    assert problems() == {"worker is alive"}


def test_clocks_that_disagree_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    right = timezone.now()
    monkeypatch.setattr(wall_clock, "database_now", lambda: right)
    with time_machine.travel(right + timedelta(minutes=2)):
        assert problems() == {"clocks agree"}


def test_a_read_only_database_is_reported(
    monkeypatch: pytest.MonkeyPatch, client: Client, settings: Any
) -> None:
    monkeypatch.setattr(condition, "is_read_only", lambda: True)
    assert problems() == {"database takes changes"}
    assert client.get("/healthz/ready").text == "degraded: database is read-only"


def test_too_few_connections_are_reported(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    pool = {"max_size": 8}
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "pool", pool)
    for used, most, processes in ((97, 100, 3), (3, 10, 0), (20, 100, 12)):
        counts = ConnectionCounts(used, most, processes, machines=1)
        monkeypatch.setattr(condition, "connection_counts", lambda counts=counts: counts)
        assert problems() == {"database has connections left"}
    counts = ConnectionCounts(90, 100, processes=11, machines=1)
    monkeypatch.setattr(condition, "connection_counts", lambda: counts)
    assert not problems()


def test_a_cache_that_stores_nothing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "is_cache_answering", lambda: False)
    assert problems() == {"cache answers"}


def test_a_mail_server_that_refuses_connections_is_reported(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert problems() == {"mail can be sent"}


def test_requests_waiting_in_the_spool_are_reported(settings: Any) -> None:
    spool.write_entry(spool.SpoolEntry(submission=make_submission(), key="one-form-on-one-screen"))
    assert not problems()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert problems() == {"requests do not wait in the spool"}


@pytest.mark.once
@pytest.mark.parametrize("url", ["", "postgresql://nobody@127.0.0.1:1/none"])
def test_the_other_checks_still_run_without_a_database(tmp_path: Path, url: str) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=REPOSITORY,
        env={
            **PRODUCTION,
            "PATH": "/usr/bin:/bin",
            "PORTAL_DATA_DIR": str(tmp_path / "new"),
            "DATABASE_URL": url,
            "PORTAL_URL": "https://127.0.0.1:1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    verdicts = dict(re.findall(r"^(.{8}) (\S.*)$", ran.stdout, re.MULTILINE))
    assert verdicts.keys() >= {"ok      ", "problem "}
    lines = ran.stdout.splitlines()
    answers = "problem  database answers" if url else "problem  database is migrated"
    assert answers in lines
    assert "ok       cache answers" in lines


@pytest.mark.once
def test_what_the_clinic_has_not_said_about_itself_is_advice_and_no_failure(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CLINIC = replace(
        settings.CLINIC, funding="", translations={"es": {**TOLD, "about": ""}}
    )
    call_command("doctor", "--json")
    told = json.loads(capsys.readouterr().out)
    said = next(each for each in told if each["check"] == "clinic says who it is")
    assert said["verdict"] == "advice"
    assert "CLINIC_ABOUT_ES, CLINIC_FUNDING not set" in said["what"]
    call_command("doctor")
    assert "advice   clinic says who it is" in capsys.readouterr().out


def test_unread_bounces_are_advice(settings: Any) -> None:
    BounceCount.objects.create(day=timezone.now().date(), result="forged", count=9)
    BounceCount.objects.create(day=timezone.now().date() - timedelta(8), result="failed", count=9)
    assert "bounces are read" not in problems()
    BounceCount.objects.create(day=timezone.now().date(), result="unsigned", count=1)
    [told] = [each for each in doctor.run_checks() if each.check == "bounces are read"]
    assert told.problem
    assert told.problem.what.startswith("10 emails came back")
    assert not told.is_wrong
    BounceCount.objects.create(day=timezone.now().date(), result="repeated", count=1)
    assert "bounces are read" not in problems()
    settings.RETURN_ADDRESS = ""
    [told] = [each for each in doctor.run_checks() if each.check == "bounces are read"]
    assert told.as_json()["verdict"] == "advice"
