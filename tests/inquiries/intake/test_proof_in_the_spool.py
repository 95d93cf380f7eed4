"""Security 1: the proof of who sent a form is kept in the spool too."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from inquiries import circuit_breaker, encryption, submission_history
from inquiries.intake import front_desk, proof, reception, spool
from inquiries.models import Event, Inquiry
from inquiries.states import Proof
from inquiries.submission import Sender
from tests.factories import make_submission
from tests.inquiries.intake.sendings import KEY, STRANGERS, opens, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


def broken(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("the database is down")


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(sending: Any) -> str:
        with monkeypatch.context() as while_down:
            while_down.setattr(reception, "receive_inquiry", broken)
            page: str = sending()
        circuit_breaker.DATABASE_BREAKER.reset()
        return page

    return run


def test_security_1_the_spool_keeps_the_proof_for_later_checking(sender: Client, down: Any) -> None:
    down(lambda: send(sender, phone="202-555-0199"))
    assert front_desk.replay_spool() == (1, 0)
    assert Event.objects.get(kind=Event.Kind.ADDED).detail["proof"] == Proof.CONFIRMATION


def test_security_1_a_key_alone_proves_nothing_through_the_spool(
    stranger: Client, down: Any
) -> None:
    down(lambda: send(stranger, **STRANGERS))
    assert front_desk.replay_spool() == (1, 0)
    assert submission_history.current_sending(Inquiry.objects.get()).email == "ana@example.org"
    assert not opens(stranger)


def test_security_1_an_identical_spooled_form_keeps_the_first_senders_ticket(
    client: Client, down: Any
) -> None:
    down(lambda: send(client))
    late = Client()
    down(lambda: send(late))
    assert len(spool.waiting_entries()) == 1
    front_desk.replay_spool()
    assert not opens(late)
    assert opens(client), "who sent it first gets in as soon as it is stored"


def test_security_1_an_identical_form_from_a_stranger_gives_no_access(
    stranger: Client, down: Any
) -> None:
    down(lambda: send(stranger, email="ana@example.org"))
    front_desk.replay_spool()
    assert not opens(stranger)


def test_a_spool_file_reveals_its_sender_only_with_the_key(sender: Client, down: Any) -> None:
    down(lambda: send(sender, phone="202-555-0199"))
    (path,) = spool.waiting_entries()
    shown = spool.read_entry(path).sender.shown
    assert proof.has_ticket(Inquiry.objects.get(), shown)
    assert shown.encode() not in path.read_bytes()


def test_security_1_a_stuck_entry_stays_ahead_of_later_ones(
    client: Client, down: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    down(lambda: send(client))
    stranger = Client()
    down(lambda: send(stranger, **STRANGERS))
    stored = front_desk._store
    first = spool.read_entry(spool.waiting_entries()[0])

    def fails_once(spooled: spool.SpoolEntry) -> Inquiry:
        if spooled == first:
            raise ValueError("a fault of ours")
        return stored(spooled)

    with monkeypatch.context() as at_first:
        at_first.setattr(front_desk, "_store", fails_once)
        assert front_desk.replay_spool() == (0, 2)
    assert front_desk.replay_spool() == (2, 0)
    assert opens(client)
    assert not opens(stranger)


def test_a_spool_file_keeps_its_name_when_its_key_is_renewed(
    client: Client, down: Any, settings: Any
) -> None:
    down(lambda: send(client))
    (path,) = spool.waiting_entries()
    older = path.with_name(f"{path.name[:65]}{'0' * 32}.request")
    older.write_bytes(spool._sealed(spool.read_entry(path), older.name))
    path.unlink()
    settings.FIELD_KEYS = [encryption.new_key(), *settings.FIELD_KEYS]
    assert spool.rewrap_entries() == 1
    assert front_desk.replay_spool() == (1, 0)


def test_a_spool_file_from_an_older_release_has_no_proof(down: Any) -> None:
    spooled = spool.SpoolEntry(
        submission=make_submission(),
        key=KEY,
        article="",
        topic="",
        suspicion="",
        at=timezone.now(),
        sender=Sender(),
    )
    spool.write_entry(spooled)
    assert spool.read_entry(spool.waiting_entries()[0]) == spooled
    assert json.loads(Sender(shown="a").evidence) == ["a", None]
    assert not Sender().evidence
