"""Somebody outside is told when something is wrong, even if mail and worker are what is wrong."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from inquiries.models import Inquiry
from inquiries.states import Urgency
from portal.config import addresses
from portal.watch import alarms
from tests.deploy.machines import wait_until
from tests.factories import make_inquiry
from tests.portal import real_site
from tests.portal.real_site import SECRET


class Receiver:
    """A chat program or a pager: keeps what it is sent, and fails when told to."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.raw = b""
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 200:
                    receiver.messages.append(json.loads(body))
                receiver.raw += str(self.headers).encode() + body
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token-of-the-room"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@contextmanager
def hours_later(hours: float) -> Iterator[None]:
    now = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.monotonic", lambda: now + hours * 3600)
        yield


def test_a_trouble_rings_when_it_lasts_and_once_it_is_over(receiver: Receiver) -> None:
    alarm = alarms.Alarm(receiver.url)
    alarm.consider([])
    alarm.consider(["worker"])
    assert not receiver.messages, "a restart is no alarm"
    alarm.consider(["worker", "mail"])
    alarm.consider(["worker", "mail"])
    alarm.consider(["worker", "mail"])
    alarm.consider([])
    alarm.consider([])
    alarm.consider([])
    assert [(each["state"], each["troubles"]) for each in receiver.messages] == [
        ("alarm", ["worker"]),
        ("alarm", ["worker", "mail"]),
        ("over", []),
    ]
    assert receiver.messages[0]["text"].endswith(": worker")
    assert receiver.messages[2]["text"].endswith(": all is well again")


def test_a_trouble_that_goes_on_rings_again_every_hour(receiver: Receiver) -> None:
    alarm = alarms.Alarm(receiver.url)
    for hours in (0, 0.1, 0.9, 1.2, 1.5, 2.3):
        with hours_later(hours):
            alarm.consider(["mail"])
    assert len(receiver.messages) == 3


def test_an_alarm_that_nobody_took_is_sent_again(receiver: Receiver) -> None:
    alarm = alarms.Alarm(receiver.url)
    receiver.status = 503
    alarm.consider(["mail"])
    alarm.consider(["mail"])
    receiver.status = 200
    alarm.consider(["mail"])
    assert len(receiver.messages) == 1


@pytest.mark.django_db
def test_an_urgent_request_that_nobody_claimed_in_time_rings() -> None:
    inquiry = make_inquiry()
    with time_machine.travel(inquiry.due_at + timedelta(minutes=1)):
        assert alarms.UNSEEN not in alarms.find_troubles(), "a routine request is late"
        Inquiry.objects.update(urgency=Urgency.URGENT)
        assert alarms.find_troubles()[0] == alarms.UNSEEN
    with time_machine.travel(inquiry.due_at - timedelta(minutes=1)):
        assert alarms.UNSEEN not in alarms.find_troubles(), "there is still time"


@pytest.mark.once
def test_the_site_tells_of_a_dead_worker_with_nothing_about_anybody(
    receiver: Receiver, new_database: Path, tmp_path: Path
) -> None:
    on = {"PORTAL_ALARM_URL": receiver.url, "EMAIL_URL": f"file://{tmp_path / 'mail'}"}
    with real_site.running(tmp_path, "tests.portal.watch.hasty:application",
                           database=new_database, workers=2, **on) as site:  # fmt: skip
        site.ask("GET", f"/search/?q={SECRET}")
        wait_until("the alarm rings", lambda: receiver.messages)
        site.manage("work", "--once")
        wait_until(
            "it is over",
            lambda: "worker" not in receiver.messages[-1]["troubles"],
        )
    assert "worker" in receiver.messages[0]["troubles"]
    said = [each["troubles"] for each in receiver.messages]
    assert all(now != before for before, now in pairwise(said)), "one of two processes looks"
    assert SECRET.encode() not in receiver.raw
    assert receiver.messages[0].keys() == {"text", "state", "troubles", "machine", "at"}
    log = site.log.read_text()
    assert "an alarm was sent" in log
    assert "token-of-the-room" not in log


@pytest.mark.parametrize(
    ("value", "is_taken"),
    [
        ("https://chat.example.org/hooks/abc", True),
        ("http://127.0.0.1:9000/", True),
        ("http://chat.example.org/hooks/abc", False),
        ("chat.example.org", False),
        ("file:///etc/passwd", False),
    ],
)
def test_alarms_leave_the_machine_only_encrypted(
    monkeypatch: pytest.MonkeyPatch, value: str, *, is_taken: bool
) -> None:
    monkeypatch.setenv("PORTAL_ALARM_URL", value)
    if is_taken:
        assert addresses.web_address("PORTAL_ALARM_URL") == value
    else:
        with pytest.raises(ImproperlyConfigured) as refused:
            addresses.web_address("PORTAL_ALARM_URL")
        assert "abc" not in str(refused.value)
