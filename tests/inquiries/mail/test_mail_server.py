"""How each reply of a real mail server affects the mail."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from inquiries.models import Delivery, Event
from inquiries.worker import worker
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db

#: Not a reply: the connection drops.
LOST = ""


@contextmanager
def mail_server(settings: Any, **answers: str) -> Iterator[list[str]]:
    """Yield the messages received. `answers` replaces the replies to `rcpt`, `data`, `text`."""
    texts: list[str] = []
    says = {"rcpt": "250 ok", "data": "354 go on", "text": "250 taken", **answers}

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].lower()
                if not self.say(says.get(word, "221 bye" if word == "quit" else "250 ok")):
                    return
                if word == "data" and says["data"].startswith("354"):
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += self.rfile.readline()
                    texts.append(text.decode())
                    if not self.say(says["text"]):
                        return

        def say(self, answer: str) -> bool:
            if answer:
                self.wfile.write(f"{answer}\r\n".encode())
            return bool(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.socket.getsockname()
        try:
            yield texts
        finally:
            server.shutdown()


def send_twice() -> Delivery:
    """Send as the worker does, now and two days later."""
    for days in (0, 2):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            worker._send_mails()
    return Delivery.objects.get()


@pytest.mark.parametrize(
    "answers",
    [
        {"text": "554 5.7.1 we take no such text"},
        {"text": "552 5.3.4 too long"},
        {"text": "550 5.7.1 policy"},
        {"data": "554 no valid recipients"},
    ],
)
def test_a_5xx_after_data_is_final_reported_and_not_retried(
    settings: Any, answers: dict[str, str]
) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    with mail_server(settings, **answers) as texts:
        delivery = send_twice()
    assert len(texts) <= 1
    assert (delivery.state, delivery.attempts) == (Delivery.State.FAILED, 1)
    inquiry.refresh_from_db()
    assert inquiry.undelivered_at
    assert inquiry.events.filter(kind=Event.Kind.UNDELIVERED).count() == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"text": "451 4.3.0 try again"},
        {"text": "421 4.3.2 going down"},
        {"data": "450 not now"},
        {"rcpt": "450 4.2.1 grey"},
    ],
)
def test_a_4xx_is_retried(settings: Any, answers: dict[str, str]) -> None:
    make_inquiry(contact_method="email", email="ana@example.org")
    with mail_server(settings, **answers):
        delivery = send_twice()
    assert (delivery.state, delivery.attempts) == (Delivery.State.WAITING, 2)


def test_a_connection_lost_after_data_is_retried_as_the_same_email(settings: Any) -> None:
    make_inquiry(contact_method="email", email="ana@example.org")
    with mail_server(settings, text=LOST) as texts:
        assert send_twice().state == Delivery.State.WAITING
    first, second = ({line for line in each.splitlines() if "Message-ID" in line} for each in texts)
    assert first == second != set()


def test_an_accepted_email_is_sent_even_if_the_server_hangs_up_silently(settings: Any) -> None:
    make_inquiry(contact_method="email", email="ana@example.org")
    with mail_server(settings, quit=LOST) as texts:
        assert send_twice().state == Delivery.State.SENT
    assert len(texts) == 1
