"""The worker reads the mailbox of bounces: each mail is deleted only after it is stored."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error

from inquiries.mail import bounces
from inquiries.models import Delivery, Event, Job
from inquiries.worker import bounce_mailbox, jobs, worker
from inquiries.worker.bounce_messages import MOST_BYTES
from portal.config.addresses import Mailbox
from tests.inquiries.mail import bounced
from tests.inquiries.mail.bounced import DOMAIN, send_confirmation
from tests.inquiries.worker.imap_server import Box, make_certificate, serve

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def box(settings: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_IS_SET = True
    settings.RETURN_ADDRESS = f"bounce@{DOMAIN}"
    with serve(Box(), certificate) as box:
        settings.BOUNCE_MAILBOX = Mailbox("127.0.0.1", box.port, "bounces", "right", "INBOX")
        yield box


def read() -> bool:
    worker._do_jobs(["bounces"])
    job = Job.objects.get(name="bounces")
    Job.objects.all().delete()
    return job.went_well


def test_a_bounce_is_stored_and_then_deleted(box: Box) -> None:
    inquiry, address = send_confirmation()
    box.add(bounced.postfix(address))
    box.add(bounced.vacation(address))
    assert read()
    assert box.messages == {}
    assert inquiry.deliveries.get().failure == "full"
    assert bounces.count_recent(1) == {"failed": 1, "auto_reply": 1}
    assert Event.objects.filter(kind=Event.Kind.UNDELIVERED).count() == 1


def test_what_may_be_a_persons_answer_is_left_for_a_person(box: Box) -> None:
    _, address = send_confirmation()
    for to in ("no-reply@portal.example", address):
        box.add(f"From: ana@example.com\nTo: {to}\nSubject: Please call me\n\nToday.".encode())
    assert read()
    assert box.flags == {1: {"\\Seen"}, 2: {"\\Seen"}}
    assert read()
    assert bounces.count_recent(1) == {"unsigned": 1, "other": 1}, "they are looked at once"


def test_a_bounce_that_cannot_be_stored_stays(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    _, address = send_confirmation()
    box.add(bounced.gmail(address))

    def fail(bounce: object) -> None:
        raise Error

    with monkeypatch.context() as patch:
        patch.setattr(bounce_mailbox, "take_bounce", fail)
        with pytest.raises(Error):
            worker._do_jobs(["bounces"])
    assert box.flags == {1: set()}
    Job.objects.all().delete()
    assert read()
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_of_a_huge_mail_only_the_beginning_is_fetched(box: Box) -> None:
    _, address = send_confirmation()
    box.add(bounced.gmail(address) + b"x" * 20_000_000)
    assert read()
    assert any(f"<0.{MOST_BYTES}>" in each for each in box.commands)
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_one_run_takes_a_limited_number(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounce_mailbox, "_MOST_MESSAGES", 2)
    for _ in range(3):
        box.add(b"Subject: hello\n\nhello")
    assert read()
    assert len(box.unseen) == 1
    monkeypatch.setattr(bounce_mailbox, "_LONGEST_RUN", -1.0)
    assert read()
    assert len(box.unseen) == 1, "the next run goes on"


def test_a_mail_that_somebody_deletes_meanwhile_is_passed_over(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.add(b"Subject: hello\n\nhello")
    monkeypatch.setattr(Box, "unseen", property(lambda self: [7]))
    assert read()
    assert bounces.count_recent(1) == {}


@pytest.mark.parametrize(
    ("drops_at", "mistake"),
    [
        ("LOGIN", {}),
        ("UID FETCH", {}),
        ("UID STORE", {}),
        ("", {"password": "wrong"}),
        ("", {"folder": 'a "folder'}),
    ],
)
def test_a_server_that_refuses_or_drops_is_a_failed_job_and_logs_no_secret(
    box: Box,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    drops_at: str,
    mistake: dict[str, str],
) -> None:
    _, address = send_confirmation()
    box.add(bounced.gmail(address))
    box.drops_at, right = drops_at, settings.BOUNCE_MAILBOX
    settings.BOUNCE_MAILBOX = right._replace(**mistake)
    assert not read()
    assert box.unseen == [1]
    assert not any(each in caplog.text for each in ("right", "wrong", "folder"))
    box.drops_at, settings.BOUNCE_MAILBOX = "", right
    assert read()
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_a_mailbox_that_keeps_everything_is_a_failed_job(box: Box) -> None:
    _, address = send_confirmation()
    box.add(bounced.gmail(address))
    box.is_read_only = True
    assert not read()
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_security_9_a_server_without_a_valid_certificate_gets_no_password(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert not read()
    assert box.commands == []


def test_without_a_mailbox_there_is_nothing_to_read(settings: Any) -> None:
    settings.BOUNCE_MAILBOX = None
    assert jobs._read_bounces()


def run_command(raw: bytes, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("take_bounce", *words, stdout=out)
    return out.getvalue()


def test_a_mail_servers_pipe_takes_one_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_IS_SET, settings.RETURN_ADDRESS = True, f"bounce@{DOMAIN}"
    inquiry, address = send_confirmation()
    assert run_command(bounced.exim("lists@example.com"), monkeypatch) == "unsigned\n"
    raw = bounced.exim("lists@example.com") + b"x" * 3_000_000
    assert run_command(raw, monkeypatch, "--recipient", address) == "failed\n"
    assert run_command(bounced.exim(address), monkeypatch) == "repeated\n"
    assert inquiry.deliveries.get().failure == "no_address"


def test_a_pipe_is_told_to_try_again_if_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(bounce: object) -> None:
        raise Error

    monkeypatch.setattr("inquiries.management.commands.take_bounce.take_bounce", fail)
    with pytest.raises(CommandError) as refused:
        run_command(bounced.exim("lists@example.com"), monkeypatch)
    assert refused.value.returncode == 75
