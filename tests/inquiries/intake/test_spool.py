"""The spool keeps what the database cannot take, and stores it once the database can."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, OperationalError, connections
from django.test import Client
from django.utils import timezone

from inquiries import submission_history
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.encryption import KeyRefused
from inquiries.intake import front_desk, spool
from inquiries.intake import reception as intake
from inquiries.intake.arrival import Arrival
from inquiries.intake.spool import SpoolEntry
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Addition, Event, Inquiry
from inquiries.reference import reference_for
from inquiries.states import ErasureReason, State
from portal.models import User
from tests.concurrency import together
from tests.factories import make_article, make_category, make_submission
from tests.inquiries.intake.spooling import KEY, accept, break_the_database

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spool(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")


def test_while_the_database_works_nothing_is_spooled() -> None:
    taken = accept()
    assert taken.inquiry == Inquiry.objects.get()
    assert spool.waiting_entries() == []


@pytest.mark.parametrize(
    "error",
    [OperationalError("gone"), IntegrityError("no"), RuntimeError("a fault"), KeyRefused("no key")],
)
def test_requests_are_spooled_and_acknowledged_on_any_database_error(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    break_the_database(monkeypatch, error)
    taken = accept()
    assert taken.inquiry is None
    assert taken.reference == reference_for(KEY)
    assert len(spool.waiting_entries()) == 1


def test_spooled_requests_are_stored_later_as_if_stored_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic, article = make_category(), make_article()
    before = timezone.now() - timedelta(days=2)
    with monkeypatch.context() as broken, time_machine.travel(before, tick=False):
        break_the_database(broken)
        taken = front_desk.accept_submission(
            SpoolEntry(
                submission=make_submission(message="I have chest pain."),
                key=KEY,
                article=article.slug,
                topic=topic.slug,
            )
        )
    assert taken.urgent, "they are told to call for help at once"
    assert front_desk.replay_spool() == (1, 0)
    inquiry = Inquiry.objects.get()
    assert (inquiry.reference, inquiry.received_at) == (taken.reference, before)
    assert (inquiry.topic, inquiry.article, inquiry.urgent) == (topic, article, True)
    assert spool.waiting_entries() == []
    assert front_desk.replay_spool() == (0, 0)
    assert verify_ledger().faults == []


def test_the_same_form_sent_again_is_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    break_the_database(monkeypatch)
    assert accept().reference == accept().reference
    assert len(spool.waiting_entries()) == 1


def test_a_correction_waits_behind_what_it_corrects(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        break_the_database(broken)
        accept(message="First.")
    # The database is back, but the worker has not run yet.
    DATABASE_BREAKER.reset()
    assert accept(message="Second.").inquiry is None
    assert front_desk.replay_spool() == (2, 0)
    assert Inquiry.objects.get().message == "First."
    assert Addition.objects.get().submission.message == "Second."


def test_a_late_submission_does_not_count_as_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another machine's spool arrives late, after the sender sent again and was heard."""
    with monkeypatch.context() as broken:
        break_the_database(broken)
        accept(message="First.")
    intake.receive_inquiry(make_submission(message="Second."), Arrival(key=KEY))
    assert front_desk.replay_spool() == (1, 0)
    inquiry = Inquiry.objects.get()
    assert submission_history.current_sending(inquiry).message == "Second."
    said = {inquiry.message, *(each.submission.message for each in Addition.objects.all())}
    assert said == {"First.", "Second."}, "and nothing is lost"


def test_a_commit_with_an_unknown_outcome_is_one_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receive = intake.receive_inquiry

    def stored_and_gone(*args: Any, **kwargs: Any) -> None:
        receive(*args, **kwargs)
        raise OperationalError("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(intake, "receive_inquiry", stored_and_gone)
        taken = accept()
    assert len(spool.waiting_entries()) == 1
    assert front_desk.replay_spool() == (1, 0)
    assert Inquiry.objects.get().reference == taken.reference
    assert not Addition.objects.exists()
    assert list(Event.objects.values_list("kind", flat=True)) == ["received"]


def test_a_request_erased_meanwhile_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch, privacy: User
) -> None:
    from inquiries import privacy as erasing

    with (
        monkeypatch.context() as broken,
        time_machine.travel(timezone.now() - timedelta(minutes=1)),
    ):
        break_the_database(broken)
        accept()
    inquiry = intake.receive_inquiry(make_submission(), Arrival(key=KEY))
    erasing.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    assert front_desk.replay_spool() == (1, 0)
    assert Inquiry.objects.get().state == State.ERASED
    assert spool.waiting_entries() == []


@pytest.mark.django_db(transaction=True)
def test_workers_replaying_at_the_same_time_store_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        break_the_database(broken)
        for number in range(6):
            front_desk.accept_submission(
                SpoolEntry(submission=make_submission(), key=f"form-number-{number:010}")
            )
    together(4, lambda number: front_desk.replay_spool())
    assert Inquiry.objects.count() == 6
    assert spool.waiting_entries() == []
    assert verify_ledger().faults == []


def test_drafts_left_by_a_killed_process_are_eventually_deleted(settings: Any) -> None:
    draft = spool.folder() / f"{'0' * 64}.{'0' * 32}.request.4711-00000000"
    draft.write_bytes(b"half of it")
    front_desk.replay_spool()
    assert draft.exists(), "somebody may be at it"
    begun_at = draft.stat().st_mtime
    for seconds, is_there in ((3599, True), (3601, False)):
        with time_machine.travel(begun_at + seconds, tick=False):
            front_desk.replay_spool()
        assert draft.exists() is is_there, seconds


def test_senders_are_told_and_keep_their_text_if_nothing_can_be_saved(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "in-the-way").write_text("")
    settings.SPOOL_DIR = str(tmp_path / "in-the-way")
    settings.CLINIC = type(settings.CLINIC)(**{**vars(settings.CLINIC), "phone": "(202) 555-0123"})
    break_the_database(monkeypatch)
    form = {
        "full_name": "Ana Example",
        "phone": "(202) 555-0100",
        "message": "Every word of it.",
        "consent": "on",
    }
    answer = client.post("/care-coordinator/ask/", form)
    assert answer.status_code == 503
    assert "Every word of it." in answer.text
    assert "(202) 555-0123" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_not_every_request_tries_a_database_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def fail(*args: Any, **kwargs: Any) -> None:
        asked.append(1)
        raise OperationalError("the database is gone")

    monkeypatch.setattr(intake, "receive_inquiry", fail)
    for number in range(5):
        front_desk.accept_submission(
            SpoolEntry(submission=make_submission(), key=f"form-number-{number:010}")
        )
    assert len(asked) == 1
    assert len(spool.waiting_entries()) == 5


def test_the_worker_waits_while_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    break_the_database(monkeypatch)
    accept()
    monkeypatch.setattr(front_desk, "_is_database_down", lambda: True)
    with pytest.raises(DatabaseError):
        front_desk.replay_spool()
    assert len(spool.waiting_entries()) == 1


def test_an_entry_that_cannot_be_stored_stays_and_blocks_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        break_the_database(broken)
        for number in range(3):
            front_desk.accept_submission(
                SpoolEntry(submission=make_submission(), key=f"form-number-{number:010}")
            )
    spool.waiting_entries()[0].write_bytes(b"bytes of no kind")
    with caplog.at_level(logging.ERROR):
        assert front_desk.replay_spool() == (2, 1)
    assert Inquiry.objects.count() == 2
    assert len(spool.waiting_entries()) == 1, "for a person to look at"
    assert "a spooled request cannot be stored" in caplog.text


def test_a_form_sent_after_an_erasure_is_a_new_request(
    monkeypatch: pytest.MonkeyPatch, privacy: User
) -> None:
    from inquiries import privacy as erasing

    inquiry = intake.receive_inquiry(make_submission(), Arrival(key=KEY))
    erasing.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    with monkeypatch.context() as broken:
        break_the_database(broken)
        accept(message="I have changed my mind.")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert front_desk.replay_spool() == (1, 0)
    assert Inquiry.objects.exclude(state=State.ERASED).get().message == "I have changed my mind."


def test_an_unusable_spool_rejects_nobody_while_the_database_works(
    settings: Any,
) -> None:
    settings.SPOOL_DIR = "/proc/no/spool"
    assert accept().inquiry == Inquiry.objects.get()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_down", [False, True])
def test_rejected_entries_are_stuck_but_a_lost_database_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, is_down: bool
) -> None:
    break_the_database(monkeypatch, IntegrityError("no"))
    accept()
    if not is_down:
        assert front_desk.replay_spool() == (0, 1)
        return

    def gone(self: Any) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as down:
        down.setattr(type(connections["default"]), "ensure_connection", gone)
        with pytest.raises(IntegrityError):
            front_desk.replay_spool()
