"""After a restore, nothing is mailed twice, erasures are repeated, and what is missing is named."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from inquiries import encryption, journal
from inquiries.intake import front_desk
from inquiries.ledger import anchors, restarts
from inquiries.ledger.verification import verify_ledger
from inquiries.models import (
    AuditEntry,
    DataKey,
    Delivery,
    Event,
    Inquiry,
    MissingRequest,
    Notice,
    Restoration,
)
from inquiries.private_page import correspondence
from inquiries.recovery import noticing, restoring
from inquiries.states import State
from inquiries.worker import health
from inquiries.worker import worker as working
from portal import doctor
from portal.doctor import worker as checks
from portal.models import Role, User
from tests.factories import make_delivery, make_inquiry, make_notice, make_restoration, make_staff
from tests.inquiries.intake.spooling import accept, break_the_database
from tests.inquiries.ledger.tampering import erase
from tests.inquiries.recovery.conftest import Lose

pytestmark = pytest.mark.django_db


def make_owners_notice() -> Notice:
    owner = make_staff(Role.COORDINATOR, email="colleague@example.org")
    return make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))


def after_restore(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    call_command("after_restore", *words)
    return capsys.readouterr().out.splitlines()


def test_mails_sent_since_the_backup_are_not_sent_again_and_the_rest_is_held(
    lose: Lose, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, notice = make_delivery(), make_owners_notice()
    with lose():
        working.work_once()
        make_inquiry()
    assert len(mail.outbox) == 2
    held = make_delivery()
    working.work_once()
    assert len(mail.outbox) == 2, "the worker has noticed by itself"

    told = after_restore(capsys)
    assert "2 waiting emails had been sent already, and won't be sent again" in told
    for each in (sent, notice):
        each.refresh_from_db()
        assert each.state == "sent"
    working.work_once()
    assert len(mail.outbox) == 2
    assert "restored" in set(health.check_health().troubles)
    new = make_delivery()
    working.work_once()
    assert len(mail.outbox) == 3, "what came after the restore goes out"
    new.refresh_from_db()
    assert new.state == Delivery.State.SENT

    assert after_restore(capsys, "--release") == ["1 emails released"]
    working.work_once()
    held.refresh_from_db()
    assert (len(mail.outbox), held.state) == (4, Delivery.State.SENT)
    assert "restored" not in set(health.check_health().troubles)


def test_a_later_mail_with_the_same_id_is_another_mail(lose: Lose) -> None:
    with lose():
        first = make_delivery()
        working.work_once()
    second = make_delivery()
    Delivery.objects.filter(pk=second.pk).update(id=first.pk)
    again = Delivery.objects.get()
    assert again.pk == first.pk
    assert restoring.settle_sent_mails(journal.read_entries()) == 0


def test_a_request_that_comes_back_from_the_spool_is_not_confirmed_twice(
    lose: Lose, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outside: Path
) -> None:
    with monkeypatch.context() as down:
        break_the_database(down)
        told = accept(contact_method="email", email="ana@example.org")
    (path,) = (outside / "spool").iterdir()
    content = path.read_bytes()
    with lose():
        working.work_once()
    assert len(mail.outbox) == 1
    path.write_bytes(content)
    assert "1 requests stored from the spool" in after_restore(capsys)
    restoring.release_mails(by=None)
    working.work_once()
    assert len(mail.outbox) == 1
    assert Inquiry.objects.get().reference == told.reference
    assert not MissingRequest.objects.exists()


def test_what_was_erased_since_the_backup_is_erased_again_for_the_same_reason(
    lose: Lose, privacy: User, capsys: pytest.CaptureFixture[str]
) -> None:
    inquiry, other = make_inquiry(), make_inquiry()
    with lose():
        erase(inquiry, by=privacy)
    assert "1 requests erased again" in after_restore(capsys)
    inquiry.refresh_from_db()
    assert inquiry.state == State.ERASED
    assert list(DataKey.objects.values_list("pk", flat=True)) == [other.pk]
    event = inquiry.events.get(kind=Event.Kind.ERASED)
    assert event.detail == {"reason": "asked", "repeated": True}
    assert event.headline == "Erased", "the sender did not do it"
    assert "0 requests erased again" in after_restore(capsys)


def test_a_request_received_after_an_erasure_is_not_erased_for_it(
    lose: Lose, privacy: User
) -> None:
    with lose():
        erase(make_inquiry(key="one form"), by=privacy)
    again = make_inquiry(key="one form")
    assert [entry.name for entry in journal.read_entries().entries] == [again.reference] * 2
    assert restoring.finish_restore().erased == 0
    assert not MissingRequest.objects.exists()


def test_each_missing_request_is_named_and_so_is_what_a_sender_said_later(
    lose: Lose, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        there = make_inquiry()
    with lose():
        correspondence.write_message(there, text="Are you there?")
        missing = make_inquiry()
        correspondence.write_message(missing, text="It is me again.")
    told = after_restore(capsys)
    named = [line.partition(", ") for line in told if line.startswith("missing: ")]
    assert [(first, rest.partition("UTC, ")[2]) for first, _, rest in named] == [
        (f"missing: {there.reference}", "Something the sender said later is missing"),
        (f"missing: {missing.reference}", "The whole request is missing"),
    ]
    audited = AuditEntry.objects.filter(kind=AuditEntry.Kind.RESTORED)
    assert audited.get().detail == {"mails_already_sent": 0, "erased_again": 0, "missing": 2}

    again = after_restore(capsys)
    assert [line for line in again if line.startswith("missing: ")] == [
        line for line in told if line.startswith("missing: ")
    ]
    assert (audited.count(), MissingRequest.objects.count(), Restoration.objects.count()) == (
        *(1, 2, 1),
    )


def test_a_restore_is_over_once_its_mails_are_released(lose: Lose, privacy: User) -> None:
    with lose():
        make_inquiry()
        erase(make_inquiry(), by=privacy)
    assert noticing.notice_restore(is_thorough=True)
    restoring.finish_restore()
    restoring.release_mails(by=privacy)
    working.work_once()
    assert not Restoration.objects.open().exists()
    with lose():
        make_inquiry()
    assert noticing.notice_restore(is_thorough=True), "the next one is noticed as well"


def test_a_request_in_the_spool_is_not_missing_and_a_lost_spool_file_is(
    monkeypatch: pytest.MonkeyPatch, outside: Path
) -> None:
    with monkeypatch.context() as down:
        break_the_database(down)
        told = accept()
    monkeypatch.setattr(front_desk, "replay_spool", lambda: (0, 1))
    restoring.finish_restore()
    assert not MissingRequest.objects.exists()
    (path,) = (outside / "spool").iterdir()
    path.unlink()
    restoring.finish_restore()
    assert MissingRequest.objects.get().reference == told.reference


def test_mails_that_the_database_knows_nothing_of_are_counted(
    lose: Lose, capsys: pytest.CaptureFixture[str]
) -> None:
    make_delivery()
    working.work_once()
    with lose():
        make_delivery()
        make_notice()
        working.work_once()
    assert any(line.startswith("1 emails to senders went out") for line in after_restore(capsys))


def test_only_anchors_jobs_and_mail_wait_for_after_restore_and_requests_do_not(
    lose: Lose, monkeypatch: pytest.MonkeyPatch, outside: Path
) -> None:
    working.work_once()
    with lose():
        make_inquiry()
        anchors.write_anchor()
        make_inquiry()
        anchors.write_anchor()
    with monkeypatch.context() as down:
        break_the_database(down)
        accept()
    working.work_once()
    assert Inquiry.objects.count() == 1, "the spool is emptied all the same"
    assert Restoration.objects.get().done_at is None
    lines = (outside / "anchors.jsonl").read_bytes()
    with pytest.raises(CommandError, match="after_restore"):
        call_command("anchor_ledger")
    assert lines == (outside / "anchors.jsonl").read_bytes()
    restoring.finish_restore()
    assert verify_ledger().faults == []


def test_the_worker_compares_the_whole_journal_once_and_the_anchors_each_round(lose: Lose) -> None:
    with lose():
        make_inquiry()
    assert noticing.notice_restore(is_thorough=False) is None
    found = noticing.notice_restore(is_thorough=True)
    assert found == noticing.notice_restore(is_thorough=False) == Restoration.objects.get()


def test_a_whole_database_is_not_taken_for_a_restored_one(
    django_capture_on_commit_callbacks: Any, privacy: User, outside: Path, settings: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        erase(make_inquiry(), by=privacy)
        make_delivery()
        working.work_once()
    assert noticing.notice_restore(is_thorough=True) is None
    (outside / "file").touch()
    settings.JOURNAL_DIR = str(outside / "file")
    assert noticing.notice_restore(is_thorough=True) is None, "health says what is wrong"


def test_nothing_is_released_before_after_restore_has_run() -> None:
    restoration = make_restoration()
    assert restoring.release_mails(by=None) == 0
    restoration.refresh_from_db()
    assert restoration.released_at is None


def test_a_key_that_the_journal_needs_is_named(settings: Any) -> None:
    journal.record_request("CCCC-CCCC-CCCC")
    old, key_id = settings.FIELD_KEYS[0], encryption.newest_key_id()
    settings.FIELD_KEYS = [b"n" * 32]
    assert restoring.finish_restore().reading.unopened == {key_id: 1}
    settings.FIELD_KEYS = [b"n" * 32, old]
    assert restoring.finish_restore().named == 1


def test_what_went_wrong_is_said_with_exit_status_1(
    settings: Any, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.record_request("CCCC-CCCC-CCCC")
    (path,) = (outside / "journal").iterdir()
    path.write_bytes(path.read_bytes() + b"\ntorn\n0000ffff.AAAA")
    with pytest.raises(CommandError, match="Not all is well"):
        call_command("after_restore")
    for error, said in (
        (anchors.LedgerBusy, "busy"),
        (restarts.AnchorsDiffer, "anchors file"),
    ):
        with monkeypatch.context() as failing:
            failing.setattr(restarts, "restart_anchors", _fail(error))
            with pytest.raises(CommandError, match=said):
                call_command("after_restore")
    settings.JOURNAL_DIR = str(path)
    with pytest.raises(CommandError, match="journal can't be read"):
        call_command("after_restore")


def _fail(error: type[Exception]) -> Any:
    def fail() -> None:
        raise error

    return fail


def test_the_doctor_says_that_a_restore_is_not_finished(client: Client) -> None:
    make_restoration()
    assert checks.restore_is_finished()
    assert {each.check for each in doctor.run_checks() if each.problem} >= {"restore is finished"}
    assert "restored" in client.get("/healthz/ready").text


def test_a_held_notice_is_not_late(lead: User) -> None:
    make_notice()
    Notice.objects.update(due_at="2026-01-01T00:00:00Z", made_at="2026-01-01T00:00:00Z")
    assert health.check_health().notice_due_since
    make_restoration()
    assert health.check_health().notice_due_since is None
