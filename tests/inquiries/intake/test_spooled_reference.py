"""What a sender was told about a spooled request stays true, whatever changes meanwhile."""

import json
from pathlib import Path
from typing import Any

import pytest

from inquiries import encryption
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.intake import front_desk, spool
from inquiries.intake.spool import SpoolEntry
from inquiries.models import Addition, Inquiry
from inquiries.reference import reference_for
from inquiries.submission import Sender
from tests.factories import make_submission
from tests.inquiries.intake.spooling import KEY, accept, break_the_database

pytestmark = pytest.mark.django_db
ANOTHER = "another-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _spool(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")


def test_a_senders_reference_survives_a_secret_key_change_while_spooled(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    sender = Sender(ticket="t" * 32)
    with monkeypatch.context() as broken:
        break_the_database(broken)
        told = front_desk.accept_submission(
            SpoolEntry(submission=make_submission(), key=KEY, sender=sender)
        )
    settings.SECRET_KEY = ANOTHER
    assert reference_for(KEY) != told.reference
    assert front_desk.replay_spool() == (1, 0)
    inquiry = Inquiry.objects.get()
    assert (inquiry.reference, inquiry.page_code) == (told.reference, told.page_code)


def test_resending_after_the_change_gives_the_same_reference(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    with monkeypatch.context() as broken:
        break_the_database(broken)
        first = accept(message="First.")
        settings.SECRET_KEY = ANOTHER
        assert accept(message="First.").reference == first.reference
        assert accept(message="Second.").reference == first.reference
    DATABASE_BREAKER.reset()
    assert front_desk.replay_spool()[1] == 0
    assert Inquiry.objects.get().reference == first.reference
    assert [each.submission.message for each in Addition.objects.all()] == ["Second."]


def test_an_older_releases_file_without_a_reference_is_still_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal = encryption.seal

    def forget(said: str, **context: Any) -> bytes:
        kept = json.loads(said)
        del kept["reference"], kept["page_code"]
        return seal(json.dumps(kept), **context)

    with monkeypatch.context() as older:
        older.setattr(encryption, "seal", forget)
        spool.write_entry(SpoolEntry(submission=make_submission(), key=KEY))
    assert front_desk.replay_spool() == (1, 0)
    assert Inquiry.objects.get().reference == reference_for(KEY)


def test_a_file_without_a_reference_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = SpoolEntry(submission=make_submission(), key=KEY)
    assert not entry.reference
    spool.write_entry(entry)
    assert spool.told_reference(KEY) == ""
