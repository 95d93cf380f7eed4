"""Spool files are sealed, on disk before they are acknowledged, and never left behind."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from inquiries.deadlines.service_levels import answer_due_at
from inquiries.encryption import KeyRefused
from inquiries.intake import front_desk, spool
from inquiries.intake.spool import SpoolEntry
from inquiries.models import Inquiry
from tests.factories import make_submission
from tests.inquiries.intake.spooling import KEY, accept, break_the_database

pytestmark = pytest.mark.django_db

CANARY = "Wilhelmina-Quillfeather"


@pytest.fixture(autouse=True)
def _spool(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")


def test_no_readable_text_is_in_a_file_or_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    break_the_database(monkeypatch)
    accept(full_name=CANARY, message=CANARY, email=f"{CANARY}@example.org")
    (path,) = spool.waiting_entries()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert CANARY.encode() not in path.read_bytes()
    assert KEY not in path.name
    assert spool.read_entry(path).submission.full_name == CANARY


def test_a_renamed_file_cannot_be_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    break_the_database(monkeypatch)
    accept()
    (path,) = spool.waiting_entries()
    other = path.rename(path.with_name(f"{'0' * 64}.{'0' * 32}.request"))
    with pytest.raises(KeyRefused):
        spool.read_entry(other)


def test_key_rotation_covers_waiting_files(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    break_the_database(monkeypatch)
    accept()
    old, new = settings.FIELD_KEYS[0], b"n" * 32
    settings.FIELD_KEYS = [new, old]
    assert spool.rewrap_entries() == 1
    assert spool.rewrap_entries() == 0
    settings.FIELD_KEYS = [new]
    assert spool.read_entry(spool.waiting_entries()[0]).key == KEY
    settings.FIELD_KEYS = [b"x" * 32]
    with pytest.raises(KeyRefused):
        spool.check_keys()


def test_a_file_is_on_disk_before_it_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: done.append("flushed"))
    break_the_database(monkeypatch)
    accept()
    assert done == ["flushed"] * 3, "the file, its folder, and the folder of a new journal"


def test_a_failed_write_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def full(handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    break_the_database(monkeypatch)
    with pytest.raises(front_desk.NotAccepted):
        accept()
    assert list(Path(settings.SPOOL_DIR).iterdir()) == []


def test_other_files_in_the_folder_are_not_deleted() -> None:
    for name in ("anchors.jsonl", "demo.env", f"{'0' * 64}.{'0' * 32}.request.bak"):
        path = spool.folder() / name
        path.write_text("of somebody else")
        os.utime(path, (0, 0))
    (spool.folder() / "lost+found").mkdir()
    front_desk.replay_spool()
    assert len(list(spool.folder().iterdir())) == 4


def test_a_file_that_cannot_be_deleted_does_not_block_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        break_the_database(broken)
        for number in range(2):
            front_desk.accept_submission(
                SpoolEntry(submission=make_submission(), key=f"form-number-{number:010}")
            )

    def read_only(path: Path) -> None:
        raise OSError("Read-only file system")

    monkeypatch.setattr(spool, "remove_entry", read_only)
    assert front_desk.replay_spool() == (0, 2)
    assert Inquiry.objects.count() == 2


def test_finding_a_forms_key_gives_no_access_to_its_contents(client: Client) -> None:
    form = {
        "idempotency_key": "found-in-an-open-tab-1",
        "full_name": "Ana Example",
        "email": "ana@example.org",
        "contact_method": "email",
        "message": "Between you and me.",
        "consent": "on",
    }
    ask, enter = "/care-coordinator/ask/", "/care-coordinator/sent/open/"
    client.post(ask, form)
    assert client.post(enter)["Location"] == "/care-coordinator/request/"
    stranger = Client()
    stranger.post(ask, {**form, "message": "Let me in."})
    assert stranger.post(enter)["Location"] == "/care-coordinator/sent/"
    assert "Between you and me." not in stranger.get("/care-coordinator/request/").text
    corrected = {**form, "message": "Between you and me, and my sister."}
    client.post(ask, corrected)
    assert client.post(enter)["Location"] == "/care-coordinator/request/", "they may correct it"


def test_the_confirmation_hides_a_quarantine_and_its_cookie_reveals_nothing(
    client: Client,
) -> None:
    form = {
        "full_name": "Ana Example",
        "email": "ana@gmial.com",
        "message": "I have chest pain.",
        "consent": "on",
        "website": "https://spam.example",
    }
    client.post("/care-coordinator/ask/", form)
    inquiry = Inquiry.objects.get()
    page = client.get("/care-coordinator/sent/").text
    promised = answer_due_at(inquiry.received_at)
    assert inquiry.due_at < promised
    assert f"{promised:%A}" in page
    cookie = client.cookies["sent"].value
    plain = base64.urlsafe_b64decode(cookie.split(":")[0].lstrip(".") + "===")
    assert b"gmial" not in plain
    assert b"urgent" not in plain


def test_a_file_taken_by_another_worker_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        break_the_database(broken)
        accept()

    def taken(path: Path) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(spool, "read_entry", taken)
    assert front_desk.replay_spool() == (0, 0)
