"""What the worker's log says of each mail and each job: numbers and codes, no address, no text."""

import logging
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from inquiries.mail import staff_notices
from inquiries.models import Delivery, Notice
from inquiries.worker import jobs, mail_log, worker
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.mail.test_mail_server import mail_server
from tests.portal.http.log_lines import heard, lines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_lines() -> None:
    logging.getLogger("inquiries").setLevel(logging.INFO)


def said(text: str, start: str) -> list[dict[str, Any]]:
    return [line for line in lines(text) if line.get("message", "").startswith(start)]


def test_a_mail_that_was_taken_is_logged_by_its_number_and_the_servers_code(settings: Any) -> None:
    make_inquiry(email="canary@example.org")
    delivery = Delivery.objects.get()
    before = mail_log.results["sender", mail_log.SENT]
    with heard() as told, mail_server(settings):
        worker._send_mails()
    (line,) = said(told.getvalue(), "a mail")
    assert line["message"] == "a mail was sent"
    assert (line["delivery"], line["mail"], line["attempt"], line["code"]) == (
        delivery.pk,
        "acknowledgement",
        1,
        250,
    )
    assert mail_log.results["sender", mail_log.SENT] == before + 1
    assert "canary" not in told.getvalue()


@pytest.mark.parametrize(
    ("answers", "reason", "code"),
    [
        ({"rcpt": "550 no canary@example.org here"}, "refused", 550),
        ({"text": "554 canary@example.org is spam"}, "refused", 554),
        ({"mail": "451 later, canary@example.org"}, "refused", 451),
        ({"text": ""}, "unreachable", None),
    ],
)
def test_a_mail_that_was_not_taken_is_logged_with_the_servers_code(
    settings: Any, answers: dict[str, str], reason: str, code: int | None
) -> None:
    make_inquiry(email="canary@example.org")
    with heard() as told, mail_server(settings, **answers):
        worker._send_mails()
    (line,) = said(told.getvalue(), "a mail")
    assert line["message"] == "a mail was not taken"
    assert (line["delivery"], line["kind"]) == (Delivery.objects.get().pk, reason)
    assert line.get("code") == code
    assert "canary" not in told.getvalue()


def test_a_mail_that_cannot_be_written_is_logged_by_its_number(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object) -> None:
        raise RuntimeError("canary@example.org")

    make_inquiry(email="canary@example.org")
    monkeypatch.setattr("inquiries.worker.mailer._compose", fail)
    with heard() as told, mail_server(settings):
        worker._send_mails()
    (line,) = said(told.getvalue(), "a mail was not taken")
    assert (line["delivery"], line["kind"]) == (Delivery.objects.get().pk, "fault")
    assert "canary" not in told.getvalue()


def test_notices_in_one_mail_are_logged_by_the_first_and_how_many(
    settings: Any, owner: User
) -> None:
    inquiries = [make_inquiry(), make_inquiry()]
    settled: dict[str, Any] = {"state": "sent", "settled_at": timezone.now()}
    Notice.objects.update(**settled)
    Delivery.objects.update(**settled)
    for inquiry in inquiries:
        staff_notices.queue_notice(Notice.Kind.URGENT, inquiry, [owner])
    first = owner.notices.filter(state="waiting").earliest("pk")
    with heard() as told, mail_server(settings):
        worker._send_mails()
    (line,) = said(told.getvalue(), "a mail was")
    assert line["notice"] == first.pk
    assert line["count"] == 2
    assert owner.email not in told.getvalue()


def test_a_mail_that_is_no_longer_needed_is_logged(settings: Any) -> None:
    inquiry = make_inquiry(email="canary@example.org")
    type(inquiry).objects.update(email="", contact_method="phone")
    with heard() as told, mail_server(settings):
        worker._send_mails()
    assert said(told.getvalue(), "a mail was no longer needed")


def test_each_run_of_a_job_is_logged_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in jobs.JOBS:
        spec = jobs.JobSpec(jobs.JOBS[name].every, partial(str.__ne__, name, "verify"))
        monkeypatch.setitem(jobs.JOBS, name, spec)
    with heard() as told:
        worker.work_once()
    done = {line["kind"]: line["seconds"] for line in said(told.getvalue(), "a job is done")}
    assert done.keys() == jobs.JOBS.keys() - {"worker", "pages", "plans", "verify"}
    assert all(seconds >= 0 for seconds in done.values())
    assert [line["kind"] for line in said(told.getvalue(), "a job ended badly")] == ["verify"]


def test_what_runs_every_few_seconds_is_logged_only_when_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in jobs.JOBS:
        spec = jobs.JobSpec(jobs.JOBS[name].every, partial(str.__ne__, name, "plans"))
        monkeypatch.setitem(jobs.JOBS, name, spec)
    worker.work_once()
    with time_machine.travel(timezone.now() + timedelta(seconds=30)), heard() as told:
        worker.work_once()
    assert re.findall(r'"kind": "(\w+)"', told.getvalue()) == ["plans"]


def test_after_some_mails_the_other_work_gets_its_turn(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_inquiry(email="ana@example.org")
    monkeypatch.setattr(worker, "_MAILS_AT_ONCE", 1)
    with mail_server(settings):
        assert worker._send_mails(), "there may be more"
        assert not worker._send_mails()
